"""Paints what is said: the time, and the words in as many lines as they need."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from retake_core.display import clock
from retake_core.library.texts import TextEntry
from retake_desktop.common.painting import paint_row_ground
from retake_desktop.common.qt_types import ModelIndex
from retake_desktop.common.theme import scaled_font, theme
from retake_desktop.transcript.model import TranscriptModel

LEFT, RIGHT, ABOVE, GAP = 18, 16, 6, 10  # pixels
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class TranscriptDelegate(QStyledItemDelegate):
    """Paints the lines of a view, which it belongs to."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: ModelIndex) -> QSize:  # noqa: N802
        """Return the height that the words need in the width of the view."""
        width = self._view.viewport().width()
        metrics = QFontMetrics(self._view.font())
        room = QRect(0, 0, max(width - self._words_at() - RIGHT, 60), 10_000)
        height = metrics.boundingRect(room, int(_WRAPPED), index.data()).height()
        return QSize(width, height + 2 * ABOVE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Paint a line."""
        line: TextEntry = index.data(TranscriptModel.LINE)
        spoken: bool = index.data(TranscriptModel.SPOKEN)
        colours = theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        if spoken or selected or option.state & QStyle.StateFlag.State_MouseOver:
            paint_row_ground(painter, box.adjusted(8, 1, -8, -1), framed=selected)
        painter.setFont(scaled_font(self._view.font(), 0.9))
        painter.setPen(QColor(colours.accent if spoken else colours.muted))
        inner = box.adjusted(LEFT, ABOVE, -RIGHT, -ABOVE)
        baseline = inner.top() + QFontMetrics(self._view.font()).ascent()
        painter.drawText(round(inner.left()), round(baseline), clock(line.start or 0.0))
        painter.setFont(self._view.font())
        painter.setPen(QColor(colours.text))
        words = QRectF(self._words_at(), inner.top(), inner.right() - self._words_at(), inner.height())
        painter.drawText(words, int(_WRAPPED), index.data())
        painter.restore()

    def _words_at(self) -> int:
        """Return where the words begin: behind the longest time."""
        model = self._view.model()
        last = model.index(model.rowCount() - 1, 0).data(TranscriptModel.LINE)
        longest = clock(last.start or 0.0) if last is not None else ""
        metrics = QFontMetrics(scaled_font(self._view.font(), 0.9))
        return LEFT + metrics.horizontalAdvance("0" * len(longest)) + GAP
