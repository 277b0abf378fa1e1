"""The conversations about a place, to go back to one or to delete it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from retake_core.library.history import Conversation
from retake_desktop.common import safe_text, wording
from retake_desktop.common.painting import paint_row_ground
from retake_desktop.common.qt_types import ModelIndex
from retake_desktop.common.theme import scaled, scaled_font, theme
from retake_desktop.common.widgets import muted_label

ROW = 52


class HistoryModel(QAbstractListModel):
    """Conversations, the newest first. `CONVERSATION` gives one."""

    CONVERSATION = Qt.ItemDataRole.UserRole

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Conversation] = []

    def show(self, rows: Sequence[Conversation]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
        """Return how many conversations there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a conversation, its title or its description."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.title}\n{describe(row)}"
            case Qt.ItemDataRole.ToolTipRole:
                return safe_text.tip(f"{row.title}\n{describe(row)}")
            case self.CONVERSATION:
                return row
        return None


def describe(row: Conversation) -> str:
    """Say when and how much was asked."""
    parts = [wording.day(datetime.fromtimestamp(row.asked).astimezone()), wording.questions(row.questions)]
    if row.video_ids:
        parts.append(wording.videos(len(row.video_ids)))
    return "  ·  ".join(parts)


class HistoryList(QWidget):
    """Lists conversations; Enter or a click opens one."""

    chosen = Signal(object)

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._actions = actions
        self.model = HistoryModel()
        self.list = QListView()
        self._empty = muted_label(self.tr("No questions yet. What you ask here is kept on this computer only."))
        self._build()

    @property
    def current(self) -> Conversation | None:
        """The selected conversation."""
        row: Conversation | None = self.list.currentIndex().data(HistoryModel.CONVERSATION)
        return row

    def show_rows(self, rows: Sequence[Conversation]) -> None:
        """Show these conversations."""
        self.model.show(rows)
        self.list.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        if rows:
            self.list.setCurrentIndex(self.model.index(0))

    def _build(self) -> None:
        heading = QLabel(self.tr("Earlier questions"))
        heading.setFont(scaled_font(self.font(), 1.0, bold=True))
        heading.setContentsMargins(8, 4, 0, 4)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Earlier questions"))
        self.list.clicked.connect(lambda index: self.chosen.emit(index.data(HistoryModel.CONVERSATION)))
        self.list.activated.connect(lambda index: self.chosen.emit(index.data(HistoryModel.CONVERSATION)))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(20, 24, 20, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(2)
        layout.addWidget(heading)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)

    def _menu(self, point: QPoint) -> None:
        if self.list.indexAt(point).isValid():
            menu = QMenu(self)
            menu.addAction(self._actions["delete_conversation"])
            menu.addAction(self._actions["clear_conversations"])
            menu.exec(self.list.viewport().mapToGlobal(point))


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: ModelIndex) -> QSize:  # noqa: N802
        return QSize(100, scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        row: Conversation = index.data(HistoryModel.CONVERSATION)
        colours = theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            paint_row_ground(painter, box, framed=selected)
        text = box.adjusted(10, 6, -10, -6)
        half = text.height() / 2
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text))
        title = QFontMetrics(option.font).elidedText(
            safe_text.line(row.title.replace("\n", " ")), Qt.TextElideMode.ElideRight, round(text.width())
        )
        top = QRectF(text.left(), text.top(), text.width(), half)
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(scaled_font(option.font, 0.88))
        painter.setPen(QColor(colours.muted))
        painter.drawText(top.translated(0, half), Qt.AlignmentFlag.AlignVCenter, describe(row))
        painter.restore()
