"""A video as a card: poster, title, date, badges."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from retake_core.display import clock
from retake_desktop.common import safe_text, wording
from retake_desktop.common.painting import covering
from retake_desktop.common.theme import scaled_font, theme
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.library.model import ShownVideos, VideoGridModel, VideoItem

PADDING = 8
TEXT_HEIGHT = 46
NARROWEST = 200  # pixels of a card


def card_height(width: int) -> int:
    """Return how high a card of this width is: a 16:9 poster, two lines and padding."""
    return round((width - 2 * PADDING) * 9 / 16) + TEXT_HEIGHT + 2 * PADDING


class VideoDelegate(QStyledItemDelegate):
    """Paints cards.

    Attributes:
        scrub: the video under the mouse and the keyframe to show instead of its poster.
    """

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self.scrub: tuple[int, int, float] | None = None  # video id, keyframe id, share of the way across
        self.size = QSize(NARROWEST, card_height(NARROWEST))

    def sizeHint(  # noqa: N802
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size that all cards share."""
        return self.size

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a card."""
        item: VideoItem = index.data(VideoGridModel.ITEM)
        colours = theme.colours
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        card = QRectF(option.rect).adjusted(2, 2, -2, -2)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(colours.accent), 2) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.panel))
            painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), 8, 8)
        inner = card.adjusted(PADDING - 2, PADDING - 2, 2 - PADDING, 2 - PADDING)
        poster = QRectF(inner.left(), inner.top(), inner.width(), inner.width() * 9 / 16)
        self._paint_poster(painter, poster, item)
        self._paint_text(painter, QRectF(inner.left(), poster.bottom() + 6, inner.width(), 40), option, item)
        painter.restore()

    def _paint_poster(self, painter: QPainter, box: QRectF, item: VideoItem) -> None:
        path = QPainterPath()
        path.addRoundedRect(box, 6, 6)
        painter.fillPath(path, QColor(theme.colours.picture))
        scrub = self.scrub if self.scrub is not None and self.scrub[0] == item.entry.id else None
        keyframe = item.poster if scrub is None else scrub[1]
        pixmap = None if keyframe is None else self._thumbnails.pixmap(keyframe)
        painter.save()
        painter.setClipPath(path)
        if pixmap is not None:
            if item.state is ShownVideos.OFFLINE:
                painter.setOpacity(0.45)
            painter.drawPixmap(box, pixmap, covering(pixmap, box))
            painter.setOpacity(1)
        if scrub is not None:
            bar = QRectF(box.left(), box.bottom() - 3, box.width(), 3)
            painter.fillRect(bar, QColor(0, 0, 0, 120))
            bar.setWidth(box.width() * scrub[2])
            painter.fillRect(bar, QColor(theme.colours.accent))
        painter.restore()
        if item.entry.duration:
            _pill(painter, box, clock(item.entry.duration), QColor(0, 0, 0, 190), bottom=True)
        badge = self._badge(item)
        if badge is not None:
            _pill(painter, box, *badge)

    def _badge(self, item: VideoItem) -> tuple[str, QColor] | None:
        match item.state:
            case ShownVideos.FAILED:
                return self.tr("Failed"), QColor("#b3261e")
            case ShownVideos.OFFLINE:
                return self.tr("Offline"), QColor("#5b4300")
            case ShownVideos.WAITING:
                return self.tr("Waiting"), QColor(0, 0, 0, 190)
            case _ if item.ready:
                return self.tr("Ready to ask"), QColor("#5b2a9d")
            case _:
                return None

    def _paint_text(self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, item: VideoItem) -> None:
        colours = theme.colours
        font = scaled_font(option.font, 1.0, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        title = QFontMetrics(font).elidedText(
            safe_text.stem(item.entry.path), Qt.TextElideMode.ElideMiddle, round(box.width())
        )
        painter.drawText(QRectF(box.left(), box.top(), box.width(), 20), Qt.AlignmentFlag.AlignVCenter, title)
        small = scaled_font(option.font, 0.9)
        painter.setFont(small)
        failed = item.state is ShownVideos.FAILED
        painter.setPen(QColor(colours.danger if failed else colours.muted))
        line = QFontMetrics(small).elidedText(
            safe_text.line(item.entry.error or "") if failed else self._facts(item),
            Qt.TextElideMode.ElideRight,
            round(box.width()),
        )
        painter.drawText(QRectF(box.left(), box.top() + 20, box.width(), 18), Qt.AlignmentFlag.AlignVCenter, line)

    def _facts(self, item: VideoItem) -> str:
        date = wording.day(item.date)
        if item.state is ShownVideos.WAITING:
            return date
        return f"{date}  ·  " + wording.keyframes(item.entry.keyframes)


def _pill(painter: QPainter, box: QRectF, text: str, colour: QColor, *, bottom: bool = False) -> None:
    """Paint a label into the top left corner of a box, or the bottom right one."""
    font = scaled_font(painter.font(), 0.85, bold=True)
    metrics = QFontMetrics(font)
    pill = QRectF(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 4)
    if bottom:
        pill.moveBottomRight(box.bottomRight() - QPointF(6, 6))
    else:
        pill.moveTopLeft(box.topLeft() + QPointF(6, 6))
    painter.save()
    painter.setFont(font)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(pill, 4, 4)
    painter.setPen(QColor("white"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
