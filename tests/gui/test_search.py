"""Filters as chips, searches that are saved, pictures to search by, weaker matches, and search within a video."""

import functools
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.hub.recommended import recommended_encoder
from retake_core.library.searches import saved_searches
from retake_core.models.catalogue import BY_ID
from retake_core.search.query import Field, Term
from retake_desktop import app
from retake_desktop.app import Desktop
from retake_desktop.common import wording
from retake_desktop.common.dragged_pictures import put_moment
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.search.panel import SearchPanel
from retake_desktop.search.results_model import RowKind
from retake_desktop.startup.crash import CrashReporter
from retake_desktop.startup.single_instance import SingleInstance
from tests.gui.driving import SLOW, drop, entry, file_data, open_video
from tests.support.fakes import picture


def find(desktop: Desktop, qtbot: QtBot, query: str) -> SearchPanel:
    """Type something, and wait for all that is found."""
    panel = desktop.window.search
    panel.box.setText(query)
    panel.run.hurry()
    settle(panel, qtbot)
    return panel


def settle(panel: SearchPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not panel.run.busy, timeout=SLOW)


def chips(panel: SearchPanel) -> list[str]:
    return [chip.item.text for chip in panel.chips.chips]


def rows(panel: SearchPanel, kind: RowKind) -> list[int]:
    return [i for i, row in enumerate(panel.list.results.rows) if row.kind is kind]


def test_filters_are_chips_that_can_be_removed(desktop: Desktop, qtbot: QtBot) -> None:
    panel = find(desktop, qtbot, 'red folder:recordings after:2019 -screenshot "exact words" camera:x longer:ages')
    assert chips(panel) == ["In folder recordings", "Since 2019", "Without screenshot", "Exactly “exact words”"]
    qtbot.waitUntil(panel.problem.isVisible, timeout=SLOW)
    assert panel.problem.text().count(".") == 2
    assert "“longer:” needs a length" in panel.problem.text()
    assert "“camera:” is not a filter" in panel.problem.text()
    assert "Remove a filter" in panel.note.text()
    QTest.mouseClick(panel.chips.chips[3].close_button, Qt.MouseButton.LeftButton)
    assert panel.box.text() == "red folder:recordings after:2019 -screenshot camera:x longer:ages"
    panel.chips.chips[1].close_button.setFocus()
    QTest.keyClick(panel.chips.chips[1].close_button, Qt.Key.Key_Delete)
    assert panel.query == "red folder:recordings -screenshot camera:x longer:ages"
    find(desktop, qtbot, "red folder:recordings")
    assert panel.hits
    assert not panel.problem.isVisible()


def test_names_and_folders_are_completed_by_key(desktop: Desktop, qtbot: QtBot) -> None:
    panel = desktop.window.search
    desktop.window.actions_by_name["search"].trigger()
    qtbot.waitUntil(lambda: bool(panel.box.vocabulary.folders), timeout=SLOW)
    QTest.keyClicks(panel.box, "red fol")
    assert panel.box.suggesting
    QTest.keyClick(panel.box, Qt.Key.Key_Tab)
    folder = entry(desktop, "short.mp4").path.parent.name
    QTest.keyClicks(panel.box, folder[:4])
    QTest.keyClick(panel.box, Qt.Key.Key_Tab)
    assert panel.box.text() == f"red folder:{folder} "
    assert not panel.box.suggesting
    assert chips(panel) == [f"In folder {folder}"]


def test_the_menu_of_filters_writes_them(desktop: Desktop) -> None:
    panel = desktop.window.search
    panel.box.setText("red longer:1m")
    texts = {action.text(): action for action in panel.filters.lengths.actions()}
    texts["Longer than 10 min"].trigger()
    assert panel.query == "red longer:10m"
    {action.text(): action for action in panel.filters.kinds.actions()}["Only by the picture"].trigger()
    assert panel.query == "red longer:10m match:picture"
    panel.filters.chosen.emit(Term(Field.FOLDER, "a b"))
    assert panel.query == 'red longer:10m match:picture folder:"a b"'


def test_searches_are_saved_opened_renamed_and_deleted(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, panel = desktop.window, desktop.window.search
    asked: list[str] = []

    def name(_parent: object, _title: str, _label: str, *, text: str) -> tuple[str, bool]:
        asked.append(text)
        return text if len(asked) == 1 else "Crimson", True

    monkeypatch.setattr(QInputDialog, "getText", name)

    def shown() -> list[str]:
        return [panel.start.list.item(i).text() for i in range(panel.start.list.count())]

    def kept() -> list[str]:
        with desktop.database.reading() as connection:
            return [entry.name for entry in saved_searches(connection)]

    find(desktop, qtbot, "red longer:1s")
    window.actions_by_name["save_search"].trigger()
    assert asked == ["Red, Longer than 1 s"]
    qtbot.waitUntil(lambda: shown() == ["Saved", "Red, Longer than 1 s"], timeout=SLOW)
    panel.saved.aboutToShow.emit()
    assert "Red, Longer than 1 s" in [action.text() for action in panel.saved.actions()]
    find(desktop, qtbot, "")
    panel.start.list.setFocus()
    panel.start.list.setCurrentRow(1)
    QTest.keyClick(panel.start.list, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: shown() == ["Saved", "Crimson"], timeout=SLOW)
    panel.start.list.setCurrentRow(1)
    QTest.keyClick(panel.start.list, Qt.Key.Key_Delete)
    assert shown() == []
    window.actions_by_name["undo"].trigger()
    assert shown() == ["Saved", "Crimson"]
    panel.start.list.itemActivated.emit(panel.start.list.item(1))
    assert panel.query == "red longer:1s"
    settle(panel, qtbot)
    panel.list.choose(panel.list.results.first_moment, play=False)
    assert shown() == ["Saved", "Crimson", "Recent", "red longer:1s"]
    panel.searches.delete(panel.searches.saved[0])
    window.notice.commit()
    qtbot.waitUntil(lambda: kept() == [], timeout=SLOW)


def test_a_picture_is_searched_for(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    panel = desktop.window.search
    Image.fromarray(picture("yellow")).save(tmp_path / "yellow.png")
    drop(panel.box, file_data(tmp_path / "yellow.png"))
    qtbot.waitUntil(lambda: bool(panel.hits), timeout=SLOW)
    assert panel.chip.text.text() == "Looks like yellow.png"
    assert {hit.video_id for hit in panel.hits} == {entry(desktop, "many.mp4").id}
    find(desktop, qtbot, "title:short")
    assert panel.note.text() == "Nothing that looks like this matches “title:short”."
    panel.box.clear()
    (tmp_path / "broken.png").write_bytes(b"no picture")
    panel.search_by(tmp_path / "broken.png")
    qtbot.waitUntil(lambda: "is not a picture that can be read" in panel.note.text(), timeout=SLOW)
    QTest.keyClick(panel.box, Qt.Key.Key_Backspace)
    assert not panel.chip.isVisible()
    assert panel.start.isVisible()


def test_a_pasted_picture_and_a_dragged_keyframe_are_searched_for(desktop: Desktop, qtbot: QtBot) -> None:
    panel = desktop.window.search
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.yellow)
    QGuiApplication.clipboard().setImage(image)
    panel.focus()
    QTest.keyClick(panel.box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(panel.hits), timeout=SLOW)
    assert panel.chip.text.text() == "Looks like the picture from the clipboard"
    dragged = QMimeData()
    put_moment(dragged, entry(desktop, "short.mp4").id, 0.0)
    drop(panel.box, dragged)
    qtbot.waitUntil(lambda: panel.chip.text.text() == "Similar to 0:00 in short", timeout=SLOW)
    settle(panel, qtbot)
    QTest.keyClick(panel.box, Qt.Key.Key_Escape)
    assert not panel.chip.active
    assert panel.hits == ()


def test_weaker_matches_are_shown_on_request_and_apart(desktop: Desktop, qtbot: QtBot) -> None:
    panel = find(desktop, qtbot, "orange")
    strong = panel.hits
    assert not any(hit.weaker for hit in strong)
    assert panel.weaker.isVisible()
    with qtbot.waitSignal(panel.searched, timeout=SLOW):
        panel.weaker.click()
    assert panel.hits[: len(strong)] == strong
    assert any(hit.weaker for hit in panel.hits)
    (section,) = rows(panel, RowKind.SECTION)
    moments = [panel.list.results.rows[i].hit for i in rows(panel, RowKind.MOMENT) if i > section]
    assert all(hit is not None and hit.weaker for hit in moments)
    assert not panel.weaker.isVisible()


def test_nothing_is_an_answer_and_the_weaker_are_marked(desktop: Desktop, qtbot: QtBot) -> None:
    panel = find(desktop, qtbot, "an unheard-of thing")
    assert panel.note.text().startswith("Nothing matches “an unheard-of thing”. Try other words.")
    with qtbot.waitSignal(panel.searched, timeout=SLOW):
        panel.weaker.click()
    assert panel.hits
    assert all(hit.weaker for hit in panel.hits)
    assert panel.list.results.rows[0].kind is RowKind.SECTION


def test_words_that_the_encoder_does_not_know_are_told(desktop: Desktop, qtbot: QtBot) -> None:
    panel = find(desktop, qtbot, "a wedding ")
    assert panel.unknown.text() == "The built-in encoder does not know “a”, “wedding”."
    assert panel.unknown.isVisible()
    find(desktop, qtbot, "a person ")
    assert panel.unknown.text().endswith("switch on “Look for faces” in the preferences, under People.")
    find(desktop, qtbot, "red ")
    assert not panel.unknown.isVisible()


def test_where_the_built_in_encoder_finds_nothing_a_better_one_is_offered(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ModelsClient, "measure", lambda _: None)  # takes seconds
    panel = find(desktop, qtbot, "an unheard-of thing")
    assert "knows little" in panel.note.text()
    better = BY_ID[recommended_encoder()]
    assert better.title in panel.note.text()
    assert wording.size(better.disk_bytes) in panel.note.text()
    QTest.mouseClick(panel.better, Qt.MouseButton.LeftButton)
    assert desktop.preferences.isVisible()
    assert desktop.preferences.pages["models"].isVisible()
    find(desktop, qtbot, "folder:nowhere")  # no encoder would find that
    assert not panel.better.isVisible()
    desktop.store.change(encoder="siglip")
    find(desktop, qtbot, "another unheard-of thing")
    assert not panel.better.isVisible()
    assert "knows little" not in panel.note.text()


def test_what_shows_the_same_is_opened_and_closed(desktop: Desktop, qtbot: QtBot) -> None:
    panel = find(desktop, qtbot, "green")
    results = panel.list.results
    row = rows(panel, RowKind.COPIES)[0]
    assert results.index(row).data() == "1 other video shows the same"
    panel.list.choose(results.index(row), play=False)
    (copy,) = [results.rows[i] for i in rows(panel, RowKind.COPY)]
    assert copy.copy is not None
    with qtbot.waitSignal(panel.chosen) as chosen:
        panel.list.choose(results.index(row + 1), play=False)
    assert chosen.args is not None
    assert (chosen.args[0].id, chosen.args[1]) == (copy.copy.video_id, copy.copy.time)
    panel.list.choose(results.index(row), play=False)
    assert rows(panel, RowKind.COPY) == []


def test_search_in_the_open_video_and_step_through_its_matches(desktop: Desktop, qtbot: QtBot) -> None:
    window, panel = desktop.window, desktop.window.search
    open_video(desktop, qtbot, "many.mp4")
    window.actions_by_name["search"].trigger()
    assert chips(panel) == ["Only in this video"]
    find(desktop, qtbot, "blue")
    many = entry(desktop, "many.mp4")
    assert {hit.video_id for hit in panel.hits} == {many.id}
    times = sorted(hit.time for hit in panel.hits)
    assert len(times) > 1
    assert sorted(time for _, _, time in window.page.reel.hits) == times
    seen = []
    for name in ["next_match"] * (len(times) + 1) + ["previous_match"]:
        window.actions_by_name[name].trigger()
        seen.append(window.page.reel.time)
    assert seen == pytest.approx([*times, times[0], times[-1]])
    assert panel.count.text() == f"{len(times)} of {len(times)}"
    current = panel.list.currentIndex().row()
    hit = panel.list.results.rows[current].hit
    assert hit is not None
    assert hit.time == pytest.approx(times[-1])
    panel.box.setCursorPosition(0)
    QTest.keyClick(panel.box, Qt.Key.Key_Backspace)
    settle(panel, qtbot)
    assert chips(panel) == []
    found = {hit.video_id for hit in panel.hits} | {copy.video_id for hit in panel.hits for copy in hit.copies}
    assert found > {many.id}
    window.actions_by_name["search_library"].trigger()
    assert panel.list.visualRect(panel.list.results.first_moment).isValid()


@pytest.mark.parametrize(("has_folders", "asked"), [(True, [""]), (False, [])])
def test_the_app_makes_search_ready_before_anything_is_typed(
    qapp: QApplication,
    indexed: Path,
    worker: Sequence[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    has_folders: bool,
    asked: list[str],
) -> None:
    if has_folders:
        shutil.copytree(indexed, tmp_path / "data")
    sent: list[str] = []
    monkeypatch.setattr(app, "Desktop", functools.partial(Desktop, worker=worker))
    monkeypatch.setattr(EngineClient, "search", lambda _, query: sent.append(query))
    monkeypatch.setattr(QApplication, "exec", lambda *_: 0)
    data_dir = DataDir(tmp_path / "data")
    assert app.run(qapp, data_dir, CrashReporter(data_dir.log), SingleInstance(data_dir), "") == 0
    assert sent == asked
