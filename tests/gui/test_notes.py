"""Notes about a video, and about a time in it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from retake_core.display import clock
from retake_core.library.notes import NoteEntry, notes
from retake_desktop.app import Desktop
from retake_desktop.library.note_dialog import NoteDialog
from retake_desktop.player.hover_preview import HoverPreview
from tests.gui.driving import SLOW, MenuUser, entry, open_video, right_click_keyframe, select_video


def kept(desktop: Desktop, name: str) -> list[NoteEntry]:
    with desktop.database.reading() as connection:
        return notes(connection, entry(desktop, name).id)


def write(qtbot: QtBot, text: str) -> str:
    """Type into the dialog that is open, keep it, and return what it was about."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), NoteDialog), timeout=SLOW)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NoteDialog)
    dialog.box.selectAll()
    QTest.keyClicks(dialog.box, text)
    about = dialog.about.text()
    QTest.keyClick(dialog.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    return about


def test_a_note_is_written_listed_changed_and_deleted(desktop: Desktop, qtbot: QtBot) -> None:
    window, panel = desktop.window, desktop.window.information.panel
    select_video(desktop, "short.mp4")
    window.actions_by_name["information"].trigger()
    QTest.keySequence(window.library.grid, "Ctrl+M")
    assert write(qtbot, "Grandma laughs") == "A note about short"
    qtbot.waitUntil(lambda: panel.notes.list.count() == 1, timeout=SLOW)
    assert panel.notes.list.item(0).text() == "Grandma laughs"
    panel.notes.list.setCurrentRow(0)
    QTest.mouseClick(panel.notes.change, Qt.MouseButton.LeftButton)
    write(qtbot, "Grandma sings")
    qtbot.waitUntil(lambda: panel.notes.list.item(0).text() == "Grandma sings", timeout=SLOW)
    panel.notes.list.setFocus()
    QTest.keyClick(panel.notes.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.notes.list.count() == 0, timeout=SLOW)
    assert not panel.notes.delete.isEnabled()
    window.notice.button.click()
    qtbot.waitUntil(
        lambda: [note.content for note in kept(desktop, "short.mp4")] == ["Grandma sings"], timeout=SLOW
    )


def test_a_note_at_a_time_leads_there(desktop: Desktop, qtbot: QtBot, menu: MenuUser) -> None:
    window, panel = desktop.window, desktop.window.information.panel
    open_video(desktop, qtbot, "many.mp4")
    menu.choice = "note"
    right_click_keyframe(desktop, 3)
    assert write(qtbot, "The blue one").startswith("A note at ")
    qtbot.waitUntil(lambda: len(kept(desktop, "many.mp4")) == 1, timeout=SLOW)
    time = kept(desktop, "many.mp4")[0].time
    assert time in [keyframe.time for keyframe in window.page.reel.keyframes[1:]]
    window.actions_by_name["information"].trigger()
    qtbot.waitUntil(lambda: panel.notes.list.count() == 1, timeout=SLOW)
    assert panel.notes.list.item(0).text().endswith("  The blue one")
    window.page.show_time(0.0)
    panel.notes.list.setCurrentRow(0)
    panel.notes.list.setFocus()
    QTest.keyClick(panel.notes.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: abs(window.page.playback.time - time) < 0.5, timeout=SLOW)


def test_notes_stand_on_the_timeline(desktop: Desktop, qtbot: QtBot, menu: MenuUser) -> None:
    window, page = desktop.window, desktop.window.page
    timeline, panel = page.timeline, desktop.window.information.panel
    open_video(desktop, qtbot, "many.mp4")
    menu.choice = "note"
    right_click_keyframe(desktop, 3)
    write(qtbot, "The blue one")
    qtbot.waitUntil(lambda: len(page.reel.notes) == 1, timeout=SLOW)
    time = page.reel.notes[0][0]
    place = QPoint(round(timeline.x_of(time)) + 3, timeline.height() // 2)
    told = clock(time)
    assert f"Notes at {told}" in timeline.accessibleDescription()
    shown: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HoverPreview, "show_above", lambda _preview, _point, _picture, text: shown.append(text))
        QTest.mouseMove(timeline, place)
        qtbot.waitUntil(lambda: bool(shown), timeout=SLOW)
    assert shown[-1] == f"{told} · The blue one"
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: page.reel.time == time, timeout=SLOW)
    assert timeline.accessibleDescription().endswith("The blue one")
    window.actions_by_name["information"].trigger()
    qtbot.waitUntil(lambda: panel.notes.list.count() == 1, timeout=SLOW)
    panel.notes.list.setCurrentRow(0)
    panel.notes.list.setFocus()
    QTest.keyClick(panel.notes.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.reel.notes == [], timeout=SLOW)
    assert "Notes" not in timeline.accessibleDescription()


def test_an_empty_note_cannot_be_kept(desktop: Desktop, qtbot: QtBot) -> None:
    select_video(desktop, "short.mp4")
    desktop.window.actions_by_name["note"].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), NoteDialog), timeout=SLOW)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NoteDialog)
    QTest.keyClicks(dialog.box, "   ")
    QTest.keyClick(dialog.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    assert not dialog.buttons.buttons()[0].isEnabled()
    QTest.keyClick(dialog.box, Qt.Key.Key_Escape)
    assert kept(desktop, "short.mp4") == []
