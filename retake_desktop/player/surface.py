"""The screen that video frames are painted on."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from retake_core.display import printable
from retake_desktop.common.theme import theme


class VideoSurface(QWidget):
    """Paints the newest frame as large as fits. A QVideoWidget could neither be overlaid nor grabbed."""

    clicked = Signal()
    shown = Signal()  # another frame
    double_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self._preview: QPixmap | None = None
        self.note = ""
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Video picture"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size that suits a window."""
        return QSize(640, 360)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the size below which a picture says nothing."""
        return QSize(240, 135)

    def show_image(self, image: QImage) -> None:
        """Paint a frame."""
        self.image = image
        self._preview = None
        self.note = ""
        self.update()
        self.shown.emit()

    def show_preview(self, pixmap: QPixmap) -> None:
        """Paint a small picture of the frame that is on its way."""
        self._preview = pixmap
        self.update()

    def show_note(self, text: str) -> None:
        """Write a sentence over the picture."""
        self.note = printable(text, keep="\n")
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.image = QImage()
        self._preview = None
        self.note = ""
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the frame and the note."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours.picture))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._preview is not None:
            painter.drawPixmap(self._fitted(self._preview.size()), self._preview, QRectF(self._preview.rect()))
        elif not self.image.isNull():
            painter.drawImage(self._fitted(self.image.size()), self.image)
        if self.note:
            self._paint_note(painter)

    def _fitted(self, picture: QSize) -> QRectF:
        size = picture.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def _paint_note(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = self.rect().adjusted(32, 16, -32, -16)
        text = painter.boundingRect(room, flags, self.note)
        box = text.adjusted(-14, -9, 14, 9)
        if not self.image.isNull():
            box.moveBottom(self.height() - 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 190))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(QColor("white"))
        painter.drawText(box, flags, self.note)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell of a click."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Tell of a double click."""
        self.double_clicked.emit()
