"""The keys of the player: they move through the video where it has the focus, and nowhere else."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from retake_desktop.player.time_entry import TimeDialog
from tests.gui.driving import SLOW, MenuUser, open_video

NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def press(
    desktop: Desktop,
    qtbot: QtBot,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = NONE,
    widget: QWidget | None = None,
) -> float:
    """Press a key where the focus is, or on a widget that gets it; return where the player is then."""
    if widget is not None:
        widget.setFocus()
    focus = desktop.window.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)
    qtbot.waitUntil(lambda: desktop.window.page.player.arrived, timeout=SLOW)
    return desktop.window.page.playback.time


def open_at(desktop: Desktop, qtbot: QtBot, time: float) -> None:
    open_video(desktop, qtbot, "short.mp4")
    page = desktop.window.page
    qtbot.waitUntil(lambda: page.player.frame_count > 0 and page.player.arrived, timeout=SLOW)
    page.show_time(time)
    qtbot.waitUntil(lambda: page.player.arrived, timeout=SLOW)


def test_keys_move_through_the_video_as_soon_as_it_is_open(desktop: Desktop, qtbot: QtBot) -> None:
    open_at(desktop, qtbot, 10.0)
    duration = desktop.window.page.reel.duration
    assert press(desktop, qtbot, Qt.Key.Key_Right) == pytest.approx(15.0, abs=0.3)
    assert press(desktop, qtbot, Qt.Key.Key_Left) == pytest.approx(10.0, abs=0.3)
    assert press(desktop, qtbot, Qt.Key.Key_Right, SHIFT) == pytest.approx(duration, abs=0.3)
    assert press(desktop, qtbot, Qt.Key.Key_Left, SHIFT) == pytest.approx(0.0, abs=0.3)
    assert press(desktop, qtbot, Qt.Key.Key_5) == pytest.approx(duration / 2, abs=0.3)
    assert press(desktop, qtbot, Qt.Key.Key_End) == pytest.approx(duration, abs=0.3)
    assert press(desktop, qtbot, Qt.Key.Key_Home) == pytest.approx(0.0, abs=0.3)
    following = desktop.window.page.reel.keyframes[1].time
    assert press(desktop, qtbot, Qt.Key.Key_Right, CONTROL) == pytest.approx(following, abs=0.01)


def test_the_timeline_takes_the_focus_and_the_keys(desktop: Desktop, qtbot: QtBot) -> None:
    open_at(desktop, qtbot, 10.0)
    timeline = desktop.window.page.timeline
    assert press(desktop, qtbot, Qt.Key.Key_Right, widget=timeline) == pytest.approx(15.0, abs=0.3)
    assert timeline.hasFocus()
    assert timeline.value() == 15
    assert timeline.accessibleDescription().startswith("0:1")
    timeline.setValue(20)  # as a screen reader does
    qtbot.waitUntil(lambda: desktop.window.page.playback.time == pytest.approx(20.0, abs=0.2), timeout=SLOW)


def test_who_needs_the_keys_keeps_them(desktop: Desktop, qtbot: QtBot) -> None:
    open_at(desktop, qtbot, 10.0)
    page = desktop.window.page
    strip, volume, box = page.filmstrip, page.controls.volume, desktop.window.search.box
    before = strip.current
    press(desktop, qtbot, Qt.Key.Key_Right, widget=strip)
    assert strip.current == before + 1
    time = page.playback.time
    press(desktop, qtbot, Qt.Key.Key_Left, widget=volume)
    assert volume.value() < 100
    QTest.keyClicks(box, "5io")
    press(desktop, qtbot, Qt.Key.Key_Home, widget=box)
    press(desktop, qtbot, Qt.Key.Key_Right, widget=box)
    assert page.playback.time == time
    assert box.text() == "5io"
    assert box.cursorPosition() == 1
    assert page.marks.span is None


def test_a_typed_time_is_shown_and_nonsense_is_told(desktop: Desktop, qtbot: QtBot) -> None:
    open_at(desktop, qtbot, 3.0)
    press(desktop, qtbot, Qt.Key.Key_G, CONTROL)
    dialog = next(child for child in desktop.window.findChildren(TimeDialog) if child.isVisible())
    dialog.box.clear()
    QTest.keyClicks(dialog.box, "soon")
    QTest.keyClick(dialog.box, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "not a time" in dialog.note.text()
    dialog.box.clear()
    QTest.keyClicks(dialog.box, "0:17")
    QTest.keyClick(dialog.box, Qt.Key.Key_Return)
    assert desktop.window.page.playback.time == pytest.approx(17.0, abs=0.3)


def test_the_speed_goes_back_with_the_next_video(desktop: Desktop, qtbot: QtBot) -> None:
    open_at(desktop, qtbot, 3.0)
    page = desktop.window.page
    (double,) = (action for action in page.controls.speed.menu().actions() if action.text() == "2×")
    double.trigger()
    assert page.player.speed == 2.0
    assert page.controls.speed.text() == "2×"
    open_video(desktop, qtbot, "many.mp4")
    assert page.player.speed == 1.0
    assert page.controls.speed.text() == "1×"


def test_the_time_is_shown_as_wanted_and_so_again(desktop: Desktop, qtbot: QtBot) -> None:
    open_at(desktop, qtbot, 3.0)
    page = desktop.window.page
    shown = page.controls.time
    for unit, text in (("hundredths", "0:03.00 / "), ("frames", "Frame ")):
        (choice,) = (action for action in shown.menu().actions() if action.objectName() == unit)
        choice.trigger()
        assert shown.text().startswith(text)
    number, count = (int(part) for part in shown.text().removeprefix("Frame ").split(" / "))
    assert count == page.player.frame_count
    before = page.playback.time
    assert press(desktop, qtbot, Qt.Key.Key_Period) > before
    assert shown.text() == f"Frame {number + 1} / {count}"
    assert desktop.window.desk.window_state.value("time_display") == "frames"


def test_the_menus_of_the_picture_and_the_timeline(desktop: Desktop, qtbot: QtBot, menu: MenuUser) -> None:
    open_at(desktop, qtbot, 3.0)
    page = desktop.window.page
    for widget, point in (
        (page.surface, page.surface.rect().center()),
        (page.timeline, page.timeline.rect().center()),
    ):
        menu.offered = {}
        menu.choice = "mark_start" if widget is page.timeline else ""
        page.marks.clear()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, widget.mapToGlobal(point))
        QApplication.sendEvent(widget, event)
        for name in ("play", "mark_start", "mark_end", "copy_link", "copy_frame", "save_frame", "similar"):
            assert menu.offered[name], name
        assert not menu.offered["clear_range"]
    assert page.marks.span is not None
    assert page.marks.span[0] == pytest.approx(page.reel.duration / 2, abs=0.5)
    assert page.playback.time == pytest.approx(3.0, abs=0.2)  # looking at the menu moves nothing
