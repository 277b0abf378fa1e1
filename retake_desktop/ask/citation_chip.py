"""A cited moment as a button: its picture, its time, and how much of the answer rests on it."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from retake_core.display import clock
from retake_core.protocol.question_events import Cited
from retake_desktop.common import safe_text
from retake_desktop.common.painting import covering
from retake_desktop.common.theme import scaled_font, theme
from retake_desktop.engine.thumbnails import Thumbnails

PICTURE, NAME = 54, 18  # pixels of height


class CitationChip(QAbstractButton):
    """Paints a thumbnail with its time; a click or Enter goes there.

    Args:
        cited: the moment.
        name: of its video, "" where that goes without saying.
    """

    menu_wanted = Signal(QPoint)  # on the screen

    def __init__(self, cited: Cited, name: str, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.cited, self._name = cited, name
        self._thumbnails = thumbnails
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        told = self.tr("{start} to {end}, strength {strength}").format(
            start=clock(cited.start), end=clock(cited.end), strength=f"{cited.strength:.0%}"
        )
        self.setToolTip(safe_text.tip(f"{name}\n{told}" if name else told))
        self.setAccessibleName(self.tr("Show {time}").format(time=f"{clock(cited.time)} {name}".strip()))
        thumbnails.loaded.connect(self.update)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of the moment."""
        self.menu_wanted.emit(event.globalPos())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the picture and the name."""
        return QSize(84, PICTURE + (NAME if self._name else 0))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the smallest size that shows the time."""
        return QSize(56, self.sizeHint().height())

    def enterEvent(self, _event: QEnterEvent) -> None:  # noqa: N802
        """Light up."""
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802
        """Go dim again."""
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let Enter do what a click does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint picture, time, strength and name."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        colours = theme.colours
        box = QRectF(1, 1, self.width() - 2, PICTURE - 2)
        path = QPainterPath()
        path.addRoundedRect(box, 5, 5)
        painter.fillPath(path, QColor(colours.picture))
        keyframe = self.cited.keyframe_id
        pixmap = None if keyframe is None else self._thumbnails.pixmap(keyframe)
        painter.save()
        painter.setClipPath(path)
        if pixmap is not None:
            painter.drawPixmap(box, pixmap, covering(pixmap, box))
        painter.fillRect(QRectF(box.left(), box.bottom() - 3, box.width(), 3), QColor(0, 0, 0, 140))
        strength = QRectF(box.left(), box.bottom() - 3, box.width() * min(self.cited.strength, 1.0), 3)
        painter.fillRect(strength, QColor(colours.citation))
        painter.restore()
        self._paint_time(painter, box)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 5, 5)
        if self._name:
            painter.setPen(QColor(colours.muted))
            font = scaled_font(self.font(), 0.85)
            painter.setFont(font)
            name = QFontMetrics(font).elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width())
            painter.drawText(QRectF(0, PICTURE, self.width(), NAME), Qt.AlignmentFlag.AlignCenter, name)

    def _paint_time(self, painter: QPainter, box: QRectF) -> None:
        font = scaled_font(self.font(), 0.85, bold=True)
        metrics, text = QFontMetrics(font), clock(self.cited.time)
        pill = QRectF(0, 0, metrics.horizontalAdvance(text) + 10, metrics.height() + 2)
        pill.moveBottomRight(box.bottomRight() - QPointF(4, 6))
        painter.setFont(font)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 190))
        painter.drawRoundedRect(pill, 4, 4)
        painter.setPen(QColor("white"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
