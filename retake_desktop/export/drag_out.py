"""Dragging moments out of the window: the desktop, or another program, receives a clip.

Other programs take a file only by its address, and ask for that while the mouse still moves over them. So the file
has to be there before the drag begins: the worker makes it while the button is held down, which takes a moment
where packets are copied. The window never waits; where it takes longer, the next drag of the same picture has it.
"""

import os
from collections.abc import Callable
from pathlib import Path
from time import time

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from retake_core.library.catalog import VideoEntry
from retake_core.protocol.export_order import Order, Report, Wanted
from retake_core.system.files import delete
from retake_desktop.engine.desk import Desk
from retake_desktop.export.jobs import Exports
from retake_desktop.export.names import clip_name

KEPT = 86_400.0  # seconds that a clip which was dragged stays: programs may use it where it lies

Locate = Callable[[QPoint], tuple[VideoEntry, Wanted, QPixmap | None] | None]
"""What is under the mouse in a widget: a moment with its video and its picture."""


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
        self._waiting: dict[int, tuple[QWidget, QPixmap | None]] = {}
        exports.made.connect(self._made)
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
            self._release()
        elif event.type() == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            return self._move(watched, point)
        return super().eventFilter(watched, event)

    def _move(self, widget: QWidget, point: QPoint) -> bool:
        """Return whether the movement is a drag."""
        if self._waiting:
            return True
        if self._pressed is None or self._pressed[0] is not widget:
            return False
        begin = self._pressed[1]
        if (point - begin).manhattanLength() < QApplication.startDragDistance():
            return False
        self._pressed = None
        place = self._places[widget](begin)
        if place is None or place[0].offline:
            return False
        video, moment, pixmap = place
        target = self._target(video, moment)
        if target.exists():
            self._drag(widget, target, pixmap)
        else:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            order = Order("clip", os.fspath(target), moments=(moment,), replace=True)
            self._waiting[self._exports.start(order, quiet=True)] = (widget, pixmap)
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
        return True

    def _target(self, video: VideoEntry, moment: Wanted) -> Path:
        place = f"{video.fingerprint}-{round(moment.start * 1000)}-{round(moment.end * 1000)}"
        return self._folder / place / f"{clip_name(video, moment)}.mp4"

    def _release(self) -> None:
        self._pressed = None
        if self._waiting:
            self._notice.tell(self.tr("The clip is still being made. Drag the picture again in a moment."))

    def _made(self, job: int, report: Report | None) -> None:
        waiting = self._waiting.pop(job, None)
        if waiting is None:
            return
        widget, pixmap = waiting
        QGuiApplication.restoreOverrideCursor()
        held = QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton
        if report is not None and held and widget in self._places:
            self._drag(widget, Path(report.target), pixmap)

    def _drag(self, widget: QWidget, clip: Path, pixmap: QPixmap | None) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(os.fspath(clip))])
        drag = QDrag(widget)
        drag.setMimeData(data)
        if pixmap is not None:
            drag.setPixmap(pixmap.scaledToHeight(72, Qt.TransformationMode.SmoothTransformation))
        drag.exec(Qt.DropAction.CopyAction)


def _forget_old(folder: Path) -> None:
    """Delete the clips that were dragged on other days."""
    if not folder.is_dir():
        return
    for place in folder.iterdir():
        if time() - place.stat().st_mtime > KEPT:
            delete(place)
