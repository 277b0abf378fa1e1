"""Dragging moments: the search takes the moment itself, the desktop and other programs receive a clip.

Other programs take a file only by its address, and only once it is there. So the clip is promised: the worker
begins it when the drag begins, which takes a moment where packets are copied; who asks for it waits for its end.
"""

import os
from collections.abc import Callable
from pathlib import Path
from time import time

from PySide6.QtCore import QEvent, QEventLoop, QMetaType, QMimeData, QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from retake_core.library.catalog import VideoEntry
from retake_core.protocol.export_order import Order, Wanted
from retake_core.system.files import delete
from retake_desktop.common.dragged_pictures import put_moment
from retake_desktop.engine.desk import Desk
from retake_desktop.export.jobs import Exports
from retake_desktop.export.names import clip_name

KEPT = 86_400.0  # seconds that a clip which was dragged stays: programs may use it where it lies
PATIENCE_MS = 20_000  # that a program which asked for a clip is kept waiting; most give up after five to thirty
FILES = "text/uri-list"

DraggedMoment = tuple[VideoEntry, Wanted, QPixmap | None]
Locate = Callable[[QPoint], DraggedMoment | None]
"""What is under the mouse in a widget: a moment with its video and its picture."""


class PromisedClip(QMimeData):
    """A moment, and the address of a clip of it, which is asked for where it is dropped outside the window."""

    def __init__(self, moment: Wanted, fetch: Callable[[], Path | None]) -> None:
        super().__init__()
        put_moment(self, moment.video_id, moment.time)
        self._fetch = fetch

    def formats(self) -> list[str]:
        """Tell of the clip without making it."""
        return [*super().formats(), FILES]

    def hasFormat(self, kind: str) -> bool:  # noqa: N802
        """Return whether it can be given out as this."""
        return kind in self.formats()

    def retrieveData(self, kind: str, wanted: QMetaType | QMetaType.Type) -> object:  # noqa: N802
        """Give out the clip once it is there."""
        if kind != FILES:
            return super().retrieveData(kind, wanted)
        clip = self._fetch()
        return [] if clip is None else [QUrl.fromLocalFile(os.fspath(clip))]


class DragOut(QObject):
    """Makes moments draggable in the widgets that are given to it.

    Args:
        desk: its notice tells of clips that are not ready; its background removes those of other days.
        exports: makes the clips.
    """

    def __init__(self, desk: Desk, exports: Exports) -> None:
        super().__init__(desk.window)
        self._exports, self._notice = exports, desk.notice
        self._folder = desk.data_dir.dragged
        self._places: dict[QObject, Locate] = {}
        self._pressed: tuple[QWidget, QPoint] | None = None
        desk.background.run(lambda _: _forget_old(self._folder), lambda _: None)

    def watch(self, widget: QWidget, locate: Locate) -> None:
        """Let moments be dragged out of a widget."""
        self._places[widget] = locate
        widget.installEventFilter(self)
        widget.destroyed.connect(lambda: self._places.pop(widget, None))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Begin a drag where the mouse was pressed on a moment and has moved."""
        if watched not in self._places or not isinstance(event, QMouseEvent) or not isinstance(watched, QWidget):
            return super().eventFilter(watched, event)
        point = event.position().toPoint()
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (watched, point)
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._pressed = None
        elif event.type() == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            return self._move(watched, point)
        return super().eventFilter(watched, event)

    def _move(self, widget: QWidget, point: QPoint) -> bool:
        """Return whether the movement is a drag."""
        if self._pressed is None or self._pressed[0] is not widget:
            return False
        begin = self._pressed[1]
        if (point - begin).manhattanLength() < QApplication.startDragDistance():
            return False
        self._pressed = None
        dragged = self._places[widget](begin)
        if dragged is not None:
            self._drag(widget, dragged)
        return dragged is not None

    def _drag(self, widget: QWidget, dragged: DraggedMoment) -> None:
        video, moment, pixmap = dragged
        target = self._target(video, moment)
        job = None if video.offline or target.exists() else self._make(moment, target)
        drag = QDrag(widget)
        drag.setMimeData(self._data(moment, target, job, offline=video.offline))
        if pixmap is not None:
            drag.setPixmap(pixmap.scaledToHeight(72, Qt.TransformationMode.SmoothTransformation))
        action = drag.exec(Qt.DropAction.CopyAction)
        inside = drag.target() is not None
        if job in self._exports.running and (inside or action == Qt.DropAction.IgnoreAction):
            self._exports.stop(job)  # nobody will ask for it

    def _data(self, moment: Wanted, target: Path, job: int | None, *, offline: bool) -> QMimeData:
        if not offline:
            return PromisedClip(moment, lambda: self._wait_for(target, job))
        data = QMimeData()
        put_moment(data, moment.video_id, moment.time)
        return data

    def _target(self, video: VideoEntry, moment: Wanted) -> Path:
        place = f"{video.fingerprint}-{round(moment.start * 1000)}-{round(moment.end * 1000)}"
        return self._folder / place / f"{clip_name(video, moment)}.mp4"

    def _make(self, moment: Wanted, target: Path) -> int:
        """Return the job that makes a clip; it may run since it was dragged before."""
        for job, export in self._exports.running.items():
            if export.order.target == os.fspath(target):
                return job
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._exports.start(Order("clip", os.fspath(target), moments=(moment,), replace=True), quiet=True)

    def _wait_for(self, target: Path, job: int | None) -> Path | None:
        """Return the clip when it is there; the window goes on working meanwhile."""
        if job in self._exports.running:
            loop = QEventLoop()

            def leave(made: int) -> None:
                if made == job:
                    loop.quit()

            self._exports.made.connect(leave)
            QTimer.singleShot(PATIENCE_MS, loop, loop.quit)
            loop.exec()
            self._exports.made.disconnect(leave)
        if job in self._exports.running:
            self._notice.tell(self.tr("The clip is still being made. Drag the picture again in a moment."))
        return target if target.exists() else None


def _forget_old(folder: Path) -> None:
    """Delete the clips that were dragged on other days."""
    if not folder.is_dir():
        return
    for place in folder.iterdir():
        if time() - place.stat().st_mtime > KEPT:
            delete(place)
