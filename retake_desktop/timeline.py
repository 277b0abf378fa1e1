"""The whole video as a line: keyframes as bars, search hits, and where the player is."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from retake_core.clock import clock
from retake_desktop.reel import Reel
from retake_desktop.theme import theme

MARGIN = 12.0
SNAP = 5.0  # pixels around a marker within which a click means the keyframe


class Timeline(QWidget):
    """Height of a bar = prominence. A click goes there; near a bar it shows exactly that keyframe."""

    sought = Signal(float)

    def __init__(self, reel: Reel) -> None:
        super().__init__()
        self._reel = reel
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Timeline"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        reel.changed.connect(self.update)
        reel.moved.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of the bars and the hits."""
        return QSize(400, 48)

    def x_of(self, time: float) -> float:
        """Return where a time lies."""
        return MARGIN + (self.width() - 2 * MARGIN) * time / max(self._reel.duration, 1e-3)

    def time_at(self, x: float) -> float:
        """Return the time at a place, that of a keyframe when its bar is near."""
        nearest = min(self._reel.keyframes, key=lambda k: abs(self.x_of(k.time) - x), default=None)
        if nearest is not None and abs(self.x_of(nearest.time) - x) <= SNAP:
            return nearest.time
        share = (x - MARGIN) / max(self.width() - 2 * MARGIN, 1)
        return min(max(share, 0.0), 1.0) * self._reel.duration

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint range, bars, hits and playhead."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, reel = theme.colours, self._reel
        painter.setPen(Qt.PenStyle.NoPen)
        top, bottom = 4.0, self.height() - 10.0
        painter.setBrush(QColor(colours.raised))
        shown = QRectF(self.x_of(reel.start), top, self.x_of(reel.end) - self.x_of(reel.start), bottom - top + 6)
        painter.drawRoundedRect(shown, 4, 4)
        painter.setBrush(QColor(colours.line))
        painter.drawRect(QRectF(MARGIN, bottom, self.width() - 2 * MARGIN, 2))
        painter.setBrush(QColor(colours.accent))
        painter.drawRect(QRectF(MARGIN, bottom, self.x_of(min(reel.time, reel.duration)) - MARGIN, 2))
        self._paint_bars(painter, top + 6, bottom - 1)
        self._paint_hits(painter, top, bottom)
        x = self.x_of(min(reel.time, reel.duration))
        painter.setPen(QPen(QColor(colours.text), 2))
        painter.drawLine(QPointF(x, top - 2), QPointF(x, bottom + 6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.text))
        painter.drawEllipse(QPointF(x, bottom + 1), 5, 5)

    def _paint_bars(self, painter: QPainter, top: float, bottom: float) -> None:
        colour = QColor(theme.colours.accent)
        heights: dict[int, float] = {}  # at most one bar a pixel, however many keyframes there are
        for entry in self._reel.keyframes:
            x = round(self.x_of(entry.time))
            heights[x] = max(heights.get(x, 0.0), entry.prominence)
        for x, prominence in heights.items():
            height = max(4.0, (bottom - top) * prominence)
            painter.fillRect(QRectF(x - 1, bottom - height, 2, height), colour)

    def _paint_hits(self, painter: QPainter, top: float, bottom: float) -> None:
        colour = QColor(theme.colours.hit)
        veil = QColor(colour)
        veil.setAlpha(48)
        for start, end, best in self._reel.hits:
            x, width = self.x_of(start), max(self.x_of(end) - self.x_of(start), 3.0)
            painter.fillRect(QRectF(x, top, width, bottom - top), veil)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(self.x_of(best), top + 3), 3.5, 3.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.sought.emit(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Scrub while the button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self.time_at(event.position().x()))

    def event(self, event: QEvent) -> bool:
        """Tell the time under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), clock(self.time_at(event.pos().x())), self)
            return True
        return bool(super().event(event))
