"""Paints search results: headings, and moments with their picture, why they match, and the words that do."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from retake_core.display import clock
from retake_core.protocol.search_events import FoundMoment
from retake_desktop.common import safe_text
from retake_desktop.common.painting import BAR, paint_bar, paint_picture, paint_pill, paint_row_ground
from retake_desktop.common.qt_types import ModelIndex
from retake_desktop.common.theme import icon, scaled_font, theme
from retake_desktop.engine.thumbnails import Thumbnails
from retake_desktop.search.results_model import ResultRow, RowKind, SearchModel, describe, reasons

HEIGHTS = {
    RowKind.SECTION: 40,
    RowKind.VIDEO: 38,
    RowKind.MOMENT: 74,
    RowKind.COPIES: 30,
    RowKind.COPY: 52,
}  # pixels
SYMBOLS = {
    "picture": "image-outline",
    "said": "account-voice",
    "on screen": "text-recognition",
    "title": "format-title",
    "chapter": "bookmark-outline",
    "described": "text-box-outline",
    "person": "account-outline",
    "note": "note-text-outline",
}
SYMBOL = 14  # pixels
LINES = 2  # of a snippet
CORNER, INSET = 4, 3  # pixels of a picture's corners, and from its edges to its time
FAINT = 0.55  # how opaque the pictures of weaker matches are
ALIGNED = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class ResultDelegate(QStyledItemDelegate):
    """Paints rows of the search."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails

    def sizeHint(self, _option: QStyleOptionViewItem, index: ModelIndex) -> QSize:  # noqa: N802
        """Return the height of a row."""
        row: ResultRow = index.data(SearchModel.RESULT)
        return QSize(100, HEIGHTS[row.kind])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Paint a row."""
        row: ResultRow = index.data(SearchModel.RESULT)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(option.rect)
        inside = box.adjusted(8, 1, -8, -1)
        if row.kind not in (RowKind.SECTION, RowKind.VIDEO):
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            if selected or option.state & QStyle.StateFlag.State_MouseOver:
                paint_row_ground(painter, inside, framed=selected)
        match row.kind:
            case RowKind.SECTION:
                _paint_section(painter, box.adjusted(16, 12, -16, 0), row)
            case RowKind.VIDEO:
                _paint_heading(painter, box.adjusted(16, 8, -16, 0), row)
            case RowKind.MOMENT:
                self._paint_moment(painter, inside, option.font, row)
            case RowKind.COPIES:
                _paint_copies(painter, inside.adjusted(8, 0, -12, 0), row, index.data(SearchModel.OPEN))
            case RowKind.COPY:
                self._paint_copy(painter, inside.adjusted(24, 0, 0, 0), option.font, row)
        painter.restore()

    def _paint_moment(self, painter: QPainter, box: QRectF, font: QFont, row: ResultRow) -> None:
        hit = row.hit
        assert hit is not None
        picture = self._paint_picture(painter, box, hit.keyframe_id, faint=hit.weaker)
        paint_pill(painter, picture, clock(hit.time), font, inset=INSET)
        text = QRectF(picture.right() + 10, box.top() + 6, box.right() - picture.right() - 20, box.height() - 12)
        small = scaled_font(font, 0.9)
        painter.setFont(small)
        painter.setPen(QColor(theme.colours.muted))
        line = QRectF(text.left(), text.top(), text.width(), painter.fontMetrics().height())
        _paint_reasons(painter, line, hit)
        below = text.adjusted(0, line.height() + 3, 0, 0)
        if hit.snippet:
            _paint_snippet(painter, below, scaled_font(font, 0.95), hit)
        else:
            _paint_bar(painter, below, hit)

    def _paint_copy(self, painter: QPainter, box: QRectF, font: QFont, row: ResultRow) -> None:
        assert row.copy is not None
        assert row.video is not None
        picture = self._paint_picture(painter, box, row.copy.keyframe_id)
        text = QRectF(picture.right() + 10, box.top(), box.right() - picture.right() - 20, box.height())
        painter.setFont(font)
        painter.setPen(QColor(theme.colours.text))
        half = text.height() / 2 - 4
        name = painter.fontMetrics().elidedText(
            safe_text.stem(row.video.path), Qt.TextElideMode.ElideMiddle, round(text.width())
        )
        painter.drawText(QRectF(text.left(), text.top() + 4, text.width(), half), ALIGNED, name)
        painter.setFont(scaled_font(font, 0.9))
        painter.setPen(QColor(theme.colours.muted))
        painter.drawText(
            QRectF(text.left(), text.top() + 4 + half, text.width(), half), ALIGNED, clock(row.copy.time)
        )

    def _paint_picture(self, painter: QPainter, box: QRectF, keyframe: int, *, faint: bool = False) -> QRectF:
        """Paint a keyframe at the left of a row, and return where."""
        height = box.height() - 10
        picture = QRectF(box.left() + 8, box.top() + 5, height * 16 / 9, height)
        pixmap = self._thumbnails.pixmap(keyframe)
        paint_picture(painter, picture, pixmap, CORNER, opacity=FAINT if faint else 1.0)
        return picture


def _paint_section(painter: QPainter, box: QRectF, row: ResultRow) -> None:
    painter.setFont(scaled_font(painter.font(), 0.9))
    painter.setPen(QColor(theme.colours.muted))
    text = describe(row)
    painter.drawText(box, ALIGNED, text)
    left = box.left() + painter.fontMetrics().horizontalAdvance(text) + 10
    painter.fillRect(QRectF(left, box.center().y(), box.right() - left, 1), QColor(theme.colours.line))


def _paint_heading(painter: QPainter, box: QRectF, row: ResultRow) -> None:
    font = painter.font()
    count = str(row.count)
    painter.setFont(scaled_font(font, 0.9))
    painter.setPen(QColor(theme.colours.muted))
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
    bold = scaled_font(font, 1.0, bold=True)
    painter.setFont(bold)
    painter.setPen(QColor(theme.colours.text))
    name = QFontMetrics(bold).elidedText(describe(row), Qt.TextElideMode.ElideMiddle, round(box.width()) - 32)
    painter.drawText(box, ALIGNED, name)


def _paint_copies(painter: QPainter, box: QRectF, row: ResultRow, is_open: bool) -> None:
    painter.setFont(scaled_font(painter.font(), 0.9))
    painter.setPen(QColor(theme.colours.muted))
    middle = box.center().y() - SYMBOL / 2
    _paint_icon(painter, "chevron-down" if is_open else "chevron-right", box.left(), middle)
    text = painter.fontMetrics().elidedText(describe(row), Qt.TextElideMode.ElideRight, round(box.width()) - 22)
    painter.drawText(box.adjusted(SYMBOL + 6, 0, 0, 0), ALIGNED, text)


def _paint_reasons(painter: QPainter, line: QRectF, hit: FoundMoment) -> None:
    """Paint an icon and a word for each reason; where they do not fit, icons alone."""
    metrics = painter.fontMetrics()
    words = reasons(hit)
    gap = 8.0
    whole = sum(SYMBOL + 4 + metrics.horizontalAdvance(word) for word in words) + gap * (len(words) - 1)
    x = line.left()
    for why, word in zip(hit.why, words, strict=True):
        _paint_icon(painter, SYMBOLS[why], x, line.center().y() - SYMBOL / 2)
        x += SYMBOL + 4
        if whole <= line.width() or len(words) == 1:
            painter.drawText(QRectF(x, line.top(), line.right() - x, line.height()), ALIGNED, word)
            x += metrics.horizontalAdvance(word) + gap


def _paint_icon(painter: QPainter, name: str, x: float, y: float) -> None:
    place = QRect(round(x), round(y), SYMBOL, SYMBOL)
    icon(name, theme.colours.muted).paint(painter, place, Qt.AlignmentFlag.AlignCenter, QIcon.Mode.Normal)


def _paint_bar(painter: QPainter, box: QRectF, hit: FoundMoment) -> None:
    """Paint how sure the match is."""
    colour = theme.colours.muted if hit.weaker else theme.colours.hit
    paint_bar(painter, box.left(), box.center().y() - BAR / 2, box.width(), hit.score, colour)


def _paint_snippet(painter: QPainter, box: QRectF, font: QFont, hit: FoundMoment) -> None:
    """Paint the sentence on at most two lines, the matching words in bold."""
    text, marks = shown_snippet(hit)
    painter.setPen(QColor(theme.colours.muted))
    layout = _laid_out(text, marks, font, box.width())
    last = layout.lineAt(layout.lineCount() - 1)
    if (end := last.textStart() + last.textLength()) < len(text):
        room = box.width() - QFontMetrics(font).horizontalAdvance("…") - 2
        end = last.xToCursor(room, last.CursorPosition.CursorOnCharacter)
        space = text.rfind(" ", last.textStart(), end)
        end = space if space > 0 and not text[end : end + 1].isspace() else end
        shown = [(start, min(stop, end)) for start, stop in marks if start < end]
        layout = _laid_out(text[:end].rstrip() + "…", shown, font, box.width())
    layout.draw(painter, box.topLeft())


def _laid_out(text: str, marks: Sequence[tuple[int, int]], font: QFont, width: float) -> QTextLayout:
    """Break a text into lines, as many as are shown."""
    layout = QTextLayout(text, font)
    formats = []
    for start, end in marks:
        bold = QTextLayout.FormatRange()
        bold.start, bold.length = start, end - start
        bold.format.setFontWeight(QFont.Weight.Bold)
        bold.format.setForeground(QColor(theme.colours.text))
        formats.append(bold)
    layout.setFormats(formats)
    layout.beginLayout()
    y = 0.0
    for _ in range(LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return layout


def shown_snippet(hit: FoundMoment) -> tuple[str, list[tuple[int, int]]]:
    """Return a snippet as it can be shown, on one line, and where its marks are then."""
    text, marks, done = "", [], 0
    for start, end in hit.marks:
        text += safe_text.line(hit.snippet[done:start])
        begun = len(text)
        text += safe_text.line(hit.snippet[start:end])
        marks.append((begun, len(text)))
        done = end
    return text + safe_text.line(hit.snippet[done:]), marks
