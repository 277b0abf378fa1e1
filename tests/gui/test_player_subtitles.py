"""Subtitles over the picture: what the library knows, and a file that is dropped."""

from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from retake_core.library.database import Database
from retake_core.library.texts import SPEECH, NewText, TextKind, replace_texts
from retake_desktop.app import Desktop
from tests.gui.driving import SLOW, drop, entry, file_data, open_video
from tests.gui.pictures import pixels

COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def say(desktop: Desktop, source: str, *lines: NewText) -> None:
    """Put into the library what is said in a video."""
    database = Database(desktop.window.desk.data_dir.database)
    with database.writing() as connection:
        video_id = entry(desktop, "short.mp4").id
        replace_texts(connection, video_id, source, TextKind.SPOKEN, "1", lines)
    database.close()


def drag_over(widget: QWidget, path: Path) -> bool:
    """Drag a file over a widget; return whether it takes it."""
    data = file_data(path)  # Qt does not keep it
    enter = QDragEnterEvent(QPointF(9, 9).toPoint(), COPY, data, LEFT, NONE)
    widget.dragEnterEvent(enter)
    return enter.isAccepted()


def go_to(desktop: Desktop, qtbot: QtBot, time: float) -> None:
    page = desktop.window.page
    page.show_time(time)
    qtbot.waitUntil(lambda: page.player.arrived, timeout=SLOW)


def test_what_the_speech_model_heard_is_shown_on_a_key_and_remembered(desktop: Desktop, qtbot: QtBot) -> None:
    say(desktop, SPEECH, NewText("Good morning", 2.0, 4.0), NewText("Good night", 20.0, 22.0))
    open_video(desktop, qtbot, "short.mp4")
    page = desktop.window.page
    qtbot.waitUntil(lambda: bool(page.subtitles.tracks), timeout=SLOW)
    go_to(desktop, qtbot, 3.0)
    plain = pixels(page.surface.grab().toImage())
    QTest.keyClick(page.surface, Qt.Key.Key_V)
    assert page.surface.caption.text == "Good morning"
    assert (pixels(page.surface.grab().toImage()) != plain).any()
    assert desktop.window.actions_by_name["subtitles"].isChecked()
    go_to(desktop, qtbot, 10.0)
    assert page.surface.caption.text == ""
    go_to(desktop, qtbot, 21.0)
    assert page.surface.caption.text == "Good night"
    assert desktop.window.desk.window_state.value("subtitles", False, type=bool)
    QTest.keyClick(page.surface, Qt.Key.Key_V)
    assert page.surface.caption.text == ""


def test_the_menu_lists_sounds_and_subtitles(desktop: Desktop, qtbot: QtBot) -> None:
    say(desktop, "beside:short.de.srt", NewText("Guten Morgen allerseits", 2.0, 4.0, "de"))
    say(desktop, "inside:3", NewText("Good morning", 2.0, 4.0, "en"))
    open_video(desktop, qtbot, "short.mp4")
    page = desktop.window.page
    qtbot.waitUntil(lambda: len(page.subtitles.tracks) == 2, timeout=SLOW)
    go_to(desktop, qtbot, 3.0)
    menu = page.controls.track_menu
    menu.aboutToShow.emit()
    choices = {action.text(): action for action in menu.actions() if action.isCheckable()}
    assert list(choices) == ["Off", "short.de.srt · German", "In the video, 1 · English"]
    assert choices["Off"].isChecked()
    choices["In the video, 1 · English"].trigger()
    assert page.surface.caption.text == "Good morning"
    choices["Off"].trigger()
    assert page.surface.caption.text == ""


def test_a_dropped_file_is_shown_and_one_that_is_none_told_of(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    good, bad, video = tmp_path / "late.fr.srt", tmp_path / "bad.srt", tmp_path / "other.mp4"
    good.write_text("1\n00:00:02,000 --> 00:00:04,000\nBonjour <i>tous</i>\n", "utf-8")
    bad.write_bytes(b"\x00\xff\x00nothing" * 50)
    video.touch()
    open_video(desktop, qtbot, "short.mp4")
    page = desktop.window.page
    go_to(desktop, qtbot, 3.0)
    assert not drag_over(page.surface, video)  # it is the window that takes videos
    assert drag_over(page.surface, good)
    told: list[str] = []
    page.subtitles.failed.connect(told.append)
    drop(page.surface, file_data(bad))
    qtbot.waitUntil(lambda: len(told) == 1, timeout=SLOW)
    drop(page.surface, file_data(good))
    qtbot.waitUntil(lambda: page.surface.caption.text == "Bonjour tous", timeout=SLOW)
    open_video(desktop, qtbot, "many.mp4")
    assert page.subtitles.tracks == []


def test_v_without_any_subtitles_says_so(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    page, notice = desktop.window.page, desktop.window.notice
    QTest.keyClick(page.surface, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: "no subtitles" in notice.text.text(), timeout=SLOW)
    notice.hide()
    QTest.keyClick(page.surface, Qt.Key.Key_V)  # off again is nothing to be told of
    assert not notice.isVisible()
