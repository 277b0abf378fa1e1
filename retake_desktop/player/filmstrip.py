"""The keyframes of a stretch of video side by side: the most prominent ones that fit, more when zoomed in."""

import math

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QGestureEvent, QListView, QPinchGesture, QSizePolicy

from retake_core.display import clock
from retake_core.library.keyframes import KeyframeEntry
from retake_desktop.common import safe_text
from retake_desktop.common.own_keys import ARROWS, claims_key
from retake_desktop.common.painting import paint_picture
from retake_desktop.common.theme import scaled_font, theme
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.player.timeline_model import ZOOM_STEP, Reel, most_prominent

MARGIN, GAP = 12, 6
PICTURE, CAPTION = 84, 20  # pixels of height
CORNER = 5  # pixels of a picture's corners
WIDEST = 1.5  # a picture is cropped to at most this many times its natural width, to fill the strip
NOTCH = 120  # of a wheel
ENSURE_VISIBLE = QAbstractItemView.ScrollHint.EnsureVisible
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


HIGH, MIDDLE = 2 / 3, 1 / 3  # prominence from which on it is called so
Index = QModelIndex | QPersistentModelIndex


class Filmstrip(QListView):
    """Wheel, + and - zoom; a click shows exactly that frame; it follows the player.

    It places and paints the pictures itself, and is a list so that a screen reader finds one, with its items.
    """

    menu_wanted = Signal(QPoint, float)  # on the screen, for the keyframe of this time

    def __init__(self, reel: Reel, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._reel = reel
        self._thumbnails = thumbnails
        self._aspect = 16 / 9
        self._hovered = -1
        self.shown: list[KeyframeEntry] = []
        self._items = QStandardItemModel(self)
        self._following = False  # whether the current item changes because the player moved
        self.setModel(self._items)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.setAccessibleName(self.tr("Filmstrip of keyframes"))
        reel.changed.connect(self._arrange)
        reel.moved.connect(self._follow)
        thumbnails.loaded.connect(lambda: self.viewport().update())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of pictures and captions."""
        return QSize(400, PICTURE + CAPTION + MARGIN)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same height; it may be narrow."""
        return QSize(0, self.sizeHint().height())

    def set_aspect(self, aspect: float) -> None:
        """Take the video's width divided by its height."""
        self._aspect = min(max(aspect, 0.5), 2.4)
        self._arrange()

    @property
    def current(self) -> int:
        """Which of the shown keyframes the playing time has come to, -1 before the first."""
        reached = [i for i, entry in enumerate(self.shown) if entry.time <= self._reel.time + 0.002]
        return reached[-1] if reached else -1

    def cell(self, i: int) -> QRectF:
        """Return where a keyframe's picture is."""
        natural = PICTURE * self._aspect
        room = (self.width() - 2 * MARGIN + GAP) / max(len(self.shown), 1) - GAP
        width = min(room, natural * WIDEST)
        return QRectF(MARGIN + i * (width + GAP), 2, width, PICTURE)

    def _capacity(self) -> int:
        natural = PICTURE * self._aspect
        return max(1, math.floor((self.width() - 2 * MARGIN + GAP) / (natural + GAP)))

    def _arrange(self) -> None:
        reel = self._reel
        self.shown = most_prominent(reel.keyframes, reel.start, reel.end, self._capacity(), reel.marked)
        self._hovered = -1
        self._following = True
        self._items.clear()
        for entry in self.shown:
            item = QStandardItem()
            item.setData(self._name(entry), Qt.ItemDataRole.AccessibleTextRole)
            self._items.appendRow(item)
        self._following = False
        self.setAccessibleDescription(
            self.tr("{shown} of {all} keyframes, from {start} to {end}").format(
                shown=len(self.shown), all=len(reel.keyframes), start=clock(reel.start), end=clock(reel.end)
            )
        )
        self._follow()

    def _name(self, entry: KeyframeEntry) -> str:
        if entry.prominence >= HIGH:
            text = self.tr("Keyframe at {time}, prominence high")
        elif entry.prominence >= MIDDLE:
            text = self.tr("Keyframe at {time}, prominence middle")
        else:
            text = self.tr("Keyframe at {time}, prominence low")
        return text.format(time=clock(entry.time))

    def _follow(self) -> None:
        """Let the current item be the keyframe that the playing time has come to."""
        if self.currentIndex().row() != self.current:
            self._following = True
            self.setCurrentIndex(self._items.index(self.current, 0))
            self._following = False
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Show the frame of an item that was chosen by other means than the keys and the mouse."""
        super().currentChanged(current, previous)
        if not self._following and current.isValid():
            self._reel.chosen.emit(self.shown[current.row()].time)

    def visualRect(self, index: Index) -> QRect:  # noqa: N802
        """Return where an item is."""
        return self.cell(index.row()).toAlignedRect() if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802
        """Return the item at a point."""
        return self._items.index(self._at(QPointF(point)), 0)

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = ENSURE_VISIBLE) -> None:  # noqa: N802
        """Stay: all items are in view."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the pictures with their times."""
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        colours = theme.colours
        if not self.shown:
            painter.setPen(QColor(colours.muted))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._nothing())
            return
        small = scaled_font(self.font(), 0.9)
        painter.setFont(small)
        current = self.current
        for i, entry in enumerate(self.shown):
            cell = self.cell(i)
            paint_picture(painter, cell, self._thumbnails.pixmap(entry.id), CORNER)
            if i == current or i == self._hovered:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                colour = colours.accent if i == current else colours.muted
                painter.setPen(QPen(QColor(colour), 2.5))
                painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), CORNER, CORNER)
            painter.setPen(QColor(colours.text if i == current else colours.muted))
            caption = QRectF(cell.left(), cell.bottom() + 2, cell.width(), CAPTION - 2)
            metrics = painter.fontMetrics()
            text = metrics.elidedText(self._caption(i), Qt.TextElideMode.ElideRight, round(cell.width()))
            painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, text)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawLine(QPointF(MARGIN, self.height() - 1), QPointF(self.width() - MARGIN, self.height() - 1))

    def _caption(self, i: int) -> str:
        """Return the time of a picture, and the title of its chapter where that is another than before."""
        time = self.shown[i].time
        chapter = self._reel.chapter_at(time)
        if not chapter or (i and chapter == self._reel.chapter_at(self.shown[i - 1].time)):
            return clock(time)
        return f"{clock(time)} {safe_text.line(chapter)}"

    def _nothing(self) -> str:
        if self._reel.keyframes:
            return self.tr("No keyframes in this stretch. Zoom out to see more.")
        return self.tr("No keyframes yet. They appear here while the video is indexed.")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Mark the picture under the mouse."""
        hovered = self._at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            pointing = Qt.CursorShape.PointingHandCursor if hovered >= 0 else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(pointing)
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take two quick clicks as two."""
        self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Do nothing more: the press has shown the frame."""

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show exactly the frame that was clicked."""
        i = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and i >= 0:
            self._reel.chosen.emit(self.shown[i].time)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of a picture; the menu key means the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        i = self.current if by_key else self._at(QPointF(event.pos()))
        if i >= 0:
            point = self.cell(i).center().toPoint() if by_key else event.pos()
            self.menu_wanted.emit(self.mapToGlobal(point), self.shown[i].time)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom around the picture under the mouse; sideways moves along."""
        delta = event.angleDelta()
        if abs(delta.x()) > abs(delta.y()):
            self._reel.pan(-delta.x() / NOTCH * 0.1)
        else:
            i = self._at(event.position())
            self._reel.zoom(delta.y() / NOTCH, self.shown[i].time if i >= 0 else None)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Keep the arrows for itself."""
        return claims_key(event, ARROWS, shifted=False) or bool(super().event(event))

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Zoom by pinching, on a touch pad or a touch screen."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._pinch(1 + event.value(), event.position())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch.scaleFactor(), self.viewport().mapFromGlobal(pinch.centerPoint()))
                return True
        return bool(super().viewportEvent(event))

    def _pinch(self, factor: float, middle: QPointF) -> None:
        i = self._at(middle)
        if factor > 0:
            self._reel.zoom(-math.log(factor) / math.log(ZOOM_STEP), self.shown[i].time if i >= 0 else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk along the pictures with the arrows."""
        if event.key() in _STEPS and self.shown:
            i = min(max(self.current + _STEPS[Qt.Key(event.key())], 0), len(self.shown) - 1)
            self._reel.chosen.emit(self.shown[i].time)
        else:
            event.ignore()  # a list would look for what is typed

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Choose anew how many fit."""
        super().resizeEvent(event)
        self._arrange()

    def keyframe_at(self, point: QPointF) -> KeyframeEntry | None:
        """Return the keyframe whose picture is at a point."""
        i = self._at(point)
        return self.shown[i] if i >= 0 else None

    def _at(self, point: QPointF) -> int:
        return next((i for i in range(len(self.shown)) if self.cell(i).contains(point)), -1)
