"""A small picture with its time above the mouse."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from retake_desktop.common.theme import theme

WIDTH, CAPTION, BORDER = 192, 22, 3


class HoverPreview(QWidget):
    """Lies over its window, takes no mouse and no focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._pixmap: QPixmap | None = None
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_above(self, point: QPoint, pixmap: QPixmap | None, text: str) -> None:
        """Show a picture and a text.

        Args:
            point: of the window; the preview stands on it, and stays inside the window.
            pixmap: or None while it is not there, or there is none.
            text: below the picture.
        """
        self._pixmap, self._text = pixmap, text
        needed = self.fontMetrics().horizontalAdvance(text) + 20
        size = QSize(needed, CAPTION + 2 * BORDER)
        if pixmap is not None:
            height = round(WIDTH * pixmap.height() / max(pixmap.width(), 1))
            size = QSize(max(WIDTH, needed), min(height, WIDTH)) + QSize(2 * BORDER, CAPTION + 2 * BORDER)
        box = QRect(QPoint(point.x() - size.width() // 2, point.y() - size.height()), size)
        room = self._window.rect()
        box.moveLeft(max(room.left() + 4, min(box.left(), room.right() - box.width() - 4)))
        self.setGeometry(box)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture over its time."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QColor(theme.colours.line))
        painter.setBrush(QColor(theme.colours.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        if self._pixmap is not None:
            room = self.rect().adjusted(BORDER, BORDER, -BORDER, -CAPTION - BORDER)
            size = self._pixmap.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left = room.left() + (room.width() - size.width()) // 2
            painter.drawPixmap(QRect(QPoint(left, room.top()), size), self._pixmap)
        painter.setPen(QColor(theme.colours.text))
        caption = self.rect().adjusted(0, self.height() - CAPTION - BORDER, 0, -BORDER)
        painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, self._text)
