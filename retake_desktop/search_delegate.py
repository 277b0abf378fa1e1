"""Paints search results: headings, and moments with their picture and score."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from retake_core import protocol
from retake_core.clock import clock
from retake_desktop import outside
from retake_desktop.filmstrip import covering
from retake_desktop.search_model import Result, SearchModel
from retake_desktop.theme import scaled_font, theme
from retake_desktop.thumbnails import Thumbnails

HEADING, MOMENT = 38, 66  # pixels of height


class ResultDelegate(QStyledItemDelegate):
    """Paints rows of the search."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails

    def sizeHint(  # noqa: N802
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of a heading or a moment."""
        row: Result = index.data(SearchModel.RESULT)
        return QSize(100, HEADING if row.hit is None else MOMENT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a row."""
        row: Result = index.data(SearchModel.RESULT)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(option.rect)
        if row.hit is None:
            self._paint_heading(painter, box.adjusted(16, 8, -16, 0), row)
        else:
            self._paint_moment(painter, box.adjusted(8, 1, -8, -1), option, row.hit)
        painter.restore()

    def _paint_heading(self, painter: QPainter, box: QRectF, row: Result) -> None:
        small = scaled_font(painter.font(), 0.9)
        count = str(row.count)
        painter.setFont(small)
        painter.setPen(QColor(theme.colours.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        bold = scaled_font(painter.font(), 1 / 0.9, bold=True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.colours.text))
        name = QFontMetrics(bold).elidedText(
            outside.stem(row.video.path), Qt.TextElideMode.ElideMiddle, round(box.width()) - 32
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_moment(
        self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, hit: protocol.Hit
    ) -> None:
        colours = theme.colours
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(colours.accent), 1) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        height = box.height() - 10
        picture = QRectF(box.left() + 8, box.top() + 5, height * 16 / 9, height)
        path = QPainterPath()
        path.addRoundedRect(picture, 4, 4)
        painter.fillPath(path, QColor(colours.picture))
        pixmap = self._thumbnails.pixmap(hit.keyframe_id)
        if pixmap is not None:
            painter.save()
            painter.setClipPath(path)
            painter.drawPixmap(picture, pixmap, covering(pixmap, picture))
            painter.restore()
        text = box.adjusted(picture.width() + 22, 8, -12, -8)
        half = text.height() / 2
        painter.setPen(QColor(colours.text))
        painter.setFont(scaled_font(option.font, 1.0, bold=True))
        painter.drawText(
            QRectF(text.left(), text.top(), text.width(), half), Qt.AlignmentFlag.AlignVCenter, clock(hit.time)
        )
        painter.setPen(QColor(colours.muted))
        painter.setFont(scaled_font(option.font, 0.9))
        reason = painter.fontMetrics().elidedText(
            self._reason(hit), Qt.TextElideMode.ElideRight, round(text.width())
        )
        painter.drawText(
            QRectF(text.left(), text.top() + half, text.width(), half - 6), Qt.AlignmentFlag.AlignVCenter, reason
        )
        bar = QRectF(text.left(), text.bottom() - 3, text.width(), 3)
        painter.fillRect(bar, QColor(colours.line))
        bar.setWidth(bar.width() * hit.score)
        painter.fillRect(bar, QColor(colours.hit))

    def _reason(self, hit: protocol.Hit) -> str:
        """Say why a moment matches: the words that do, or how well the picture does."""
        texts = {
            "said": self.tr("Said: {words}"),
            "on screen": self.tr("On screen: {words}"),
            "title": self.tr("Title: {words}"),
        }
        reason = self.tr("{score} match").format(score=f"{hit.score:.0%}")
        if hit.snippet and hit.why and hit.why[0] in texts:
            reason = texts[hit.why[0]].format(words=outside.line(hit.snippet))
        if hit.copies:
            reason = self.tr("{count} more like it").format(count=len(hit.copies)) + "  ·  " + reason
        return reason
