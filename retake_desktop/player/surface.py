"""The screen that video frames are painted on."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from retake_core.display import printable
from retake_core.media.subtitles.file import SUFFIXES
from retake_desktop.common.desktop_files import dropped_paths
from retake_desktop.common.theme import theme
from retake_desktop.player.caption import Caption, paint_caption


class VideoSurface(QWidget):
    """Paints the newest frame as large as fits. A QVideoWidget could neither be overlaid nor grabbed."""

    clicked = Signal()
    shown = Signal()  # another frame
    double_clicked = Signal()
    menu_wanted = Signal(QPoint)  # on the screen
    subtitles_dropped = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self._preview: QPixmap | None = None
        self._focus_by_key = False
        self.note = ""
        self.caption = Caption()
        self._covered = 0  # pixels at the bottom that something lies over
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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
        self._set_note("")
        self.shown.emit()

    def show_preview(self, pixmap: QPixmap) -> None:
        """Paint a small picture of the frame that is on its way."""
        self._preview = pixmap
        self.update()

    def show_note(self, text: str) -> None:
        """Write a sentence over the picture."""
        self._set_note(printable(text, keep="\n"))

    def show_caption(self, caption: Caption) -> None:
        """Write over the picture what is said."""
        if caption != self.caption:
            self.caption = caption
            self._tell()

    def set_covered(self, height: int) -> None:
        """Keep what is written above what lies over the bottom."""
        self._covered = height
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.image = QImage()
        self._preview = None
        self._set_note("")

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
        elif self.caption.text and not (picture := self._picture()).isEmpty():
            paint_caption(painter, picture, self.height() - self._covered, self.caption, self.font())
        if self.hasFocus() and self._focus_by_key:
            painter.setPen(QPen(QColor(theme.colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _set_note(self, note: str) -> None:
        if note != self.note:
            self.note = note
            self._tell()
        self.update()

    def _tell(self) -> None:
        """Let a screen reader have what is written over the picture."""
        self.setAccessibleDescription(self.note or self.caption.text)
        self.update()

    def _picture(self) -> QRectF:
        """Return where the picture is."""
        return QRectF() if self.image.isNull() else self._fitted(self.image.size())

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

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show a frame to those who come with a key."""
        self._focus_by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of the picture."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_wanted.emit(self.mapToGlobal(self.rect().center()) if by_key else event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take a subtitle file; all else is for the window."""
        if _subtitle_file(event) is None:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Tell of a subtitle file."""
        if (path := _subtitle_file(event)) is not None:
            event.acceptProposedAction()
            self.subtitles_dropped.emit(path)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tell of a click."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Tell of a double click."""
        self.double_clicked.emit()


def _subtitle_file(event: QDropEvent) -> Path | None:
    """Return the subtitle file that is dropped, if it is one and nothing else."""
    paths = dropped_paths(event.mimeData().urls())
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in SUFFIXES else None
