"""Chapters in the window: on the timeline and the filmstrip, by keys, and written by hand."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from retake_core.library.description import DescribedBy, Description, description
from retake_desktop.app import Desktop
from retake_desktop.library.description_dialog import DescriptionDialog
from tests.gui.driving import SLOW, entry, open_video
from tests.gui.test_export import choose, select, wait_for
from tests.gui.test_export import dialog as export_dialog


def kept(desktop: Desktop, name: str) -> Description:
    with desktop.database.reading() as connection:
        return description(connection, entry(desktop, name).id)


def press(desktop: Desktop, keys: str) -> None:
    desktop.window.activateWindow()  # a dialog may have had the keys
    assert QTest.qWaitForWindowActive(desktop.window, SLOW)
    QTest.keySequence(desktop.window.page, keys)


def opened(desktop: Desktop, qtbot: QtBot) -> DescriptionDialog:
    press(desktop, "Ctrl+Shift+M")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), DescriptionDialog), timeout=SLOW)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DescriptionDialog)
    return dialog


def test_chapters_are_written_shown_and_gone_through_by_keys(desktop: Desktop, qtbot: QtBot) -> None:
    window, page = desktop.window, desktop.window.page
    open_video(desktop, qtbot, "many.mp4")
    assert not window.actions_by_name["next_chapter"].isEnabled()
    dialog = opened(desktop, qtbot)
    QTest.keyClicks(dialog.chapters, "0:02 The red one")
    QTest.keyClick(dialog.chapters, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.chapters, "no time")
    good = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not good.isEnabled()
    assert dialog.trouble.text().startswith("Each line wants a time and a title")
    for _ in "no time":
        QTest.keyClick(dialog.chapters, Qt.Key.Key_Backspace)
    QTest.keyClicks(dialog.chapters, "0:06 The blue one")
    QTest.keyClicks(dialog.title, "Colours")
    assert good.isEnabled()
    QTest.mouseClick(good, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.reel.chapters == [(2.0, "The red one"), (6.0, "The blue one")], timeout=SLOW)
    assert (kept(desktop, "many.mp4").title, kept(desktop, "many.mp4").by) == ("Colours", DescribedBy.HAND)
    page.show_time(0.0)
    times = []
    for keys in ("Shift+PgDown", "Shift+PgDown", "Shift+PgUp"):
        press(desktop, keys)
        times.append(round(page.reel.time, 1))
    assert times == [2.0, 6.0, 2.0]
    assert "Chapter: The red one" in page.timeline.accessibleDescription()
    window.actions_by_name["information"].trigger()
    rows = window.information.panel.view.rows
    qtbot.waitUntil(lambda: "Chapters" in window.information.panel.view.rows, timeout=SLOW)
    rows = window.information.panel.view.rows
    assert (rows["Title"], rows["Chapters"]) == ("Colours", "0:02  The red one\n0:06  The blue one")


def test_an_export_takes_them_or_keyframes(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    open_video(desktop, qtbot, "many.mp4")
    dialog = opened(desktop, qtbot)
    QTest.keyClicks(dialog.chapters, "0:02 The red one")
    dialog.accept()
    qtbot.waitUntil(lambda: len(desktop.window.page.reel.chapters) == 1, timeout=SLOW)
    texts = []
    for entries in (0, 1):
        desktop.window.actions_by_name["export"].trigger()
        asked = export_dialog(desktop)
        select(asked, "sheet", ".png")
        assert not asked.marks.isVisible()
        select(asked, "chapters", ".vtt")
        assert asked.marks.isVisible()
        asked.marks.setCurrentIndex(entries)
        target = choose(asked, "chapters", ".vtt", tmp_path, f"out{entries}")
        wait_for(desktop, qtbot, target)
        texts.append(target.read_text("utf-8"))
    assert ["The red one" in text for text in texts] == [True, False]
    assert texts[1].count("-->") > 1


def test_nothing_at_all_forgets_them(desktop: Desktop, qtbot: QtBot) -> None:
    page = desktop.window.page
    open_video(desktop, qtbot, "many.mp4")
    dialog = opened(desktop, qtbot)
    QTest.keyClicks(dialog.chapters, "0:02 The red one")
    dialog.accept()
    qtbot.waitUntil(lambda: len(page.reel.chapters) == 1, timeout=SLOW)
    dialog = opened(desktop, qtbot)
    assert dialog.chapters.toPlainText() == "0:02 The red one"
    dialog.chapters.selectAll()
    QTest.keyClick(dialog.chapters, Qt.Key.Key_Delete)
    dialog.accept()
    qtbot.waitUntil(lambda: page.reel.chapters == [], timeout=SLOW)
    assert kept(desktop, "many.mp4").by is None
