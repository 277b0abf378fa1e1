"""Describing in the window: the switch, the progress, one video at a wish, and who told what."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from retake_core.library.described import ModelTold, fail_description, store_told
from retake_core.library.description import Chapter, DescribedBy, description
from retake_core.protocol import answers, indexing_events, requests
from retake_core.protocol.indexing_events import PassName
from retake_desktop.app import Desktop
from retake_desktop.engine.place import Place
from retake_desktop.library.description_dialog import DescriptionDialog
from retake_desktop.preferences.describing import DescribingPage
from tests.gui.driving import SLOW, entry, open_video

MODEL = "/models/Small-2B"
TOLD = ModelTold("Colours", "Many colours.", (Chapter(2.0, 6.0, "The red one", "It is red."),))


def opened(desktop: Desktop, qtbot: QtBot) -> DescriptionDialog:
    desktop.window.activateWindow()
    assert QTest.qWaitForWindowActive(desktop.window, SLOW)
    QTest.keySequence(desktop.window.page, "Ctrl+Shift+M")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), DescriptionDialog), timeout=SLOW)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DescriptionDialog)
    return dialog


def sent(desktop: Desktop) -> list[requests.Index]:
    """Note what indexing is asked for, and do nothing of it."""
    orders: list[requests.Index] = []

    def submit(_: object, request: requests.Job) -> int:
        if isinstance(request, requests.Index):
            orders.append(request)
        return request.id

    desktop.engine._submit = submit  # type: ignore[method-assign, assignment]
    return orders


def page(desktop: Desktop) -> DescribingPage:
    found = desktop.preferences.pages["describing"]
    assert isinstance(found, DescribingPage)
    return found


def test_the_switch_wants_a_model_and_starts_what_it_says(desktop: Desktop, qtbot: QtBot) -> None:
    orders = sent(desktop)
    desktop.preferences.open_page("describing")
    shown = page(desktop)
    assert not shown.describe.isEnabled()
    desktop.store.change(model=MODEL)
    qtbot.waitUntil(shown.describe.isEnabled, timeout=SLOW)
    assert "Small-2B" in shown.describe.accessibleDescription()
    QTest.mouseClick(shown.describe, Qt.MouseButton.LeftButton)
    assert desktop.store.settings.describe
    assert len(orders) == 1
    (item,) = [shown.list.item(row) for row in range(shown.list.count())]
    assert item.checkState() == Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked)
    assert not desktop.store.settings.describe
    assert not shown.describe.isChecked()


def test_some_folders_only(desktop: Desktop) -> None:
    sent(desktop)
    desktop.store.change(model=MODEL, describe=True)
    shown = page(desktop)
    shown.show_folders([Path("/a"), Path("/b")])
    shown.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert desktop.store.settings.describe_folders == ("/b",)
    shown.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert not desktop.store.settings.describe_folders


def test_one_video_is_described_when_a_person_wants_it(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "many.mp4")
    assert opened(desktop, qtbot).model is None, "no model is chosen"
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    dialog.close()
    desktop.store.change(model=MODEL)
    orders = sent(desktop)
    dialog = opened(desktop, qtbot)
    assert dialog.model is not None
    assert dialog.model.text() == "Describe with Small-2B"
    QTest.mouseClick(dialog.model, Qt.MouseButton.LeftButton)
    many = entry(desktop, "many.mp4").id
    qtbot.waitUntil(lambda: bool(orders), timeout=SLOW)
    assert (orders[0].describe, orders[0].first) == ((many,), (many,))


def test_what_a_model_told_is_shown_as_its_own_until_it_is_changed(desktop: Desktop, qtbot: QtBot) -> None:
    window, many = desktop.window, entry(desktop, "many.mp4").id
    desktop.store.change(model=MODEL)
    with desktop.database.writing() as connection:
        assert store_told(connection, many, MODEL, {}, TOLD)
    open_video(desktop, qtbot, "many.mp4")
    qtbot.waitUntil(lambda: window.page.reel.chapters == [(2.0, "The red one")], timeout=SLOW)
    window.actions_by_name["information"].trigger()
    qtbot.waitUntil(lambda: "Described by" in window.information.panel.view.rows, timeout=SLOW)
    rows = window.information.panel.view.rows
    assert (rows["Summary"], rows["Described by"]) == ("Many colours.", "Small-2B")
    window.information.panel.hide()
    dialog = opened(desktop, qtbot)
    assert dialog.model is None, "it is described already"
    assert "This is by Small-2B" in dialog.by.text()
    QTest.keyClicks(dialog.title, "My ")
    dialog.accept()

    def by() -> DescribedBy | None:
        with desktop.database.reading() as connection:
            return description(connection, many).by

    qtbot.waitUntil(lambda: by() == DescribedBy.HAND, timeout=SLOW)
    with desktop.database.reading() as connection:
        kept = description(connection, many)
    assert kept.chapters[0].text == "It is red.", "the sentences stay"


def test_why_a_video_was_not_described_is_told(desktop: Desktop, qtbot: QtBot) -> None:
    window, many = desktop.window, entry(desktop, "many.mp4").id
    desktop.store.change(model=MODEL)
    with desktop.database.writing() as connection:
        fail_description(connection, many, MODEL, "The model said nothing that can be used; retry.")
    open_video(desktop, qtbot, "many.mp4")
    window.actions_by_name["information"].trigger()
    qtbot.waitUntil(lambda: "Not described" in window.information.panel.view.rows, timeout=SLOW)
    window.information.panel.hide()
    dialog = opened(desktop, qtbot)
    assert "It could not be described: The model said nothing" in dialog.by.text()
    assert dialog.model is not None
    dialog.close()


def test_progress_and_failures_are_listed(desktop: Desktop) -> None:
    activity = desktop.window.activity
    sent(desktop)
    activity.index()

    def tell(*events: answers.AnyEvent) -> None:
        for event in events:
            desktop.engine.answered.emit(answers.JobEvent(id=activity._index_id, event=event))

    planned = indexing_events.DescribingPlanned(model=MODEL, videos=12, seconds=600.0, size=5_000_000)
    tell(planned, indexing_events.PassStarted(PassName.DESCRIBE, 12))
    assert activity.entries[0].title == "Videos to describe with Small-2B: 12"
    assert activity.entries[0].detail.startswith("That takes about 10:00. Their memories take 5.0 MB")
    assert activity.status == "Describing"
    tell(indexing_events.PassProgress(PassName.DESCRIBE, 0, 12, 0.0, 0.0, time_left=600.0))
    assert activity.status == "Describing: 0 of 12 videos  ·  about 10 minutes left", (
        "before the first one is done"
    )
    tell(indexing_events.DescribingFailed("/v/a.mp4", "It cannot be read."))
    assert (activity.entries[0].title, activity.entries[0].failed) == ("“a.mp4” could not be described", True)


def test_describing_waits_for_a_follow_up_and_then_has_the_model_for_itself(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = desktop.engine
    rested: list[bool] = []
    monkeypatch.setattr(engine.asker, "rest", lambda: rested.append("question" in engine.indexer.holders))
    monkeypatch.setattr(engine.asker, "submit", lambda _: None)
    engine.indexer.answered.emit(
        answers.JobEvent(id=1, event=indexing_events.PassStarted(PassName.DESCRIBE, videos=2))
    )
    assert rested == [False]
    asked = engine.ask(Place(video_id=entry(desktop, "many.mp4").id), "What happens?", 32, None, None)
    assert "question" in engine.indexer.holders
    engine._asked_enough.setInterval(1)
    engine.asker.answered.emit(answers.JobDone(id=asked))
    assert "question" in engine.indexer.holders, "another question may follow"
    assert engine.awaits_follow_up
    qtbot.waitUntil(lambda: "question" not in engine.indexer.holders, timeout=SLOW)
    assert rested == [False, True]
