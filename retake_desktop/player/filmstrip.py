"""The keyframes of a stretch of video side by side: the most prominent ones that fit, more when zoomed in."""

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
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
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from retake_core.display import clock
from retake_core.library.catalog import KeyframeEntry
from retake_desktop.common.painting import paint_picture
from retake_desktop.common.theme import scaled_font, theme
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.player.own_keys import ARROWS, claims_key
from retake_desktop.player.timeline_model import ZOOM_STEP, Reel, most_prominent

MARGIN, GAP = 12, 6
PICTURE, CAPTION = 84, 20  # pixels of height
CORNER = 5  # pixels of a picture's corners
WIDEST = 1.5  # a picture is cropped to at most this many times its natural width, to fill the strip
NOTCH = 120  # of a wheel
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Filmstrip(QWidget):
    """Wheel, + and - zoom; a click shows exactly that frame; it follows the player."""

    menu_wanted = Signal(QPoint, float)  # on the screen, for the keyframe of this time

    def __init__(self, reel: Reel, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._reel = reel
        self._thumbnails = thumbnails
        self._aspect = 16 / 9
        self._hovered = -1
        self.shown: list[KeyframeEntry] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setAccessibleName(self.tr("Filmstrip of keyframes"))
        reel.changed.connect(self._arrange)
        reel.moved.connect(self.update)
        thumbnails.loaded.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of pictures and captions."""
        return QSize(400, PICTURE + CAPTION + MARGIN)

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
        self.shown = most_prominent(reel.keyframes, reel.start, reel.end, self._capacity())
        self._hovered = -1
        self.setAccessibleDescription(
            self.tr("{shown} of {all} keyframes, from {start} to {end}").format(
                shown=len(self.shown), all=len(reel.keyframes), start=clock(reel.start), end=clock(reel.end)
            )
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the pictures with their times."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        colours = theme.colours
        if not self.shown:
            painter.setPen(QColor(colours.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._nothing())
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
            painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, clock(entry.time))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawLine(QPointF(MARGIN, self.height() - 1), QPointF(self.width() - MARGIN, self.height() - 1))

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
            self.setCursor(pointing)
            self.update()

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
        """Keep the arrows for itself; zoom by pinching, on a touch pad or a touch screen."""
        if claims_key(event, ARROWS, shifted=False):
            return True
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._pinch(1 + event.value(), event.position())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch.scaleFactor(), self.mapFromGlobal(pinch.centerPoint()))
                return True
        return bool(super().event(event))

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
            super().keyPressEvent(event)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802
        """Choose anew how many fit."""
        self._arrange()

    def keyframe_at(self, point: QPointF) -> KeyframeEntry | None:
        """Return the keyframe whose picture is at a point."""
        i = self._at(point)
        return self.shown[i] if i >= 0 else None

    def _at(self, point: QPointF) -> int:
        return next((i for i in range(len(self.shown)) if self.cell(i).contains(point)), -1)
