"""A video as a card: poster, title, date, badges."""

from PySide6.QtCore import QAbstractItemModel, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from retake_core.display import clock
from retake_desktop.common import safe_text, wording
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.painting import paint_picture, paint_pill, paint_share
from retake_desktop.common.qt_types import ModelIndex
from retake_desktop.common.theme import scaled, scaled_font, theme
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.library import mark_words
from retake_desktop.library.model import ShownVideos, VideoGridModel, VideoItem
from retake_desktop.library.title_editor import TitleEditor

PADDING = 8
FACTS = 120  # pixels of the usual card's width that text needs
GAP = 6  # pixels between the poster and the title
USUAL = 200  # pixels of a card, until it is fitted
CORNER, INSET = 6, 6  # pixels of the poster's corners, and from its edges to its labels
OFFLINE_OPACITY = 0.45


def title_height() -> int:
    """Return the pixels of the line with the title."""
    return scaled(20)


def facts_height() -> int:
    """Return the pixels of the line below the title."""
    return scaled(18)


def card_height(width: int) -> int:
    """Return how high a card of this width is: a 16:9 poster, two lines and padding."""
    text = GAP + title_height() + facts_height() + 2
    return round((width - 2 * PADDING) * 9 / 16) + text + 2 * PADDING


class VideoDelegate(QStyledItemDelegate):
    """Paints cards.

    Attributes:
        scrub: the video under the mouse and the keyframe to show instead of its poster.
    """

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self.scrub: tuple[int, int, float] | None = None  # video id, keyframe id, share of the way across
        self.size = QSize(USUAL, card_height(USUAL))

    def sizeHint(self, _option: QStyleOptionViewItem, _index: ModelIndex) -> QSize:  # noqa: N802
        """Return the size that all cards share."""
        return self.size

    def createEditor(  # noqa: N802
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: ModelIndex
    ) -> TitleEditor:
        """Return a line for another name."""
        return TitleEditor(parent)

    def setEditorData(self, editor: QWidget, index: ModelIndex) -> None:  # noqa: N802
        """Show the name that the video has."""
        if isinstance(editor, TitleEditor):
            editor.begin(index.data(Qt.ItemDataRole.EditRole))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: ModelIndex) -> None:  # noqa: N802
        """Take another name."""
        if isinstance(editor, TitleEditor):
            editor.finish(model, index)

    def updateEditorGeometry(  # noqa: N802
        self, editor: QWidget, option: QStyleOptionViewItem, _index: ModelIndex
    ) -> None:
        """Put the line over the title."""
        if isinstance(editor, TitleEditor):
            editor.place(self._boxes(option)[1].toRect())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Paint a card."""
        item: VideoItem = index.data(VideoGridModel.ITEM)
        colours = theme.colours
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        card = QRectF(option.rect).adjusted(2, 2, -2, -2)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if selected or focused or state & QStyle.StateFlag.State_MouseOver:
            edge = 2 if selected else 1  # the keys may be at a card that is not selected
            painter.setPen(QPen(QColor(colours.accent), edge) if selected or focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.panel))
            painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), 8, 8)
        poster, title = self._boxes(option)
        self._paint_poster(painter, poster, item)
        self._paint_text(painter, title, option, item)
        painter.restore()

    def _boxes(self, option: QStyleOptionViewItem) -> tuple[QRectF, QRectF]:
        """Return where the poster and the title are."""
        inner = QRectF(option.rect).adjusted(PADDING, PADDING, -PADDING, -PADDING)
        poster = QRectF(inner.left(), inner.top(), inner.width(), inner.width() * 9 / 16)
        return poster, QRectF(inner.left(), poster.bottom() + GAP, inner.width(), title_height())

    def _paint_poster(self, painter: QPainter, box: QRectF, item: VideoItem) -> None:
        scrub = self.scrub if self.scrub is not None and self.scrub[0] == item.entry.id else None
        keyframe = item.poster if scrub is None else scrub[1]
        pixmap = None if keyframe is None else self._thumbnails.pixmap(keyframe)
        opacity = OFFLINE_OPACITY if item.state is ShownVideos.OFFLINE else 1.0
        upright = pixmap is not None and pixmap.height() > pixmap.width()  # cut to the box, it would lose heads
        paint_picture(painter, box, pixmap, CORNER, opacity=opacity, whole=upright)
        if scrub is not None:
            paint_share(painter, box, scrub[2], theme.colours.accent, CORNER)
        elif item.entry.position is not None and item.entry.duration:
            paint_share(painter, box, item.entry.position / item.entry.duration, theme.colours.accent, CORNER)
        if item.entry.duration:
            paint_pill(painter, box, clock(item.entry.duration), painter.font(), inset=INSET)
        badge = self._badge(item)
        if badge is not None:
            text, colour = badge
            paint_pill(painter, box, text, painter.font(), inset=INSET, colour=colour, top=True)

    def _badge(self, item: VideoItem) -> tuple[str, QColor | None] | None:
        match item.state:
            case ShownVideos.FAILED:
                return self.tr("Failed"), QColor("#b3261e")
            case ShownVideos.OFFLINE:
                return self.tr("Offline"), QColor("#5b4300")
            case ShownVideos.WAITING:
                return self.tr("Waiting"), None
            case _ if item.ready:
                return self.tr("Ready to ask"), QColor("#5b2a9d")
            case _ if item.entry.live:
                return self.tr("Live photo"), None
            case _:
                return None

    def _paint_text(self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, item: VideoItem) -> None:
        colours = theme.colours
        font = scaled_font(option.font, 1.0, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        title = QFontMetrics(font).elidedText(
            safe_text.stem(item.path), Qt.TextElideMode.ElideMiddle, round(box.width())
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, title)
        small = scaled_font(option.font, 0.9)
        painter.setFont(small)
        failed = item.state is ShownVideos.FAILED
        painter.setPen(QColor(colours.danger if failed else colours.muted))
        line = QFontMetrics(small).elidedText(
            safe_text.line(translated(item.entry.error or "")) if failed else self._facts(item),
            Qt.TextElideMode.ElideRight,
            round(box.width()),
        )
        below = QRectF(box.left(), box.bottom(), box.width(), facts_height())
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, line)

    def _facts(self, item: VideoItem) -> str:
        signs = mark_words.signs(item.entry.stars, favourite=item.entry.favourite)
        date = "  ·  ".join(part for part in (signs, wording.day(item.date)) if part)
        if item.state is ShownVideos.WAITING:
            return date
        if item.pieces:
            date += "  ·  " + wording.pieces(len(item.pieces))
        return f"{date}  ·  " + wording.keyframes(item.entry.keyframes)
