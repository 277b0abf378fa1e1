"""A row with an icon, a name, a second line and a number at the right: folders and activities."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from retake_desktop.common.painting import paint_bar, paint_row_ground
from retake_desktop.common.qt_types import ModelIndex
from retake_desktop.common.theme import scaled, scaled_font, theme


@dataclass(frozen=True, slots=True)
class Row:
    """What a row shows; a fraction draws a bar below."""

    name: str
    detail: str
    icon: QIcon
    right: str = ""
    failed: bool = False
    fraction: float | None = None


class RowDelegate(QStyledItemDelegate):
    """Paints rows."""

    ROW = Qt.ItemDataRole.UserRole + 1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Paint a row."""
        row: Row = index.data(self.ROW)
        colours = theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(8, 1, -8, -1)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        widget: QWidget | None = option.widget
        focused = widget is not None and widget.hasFocus() and selected
        if selected or state & QStyle.StateFlag.State_MouseOver:
            paint_row_ground(painter, box, framed=focused)
        inner = box.adjusted(10, 4, -10, -4)
        side = scaled(18)
        icon_top = inner.center().y() - side / 2
        row.icon.paint(painter, round(inner.left()), round(icon_top), side, side)
        left = inner.left() + side + 10
        small = scaled_font(option.font, 0.9)
        painter.setFont(small)
        painter.setPen(QColor(colours.muted))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, row.right)
        width = inner.right() - left - QFontMetrics(small).horizontalAdvance(row.right) - 8
        lines = inner.height() / (2 if row.detail else 1)
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text))
        name = QFontMetrics(option.font).elidedText(row.name, Qt.TextElideMode.ElideMiddle, round(width))
        painter.drawText(QRectF(left, inner.top(), width, lines), Qt.AlignmentFlag.AlignVCenter, name)
        if row.detail:
            painter.setFont(small)
            painter.setPen(QColor(colours.danger if row.failed else colours.muted))
            detail = QFontMetrics(small).elidedText(row.detail, Qt.TextElideMode.ElideRight, round(width))
            painter.drawText(
                QRectF(left, inner.top() + lines, width, lines), Qt.AlignmentFlag.AlignVCenter, detail
            )
        if row.fraction is not None:
            paint_bar(painter, left, box.bottom() - 4, inner.right() - left, row.fraction, colours.accent)
        painter.restore()
