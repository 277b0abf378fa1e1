"""The handles of a marked range on the timeline."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QWidget

from retake_desktop.common.own_keys import ARROWS, claims_key
from retake_desktop.common.theme import theme
from retake_desktop.player.time_display import hundredths

WIDTH = 12
LARGE = 25  # frames, with Shift
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class TrimHandle(QAbstractSlider):
    """Is dragged with the pointer, and moved with the arrows; to a screen reader it is a slider."""

    dragged = Signal(float)  # to this x of its parent
    stepped = Signal(int)  # by so many frames

    def __init__(self, parent: QWidget, name: str, *, opens: bool) -> None:
        super().__init__(parent)
        self._opens = opens
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.hide()

    def place(self, x: float, height: int, time: float, duration: float) -> None:
        """Stand at an x of the parent, which means a time."""
        left = round(x) - (WIDTH if self._opens else 0)
        self.setGeometry(left, 0, WIDTH, height)
        self.setRange(0, round(duration))
        self.setValue(round(time))
        self.setAccessibleDescription(hundredths(time))

    def event(self, event: QEvent) -> bool:
        """Keep the arrows, which elsewhere move the player."""
        if claims_key(event, ARROWS):
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move by a frame, or by more with Shift."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
        else:
            self.stepped.emit(step * (LARGE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Be taken."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Be let go."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self.mapToParent(event.position()).x() + (WIDTH / 2 if self._opens else -WIDTH / 2))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to others."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint a grip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours
        painter.setPen(QPen(QColor(colours.text), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)
        painter.setPen(QPen(QColor(colours.on_accent), 1.5))
        middle = QRectF(self.rect()).center()
        for x in (-1.5, 1.5):
            painter.drawLine(middle + QPointF(x, -5), middle + QPointF(x, 5))
