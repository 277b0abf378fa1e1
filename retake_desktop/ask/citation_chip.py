"""A cited moment as a button: its picture, its time, and how much of the answer rests on it."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from retake_core.display import clock
from retake_core.protocol.question_events import Cited
from retake_desktop.common import safe_text
from retake_desktop.common.own_keys import ENTER
from retake_desktop.common.painting import paint_picture, paint_pill, paint_share
from retake_desktop.common.theme import scaled_font, theme
from retake_desktop.engine.thumbnails import Thumbnails

PICTURE, NAME = 54, 18  # pixels of height
CORNER, INSET = 5, 5  # pixels of the picture's corners, and from its edges to its time


class CitationChip(QAbstractButton):
    """Paints a thumbnail with its time, and a question mark where a second look does not confirm it.

    A click or Enter goes there.

    Args:
        cited: the moment.
        name: of its video, "" where there is only one.
    """

    menu_wanted = Signal(QPoint)  # on the screen

    def __init__(self, cited: Cited, name: str, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.cited, self.name = cited, name
        self._thumbnails = thumbnails
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        facts = self.tr("{start} to {end}").format(start=clock(cited.start), end=clock(cited.end))
        doubt = self.tr("The second look does not confirm it.") if cited.confirmed is False else ""
        self.setToolTip(safe_text.tip("\n".join(line for line in (name, facts, doubt) if line)))
        self.setAccessibleName(self.tr("Show {time}").format(time=f"{clock(cited.time)} {name}".strip()))
        self.setAccessibleDescription(doubt)
        thumbnails.loaded.connect(self.update)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for the menu of the moment."""
        self.menu_wanted.emit(event.globalPos())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the picture and the name."""
        return QSize(84, PICTURE + (NAME if self.name else 0))

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
        if event.key() in ENTER:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint picture, time, strength and name."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        colours = theme.colours
        box = QRectF(1, 1, self.width() - 2, PICTURE - 2)
        keyframe = self.cited.keyframe_id
        paint_picture(painter, box, None if keyframe is None else self._thumbnails.pixmap(keyframe), CORNER)
        paint_share(painter, box, min(self.cited.strength, 1.0), colours.citation, CORNER)
        paint_pill(painter, box, clock(self.cited.time), self.font(), inset=INSET)
        if self.cited.confirmed is False:
            paint_pill(painter, box, "?", self.font(), inset=INSET, top=True)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, CORNER, CORNER)
        if self.name:
            painter.setPen(QColor(colours.muted))
            font = scaled_font(self.font(), 0.85)
            painter.setFont(font)
            name = QFontMetrics(font).elidedText(self.name, Qt.TextElideMode.ElideMiddle, self.width())
            painter.drawText(QRectF(0, PICTURE, self.width(), NAME), Qt.AlignmentFlag.AlignCenter, name)
