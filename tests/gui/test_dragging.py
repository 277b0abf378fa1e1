"""Moments are dragged: into the search box, and out of the window as clips."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from retake_desktop.export import drag_out
from retake_desktop.export.drag_out import DragOut
from tests.gui.driving import SLOW, ask, ask_panel, open_video, search

Pointer = Callable[[QMimeData], QWidget | None]
"""What the pointer does with what it drags; returns the widget of the window that it was dropped on."""


@pytest.fixture
def pointer(monkeypatch: pytest.MonkeyPatch) -> list[Pointer]:
    """Let the last of these drop what is dragged, in the place of the screen's own pointer."""
    pointers: list[Pointer] = []
    inside: list[QWidget | None] = [None]

    def drop(dragged: QDrag, actions: Qt.DropAction) -> Qt.DropAction:
        inside[0] = pointers[-1](dragged.mimeData())
        return actions

    monkeypatch.setattr(QDrag, "exec", drop)
    monkeypatch.setattr(QDrag, "target", lambda _: inside[0])
    return pointers


def onto(widget: QWidget) -> Pointer:
    """Drop on a widget of the window, as its events would come."""

    def drop(data: QMimeData) -> QWidget:
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        place = widget.rect().center()
        enter = QDragEnterEvent(place, copy, data, left, none)
        move = QDragMoveEvent(place, copy, data, left, none)
        for event in (enter, move):
            QApplication.sendEvent(widget, event)
            assert event.isAccepted()
        QApplication.sendEvent(widget, QDropEvent(QPointF(place), copy, data, left, none))
        return widget

    return drop


def outside(files: list[Path]) -> Pointer:
    """Drop on another program, which takes the files."""

    def drop(data: QMimeData) -> None:
        assert data.hasUrls()
        files.extend(Path(url.toLocalFile()) for url in data.urls())

    return drop


def drag(widget: QWidget, begin: QPoint) -> None:
    """Press on a point, move away, and release."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    far = begin + QPoint(QApplication.startDragDistance() + 5, 0)
    for kind, point, button, held in (
        (QEvent.Type.MouseButtonPress, begin, left, left),
        (QEvent.Type.MouseMove, far, none, left),
        (QEvent.Type.MouseButtonRelease, far, left, none),
    ):
        place = QPointF(point)
        event = QMouseEvent(
            kind, place, QPointF(widget.mapToGlobal(point)), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(widget, event)


def drag_keyframe(desktop: Desktop, i: int) -> None:
    strip = desktop.window.page.filmstrip
    drag(strip.viewport(), strip.cell(i).center().toPoint())


def searched_for(desktop: Desktop) -> float | None:
    """Return the time of the keyframe that is searched for."""
    moment = desktop.window.search.chip.moment
    return None if moment is None else moment[1]


def test_a_picture_of_the_filmstrip_is_dropped_on_the_search_box(
    desktop: Desktop, qtbot: QtBot, pointer: list[Pointer]
) -> None:
    open_video(desktop, qtbot, "many.mp4")
    window = desktop.window
    pointer.append(onto(window.search.box))
    time = window.page.filmstrip.shown[1].time
    drag_keyframe(desktop, 1)
    qtbot.waitUntil(lambda: searched_for(desktop) == time, timeout=SLOW)
    qtbot.waitUntil(lambda: bool(window.search.hits), timeout=SLOW)
    qtbot.waitUntil(lambda: not window.exports.running, timeout=SLOW)
    assert window.activity.entries == []  # nobody asked for a file


def test_results_and_cited_moments_are_dropped_there_too(
    desktop: Desktop, qtbot: QtBot, pointer: list[Pointer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETAKE_TEST_SCRIPT", "1")
    panel = desktop.window.search
    pointer.append(onto(panel.box))
    search(desktop, qtbot, "green")
    time = panel.hits[0].time
    drag(panel.list.viewport(), panel.list.visualRect(panel.list.results.first_moment).center())
    qtbot.waitUntil(lambda: searched_for(desktop) == time, timeout=SLOW)
    open_video(desktop, qtbot, "short.mp4")
    ask(desktop, qtbot)
    (view,) = ask_panel(desktop).view.views
    qtbot.waitUntil(lambda: bool(view.chips), timeout=SLOW)
    panel.chip.leave()
    chip = view.chips[0]

    def dragged() -> bool:  # its video is read in the background
        drag(chip, chip.rect().center())
        return searched_for(desktop) == chip.cited.time

    qtbot.waitUntil(dragged, timeout=SLOW)


def test_a_keyframe_is_dragged_out_as_a_clip(desktop: Desktop, qtbot: QtBot, pointer: list[Pointer]) -> None:
    dropped: list[Path] = []
    pointer.append(outside(dropped))
    open_video(desktop, qtbot, "many.mp4")
    drag_keyframe(desktop, 1)
    assert dropped[0].suffix == ".mp4"
    with av.open(str(dropped[0])) as container:
        assert next(container.demux(video=0)).is_keyframe
    drag_keyframe(desktop, 1)  # it is there now
    assert dropped == [dropped[0]] * 2
    assert desktop.window.activity.entries == []  # nobody asked for a file
    old = dropped[0].parent
    os.utime(old, (1, 1))
    DragOut(desktop.window.desk, desktop.window.exports)  # as at the next start
    qtbot.waitUntil(lambda: not old.exists(), timeout=SLOW)


def test_a_clip_that_takes_too_long_is_there_at_the_next_drag(
    desktop: Desktop, qtbot: QtBot, pointer: list[Pointer], monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[Path] = []
    pointer.append(outside(dropped))
    open_video(desktop, qtbot, "many.mp4")
    monkeypatch.setattr(drag_out, "PATIENCE_MS", 0)
    drag_keyframe(desktop, 0)
    assert dropped == []
    assert "still being made" in desktop.window.notice.text.text()
    qtbot.waitUntil(lambda: not desktop.window.exports.running, timeout=SLOW)
    drag_keyframe(desktop, 0)
    assert [clip.exists() for clip in dropped] == [True]


def test_a_drag_that_nobody_takes_stops_the_clip(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDrag, "exec", lambda *_: Qt.DropAction.IgnoreAction)
    open_video(desktop, qtbot, "many.mp4")
    stopped: list[int] = []
    monkeypatch.setattr(desktop.window.exports, "stop", stopped.append)
    drag_keyframe(desktop, 2)
    assert stopped == list(desktop.window.exports.running)
    qtbot.waitUntil(lambda: not desktop.window.exports.running, timeout=SLOW)


def test_a_moment_of_a_video_that_is_gone_is_searched_for_but_gives_no_file(
    desktop: Desktop, qtbot: QtBot, pointer: list[Pointer]
) -> None:
    open_video(desktop, qtbot, "many.mp4")
    window = desktop.window
    assert window.page.video is not None
    window.page.video = replace(window.page.video, offline=True)
    offered: list[bool] = []

    def look(data: QMimeData) -> QWidget | None:
        offered.append(data.hasUrls())
        return onto(window.search.box)(data)

    pointer.append(look)
    drag_keyframe(desktop, 1)
    assert offered == [False]
    qtbot.waitUntil(lambda: searched_for(desktop) is not None, timeout=SLOW)
