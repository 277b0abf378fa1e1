"""The marked range of a video: with keys and with the pointer, played, and exported."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from retake_desktop.export.dialog import ExportDialog
from tests.gui.driving import SLOW, open_video

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def mark(desktop: Desktop, qtbot: QtBot, start: float, end: float) -> None:
    """Open a video, and mark a range with the keys."""
    open_video(desktop, qtbot, "short.mp4")
    page = desktop.window.page
    qtbot.waitUntil(lambda: page.player.frame_count > 0, timeout=SLOW)
    for time, key in ((start, Qt.Key.Key_I), (end, Qt.Key.Key_O)):
        page.show_time(time)
        qtbot.waitUntil(lambda: page.player.arrived, timeout=SLOW)
        QTest.keyClick(page.surface, key)
    assert page.marks.span == (start, end)


def drag(widget: QWidget, by: int) -> None:
    """Drag something sideways."""
    begin = widget.rect().center()
    QTest.mousePress(widget, LEFT, NONE, begin)
    QTest.mouseMove(widget, begin + QPoint(by, 0))
    QTest.mouseRelease(widget, LEFT, NONE, begin)


def test_a_marked_range_is_drawn_and_its_length_told(desktop: Desktop, qtbot: QtBot) -> None:
    mark(desktop, qtbot, 5.0, 12.0)
    page = desktop.window.page
    timeline = page.timeline
    assert timeline.start_handle.isVisible()
    assert timeline.start_handle.geometry().right() + 1 == round(timeline.x_of(5.0))
    assert timeline.end_handle.x() == round(timeline.x_of(12.0))
    texts = [child.text() for child in page.range_bar.findChildren(type(page.range_bar.text))]
    assert texts == ["0:05.00 – 0:12.00, 0:07.00 long"]
    QTest.keyClick(page.surface, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    assert page.marks.span is None
    assert not timeline.start_handle.isVisible()
    assert not page.range_bar.isVisible()


def test_the_handles_move_with_the_pointer_and_with_keys(desktop: Desktop, qtbot: QtBot) -> None:
    mark(desktop, qtbot, 5.0, 12.0)
    page = desktop.window.page
    handle = page.timeline.end_handle
    drag(handle, round(page.timeline.x_of(16.0) - page.timeline.x_of(12.0)))
    assert page.marks.span is not None
    assert page.marks.span[0] == 5.0
    assert page.marks.span[1] == pytest.approx(16.0, abs=0.2)
    qtbot.waitUntil(lambda: page.player.arrived, timeout=SLOW)
    before = page.marks.span[1]
    handle.setFocus()
    QTest.keyClick(handle, Qt.Key.Key_Right)
    frame = page.player.frame_beside(before, 1)
    assert page.marks.span == (5.0, frame)
    assert handle.value() == round(frame)
    QTest.keyClick(page.timeline.start_handle, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert page.marks.span == (0.0, frame)


def test_the_range_is_played_once_and_over_and_over(desktop: Desktop, qtbot: QtBot) -> None:
    mark(desktop, qtbot, 5.0, 6.0)
    page = desktop.window.page
    QTest.keyClick(page.surface, Qt.Key.Key_P)
    assert page.player.playing
    qtbot.waitUntil(lambda: not page.player.playing and page.player.arrived, timeout=SLOW)
    assert page.playback.time == pytest.approx(6.0, abs=0.3)
    QTest.keyClick(page.surface, Qt.Key.Key_R)
    times: list[float] = []
    page.playback.moved.connect(times.append)
    QTest.keyClick(page.surface, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: sum(time == 5.0 for time in times) >= 2 and max(times) > 5.5, timeout=SLOW)
    qtbot.waitUntil(lambda: [b < a for a, b in pairwise(times)].count(True) >= 2, timeout=SLOW)
    assert page.player.playing
    page.leave()


def test_the_clip_is_the_range(desktop: Desktop, qtbot: QtBot) -> None:
    mark(desktop, qtbot, 5.0, 12.0)
    desktop.window.actions_by_name["export_clip"].trigger()
    dialog = next(child for child in desktop.window.findChildren(ExportDialog) if child.isVisible())
    (moment,) = dialog.order.moments
    dialog.reject()
    assert (moment.start, moment.end) == (5.0, 12.0)


def test_another_video_has_no_range(desktop: Desktop, qtbot: QtBot) -> None:
    mark(desktop, qtbot, 5.0, 12.0)
    open_video(desktop, qtbot, "many.mp4")
    assert desktop.window.page.marks.span is None
    assert not desktop.window.actions_by_name["play_range"].isEnabled()
