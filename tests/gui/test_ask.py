"""Asking in the window, answered by a script in a real worker process."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from retake_core.library.history import Conversation, conversations, messages
from retake_core.protocol.question_outcome import AnswerState
from retake_desktop.app import Desktop
from retake_desktop.ask.citation_chip import CitationChip
from retake_desktop.engine.place import Place
from tests.gui.driving import SLOW, ask, ask_panel, assert_shows, begin_to_ask, entry, open_video
from tests.gui.scripted_asking import LINE, STAGES, TIME
from tests.support.fakes import make_clip


@pytest.fixture(autouse=True)
def _script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAKE_TEST_SCRIPT", "1")


def kept(desktop: Desktop, name: str = "short.mp4") -> list[Conversation]:
    with desktop.database.reading() as connection:
        return conversations(connection, video_id=entry(desktop, name).id)


def states(desktop: Desktop, conversation: Conversation) -> list[AnswerState]:
    with desktop.database.reading() as connection:
        return [message.state for message in messages(connection, conversation.id)]


def test_the_plan_is_told_and_can_be_changed(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_video(desktop, qtbot, "short.mp4")
    side, actions = ask_panel(desktop), desktop.window.actions_by_name
    assert not side.isVisible()
    assert side.asker.plan is None  # nobody looks yet: no worker is started for it
    assert desktop.engine.asker.pid == 0
    actions["ask"].trigger()
    assert side.box.hasFocus()
    assert "No model for questions is chosen" in side.plan.text.text()  # which is known without the worker
    assert side.choose_model.isVisible()
    qtbot.waitUntil(lambda: side.asker.plan is not None, timeout=SLOW)
    words = side.plan.text.text().replace(",", "").replace(" ", " ")
    assert words == "Looks at 1024 moments about 40 s"
    details = side.plan.text.toolTip()
    for part in ("36k of 147k tokens", "9.8 GB", "12 of what is said, 3 of what stands on the screen"):
        assert part in details
    asked: list[tuple[int, float | None, bool, bool]] = []
    plan = desktop.engine.plan

    def note(
        place: Place, question: str, frames: int, keep_ratio: float | None, words: bool, thorough: bool
    ) -> int:
        asked.append((frames, keep_ratio, words, thorough))
        return plan(place, question, frames, keep_ratio, words, thorough)

    monkeypatch.setattr(desktop.engine, "plan", note)
    side.plan.button.click()
    assert side.plan.popover.isVisible()
    side.plan.frames.setCurrentIndex(side.plan.frames.findData(256))
    side.plan.ratio.setCurrentIndex(side.plan.ratio.findData(0.5))
    QTest.mouseClick(side.plan.words, Qt.MouseButton.LeftButton, pos=QPoint(8, side.plan.words.height() // 2))
    side.plan.popover.close()
    qtbot.waitUntil(lambda: side.asker.plan is not None, timeout=SLOW)
    assert asked == [(256, 0.5, False, False)]  # of some changes in a row only the last is planned


def test_a_thorough_answer_tells_its_cost_and_marks_what_it_does_not_confirm(
    desktop: Desktop, qtbot: QtBot
) -> None:
    open_video(desktop, qtbot, "short.mp4")
    side = ask_panel(desktop)
    desktop.window.actions_by_name["ask"].trigger()
    qtbot.waitUntil(lambda: side.asker.plan is not None, timeout=SLOW)
    assert not side.plan.thorough.isChecked()
    side.plan.button.click()
    QTest.mouseClick(
        side.plan.thorough, Qt.MouseButton.LeftButton, pos=QPoint(8, side.plan.thorough.height() // 2)
    )
    side.plan.popover.close()
    qtbot.waitUntil(lambda: "Then looks again at 64 moments at most" in side.plan.text.text(), timeout=SLOW)
    exchange = ask(desktop, qtbot)
    assert [cited.confirmed for cited in exchange.citations] == [True, False]
    (view,) = side.view.views
    qtbot.waitUntil(lambda: len(view.chips) == 2, timeout=SLOW)
    sure, doubtful = view.chips
    assert sure.accessibleDescription() == ""
    assert doubtful.accessibleDescription() == "The second look does not confirm it."
    assert doubtful.accessibleDescription() in doubtful.toolTip()
    plain = CitationChip(msgspec.structs.replace(doubtful.cited, confirmed=None), "", view._thumbnails)
    qtbot.addWidget(plain)
    plain.resize(doubtful.size())
    assert plain.grab().toImage() != doubtful.grab().toImage(), "the mark can be seen, too"


def test_an_answer_leads_to_the_frames_that_it_rests_on(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    side, page = ask_panel(desktop), desktop.window.page
    path = entry(desktop, "short.mp4").path
    exchange = ask(desktop, qtbot)
    assert exchange.state == AnswerState.ANSWERED
    (view,) = side.view.views
    qtbot.waitUntil(lambda: len(view.chips) == 2, timeout=SLOW)
    assert view.answer.toPlainText().replace("\ufffc ", "") == "It is <b>green</b> at 0:12, not at 0:29."
    assert "It mentions 0:29, but none of the moments that it is based on shows that." in view.note.text()
    assert [time for _, _, time in page.reel.citations] == [TIME, 2.0]
    chain: list[QWidget] = [view.answer]  # Tab goes from the answer by what it cites to the box, and nowhere else
    while chain[-1] is not side.box:
        chain.append(chain[-1].nextInFocusChain() or side.box)
    assert [widget for widget in chain if isinstance(widget, CitationChip)] == view.chips
    assert all(side.isAncestorOf(widget) for widget in chain)
    view.chips[1].setFocus()
    QTest.keyClick(view.chips[1], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.reel.time == 2.0 and page.player.arrived, timeout=SLOW)
    assert_shows(desktop, path, 2.0)
    desktop.window.show_library()
    open_video(desktop, qtbot, "many.mp4")
    assert page.reel.citations == []
    assert side.dialogue.exchanges == []
    open_video(desktop, qtbot, "short.mp4")
    assert side.dialogue.exchanges == [exchange]
    href = f"moment:{entry(desktop, 'short.mp4').id}:{TIME}"
    side.view.views[0].answer.anchorClicked.emit(QUrl(href))
    qtbot.waitUntil(lambda: page.reel.time >= 10 and page.player.arrived, timeout=SLOW)
    assert_shows(desktop, path, TIME)
    desktop.window.actions_by_name["copy_answer"].trigger()
    copied = QGuiApplication.clipboard().text()
    assert "What is it?\n\nIt is <b>green</b> at 0:12" in copied
    assert "0:12  short" in copied


def test_an_answer_tells_which_other_computer_gave_it(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    ask(desktop, qtbot)
    ask(desktop, qtbot, "elsewhere")
    here, there = ask_panel(desktop).view.views
    qtbot.waitUntil(lambda: there._foot.text() == "Answered on WORKSTATION in 41.5 s", timeout=SLOW)
    assert here._foot.text() == "Answered in 41.5 s"


def test_a_cited_line_leads_to_where_it_is_said(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    page = desktop.window.page
    ask(desktop, qtbot)
    (view,) = ask_panel(desktop).view.views
    qtbot.waitUntil(lambda: len(view.quotes) == 2, timeout=SLOW)
    said, written = view.quotes
    assert (said.line.text, written.line.on_screen) == (LINE, True)
    assert not said.icon().isNull()
    assert LINE in said.accessibleName()
    qtbot.waitUntil(lambda: 0 < said.width() <= view.width(), timeout=SLOW)  # a long line is shortened
    QTest.mouseClick(said, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.reel.time == 6.0 and page.player.arrived, timeout=SLOW)
    desktop.window.actions_by_name["copy_answer"].trigger()
    assert f"0:06  “{LINE}”" in QGuiApplication.clipboard().text()
    (conversation,) = kept(desktop)
    with desktop.database.reading() as connection:
        (message,) = messages(connection, conversation.id)
    assert [line.text for line in message.details.lines] == [LINE, "A&B"]


def test_an_answer_about_the_library_opens_the_video(desktop: Desktop, qtbot: QtBot) -> None:
    exchange = ask(desktop, qtbot)
    view = ask_panel(desktop).view.views[0]
    qtbot.waitUntil(lambda: len(view.chips) == 2 and view.chips[0].name == "short", timeout=SLOW)
    view.chips[0].click()
    page = desktop.window.page
    qtbot.waitUntil(lambda: page.video is not None and page.player.arrived, timeout=SLOW)
    qtbot.waitUntil(lambda: not page.surface.image.isNull(), timeout=SLOW)
    assert_shows(desktop, entry(desktop, "short.mp4").path, TIME)
    assert ask_panel(desktop).dialogue.exchanges == [exchange]  # one goes on with what one was asking
    assert page.reel.citations


def test_a_question_stops_in_every_stage_and_others_go_on(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    side, actions = ask_panel(desktop), desktop.window.actions_by_name
    words = ("Loading the model", "remembered", "Looking at moment 512 of 1", "Answering")
    for stage, said in zip(STAGES, words, strict=True):
        exchange = begin_to_ask(desktop, stage)
        reached = (512, 1024) if stage == "read" else None
        qtbot.waitUntil(lambda e=exchange, s=stage, r=reached: (e.stage, e.progress) == (s, r), timeout=SLOW)  # type: ignore[misc]
        qtbot.waitUntil(lambda s=said: s in side.view.views[-1].stage.text(), timeout=SLOW)  # type: ignore[misc]
        assert not actions["send_question"].isEnabled()
        side.send_button.click()  # it stops while a question runs
        qtbot.waitUntil(lambda e=exchange: not e.running, timeout=SLOW)  # type: ignore[misc]
        assert exchange.state == AnswerState.STOPPED
        qtbot.waitUntil(lambda: "You stopped this answer." in side.view.views[-1].note.text(), timeout=SLOW)
    assert ask(desktop, qtbot).state == AnswerState.ANSWERED
    (conversation,) = kept(desktop)
    assert states(desktop, conversation) == [AnswerState.STOPPED] * 4 + [AnswerState.ANSWERED]


def test_a_worker_that_dies_is_told_of_and_the_history_is_whole(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    ask(desktop, qtbot)
    first_worker = desktop.engine.asker.pid
    dead = ask(desktop, qtbot, "die")
    assert dead.state == AnswerState.FAILED
    assert "stopped unexpectedly" in dead.reason
    assert dead.answer == "It is <b>green</b> at "
    assert desktop.engine.indexer.holders == frozenset()
    assert ask(desktop, qtbot).state == AnswerState.ANSWERED
    assert desktop.engine.asker.pid not in (0, first_worker)
    (conversation,) = kept(desktop)
    assert states(desktop, conversation) == [AnswerState.ANSWERED, AnswerState.ASKED, AnswerState.ANSWERED]
    with desktop.database.reading() as connection:
        assert messages(connection, conversation.id)[1].answer == dead.answer


def test_a_question_whose_worker_died_stays_and_is_asked_again_by_retry(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    begin_to_ask(desktop, "read")
    side = ask_panel(desktop)
    qtbot.waitUntil(lambda: side.dialogue.exchanges[0].stage == "read", timeout=SLOW)
    assert not side.view.views[0].retry.isVisible()
    os.kill(desktop.engine.asker.pid, signal.SIGKILL)
    (view,) = side.view.views
    qtbot.waitUntil(lambda: view.retry.isVisible() and view.retry.isEnabled(), timeout=SLOW)
    assert view.exchange.question == "read"
    assert "stopped unexpectedly" in view.note.text()
    side.box.setPlainText("Something else?")
    QTest.mouseClick(view.retry, Qt.MouseButton.LeftButton)
    assert [exchange.question for exchange in side.dialogue.exchanges] == ["read", "read"]
    assert side.box.toPlainText() == "Something else?"
    assert not view.retry.isEnabled()
    assert not side.view.views[1].retry.isVisible()
    side.asker.stop()
    qtbot.waitUntil(lambda: view.retry.isEnabled() and side.view.views[1].retry.isVisible(), timeout=SLOW)


def test_indexing_waits_for_a_question_and_for_the_user(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    activity, engine = desktop.window.activity, desktop.engine
    (tmp_path / "new").mkdir()
    make_clip(tmp_path / "new" / "new.mp4", [(4, "white"), (4, "blue")])
    exchange = begin_to_ask(desktop, "read")
    qtbot.waitUntil(lambda: exchange.stage == "read", timeout=SLOW)
    told: list[float | None] = []
    activity.changed.connect(lambda: told.append(activity.fraction))
    desktop.window.library_actions.add([tmp_path / "new"])
    assert engine.indexer.holders == {"question"}
    engine.hold_indexing("user", True)
    ask_panel(desktop).asker.stop()
    qtbot.waitUntil(lambda: not exchange.running, timeout=SLOW)
    assert engine.indexer.holders == {"user"}
    assert activity.running
    assert set(told) <= {None}
    engine.hold_indexing("user", False)
    qtbot.waitUntil(lambda: any(fraction is not None for fraction in told), timeout=SLOW)


def test_conversations_are_kept_opened_again_and_deleted(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    side, actions, window = ask_panel(desktop), desktop.window.actions_by_name, desktop.window
    assert not actions["delete_conversation"].isEnabled()
    first = ask(desktop, qtbot, "First?")
    assert actions["delete_conversation"].isEnabled()
    ask(desktop, qtbot, "And then?")
    actions["new_conversation"].trigger()
    assert side.dialogue.exchanges == []
    assert not actions["delete_conversation"].isEnabled()
    ask(desktop, qtbot, "Second?")

    def titles() -> list[str]:
        return [row.title for row in side.history.model.rows]

    actions["conversation_history"].trigger()
    qtbot.waitUntil(lambda: titles() == ["Second?", "First?"], timeout=SLOW)
    side.history.list.setCurrentIndex(side.history.model.index(1))
    assert actions["delete_conversation"].isEnabled()
    QTest.keyClick(side.history.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(side.view.views) == 2, timeout=SLOW)
    assert not actions["conversation_history"].isChecked()
    again = side.view.views[0].exchange
    assert (again.answer, again.citations, again.written) == (first.answer, first.citations, first.written)
    assert again.measured == first.measured
    ask(desktop, qtbot, "Third?")  # the conversation goes on
    assert [conversation.questions for conversation in kept(desktop)] == [3, 1]

    actions["delete_conversation"].trigger()
    assert side.dialogue.exchanges == []
    assert window.notice.can_undo
    actions["undo"].trigger()
    assert len(side.dialogue.exchanges) == 3
    actions["conversation_history"].trigger()
    qtbot.waitUntil(lambda: titles() == ["First?", "Second?"], timeout=SLOW)
    actions["clear_conversations"].trigger()
    qtbot.waitUntil(lambda: titles() == [], timeout=SLOW)
    assert not actions["delete_conversation"].isEnabled()
    assert len(kept(desktop)) == 2  # until it can no longer be undone
    window.notice.commit()
    qtbot.waitUntil(lambda: kept(desktop) == [], timeout=SLOW)


def test_an_answer_that_was_cut_goes_on_in_its_place(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    side = ask_panel(desktop)
    exchange = ask(desktop, qtbot, "all of it")
    (view,) = side.view.views
    qtbot.waitUntil(lambda: view.go_on.isVisible() and view.go_on.isEnabled(), timeout=SLOW)
    assert "The answer was cut at its limit." in view.note.text()
    assert not view.retry.isVisible()
    QTest.mouseClick(view.go_on, Qt.MouseButton.LeftButton)
    assert exchange.running
    qtbot.waitUntil(lambda: not exchange.running and not view.go_on.isVisible(), timeout=SLOW)
    assert exchange.answer == "It is <b>green</b> at 0:12, not at 0:29. It goes on."
    assert "cut" not in view.note.text()
    (conversation,) = kept(desktop)
    with desktop.database.reading() as connection:
        (message,) = messages(connection, conversation.id)
    assert (message.answer, message.state) == (exchange.answer, AnswerState.ANSWERED)
    assert message.citations == exchange.citations


def select_videos(desktop: Desktop, names: Sequence[str]) -> None:
    """Click on videos of the grid with the Ctrl key held down."""
    grid, model = desktop.window.library.grid, desktop.window.library.model
    grid.clearSelection()
    for name in names:
        place = grid.visualRect(model.index(model.row_of(entry(desktop, name).id))).center()
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)


def bar_button(desktop: Desktop, action: str) -> QToolButton:
    buttons = desktop.window.library.selection.findChildren(QToolButton)
    return next(each for each in buttons if each.defaultAction() is desktop.window.actions_by_name[action])


def test_the_selected_videos_are_asked_about(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, actions = ask_panel(desktop), desktop.window.actions_by_name
    names = ("short.mp4", "many.mp4")
    ids = tuple(sorted(entry(desktop, name).id for name in names))
    select_videos(desktop, names[:1])
    assert not actions["ask_about"].isEnabled()  # one is opened, and asked about then
    select_videos(desktop, names)
    QTest.mouseClick(bar_button(desktop, "ask_about"), Qt.MouseButton.LeftButton)
    assert panel.box.hasFocus()
    assert panel.scope.currentText() == "About 2 videos"
    asked: list[tuple[Place, int | None]] = []
    send = desktop.engine.ask

    def note(
        place: Place, question: str, frames: int, ratio: float | None, *more: int | None, **switches: bool
    ) -> int:
        asked.append((place, more[0]))
        return send(place, question, frames, ratio, *more, **switches)

    monkeypatch.setattr(desktop.engine, "ask", note)
    ask(desktop, qtbot, "What is it?")
    ask(desktop, qtbot, "And then?")
    conversation = panel.dialogue.id
    assert asked == [(Place(video_ids=ids), None), (Place(video_ids=ids), conversation)]
    open_video(desktop, qtbot, "short.mp4")  # as a citation does
    assert panel.place == Place(video_ids=ids)
    QTest.mouseClick(panel.scope.leave, Qt.MouseButton.LeftButton)
    assert panel.place == Place(video_id=entry(desktop, "short.mp4").id)
    assert panel.scope.findData("videos") == -1
    assert panel.dialogue.exchanges == []


def test_a_conversation_about_several_videos_is_opened_again_with_them(desktop: Desktop, qtbot: QtBot) -> None:
    panel, actions = ask_panel(desktop), desktop.window.actions_by_name
    names = ("short.mp4", "many.mp4")
    select_videos(desktop, names)
    actions["ask_about"].trigger()
    ask(desktop, qtbot, "What is it?")
    place = panel.place
    panel.scope.leave.click()
    assert panel.place == Place()
    actions["conversation_history"].trigger()
    qtbot.waitUntil(lambda: len(panel.history.model.rows) == 1, timeout=SLOW)
    described = panel.history.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert described.endswith("2 videos")
    panel.history.list.setFocus()
    QTest.keyClick(panel.history.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(panel.dialogue.exchanges) == 1, timeout=SLOW)
    assert panel.place == place
    assert panel.scope.leave.isVisible()
