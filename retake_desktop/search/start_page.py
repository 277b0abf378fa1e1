"""What the search shows before anything is typed: how to search, what is saved, and the latest searches."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from retake_core.library.searches import SavedSearch
from retake_desktop.common import safe_text
from retake_desktop.common.own_keys import claims_key
from retake_desktop.common.theme import icon, icon_size, scaled, scaled_font, theme
from retake_desktop.common.widgets import muted_label
from retake_desktop.search.saved import SavedSearches

ENTRY = Qt.ItemDataRole.UserRole  # a SavedSearch, or the text of a recent query
ROW = 34  # pixels


class SearchStart(QWidget):
    """A hint, and a list; in the list Enter searches, F2 renames and Delete deletes."""

    chosen = Signal(str)  # a query
    rename_wanted = Signal(object)  # a SavedSearch

    def __init__(self, searches: SavedSearches) -> None:
        super().__init__()
        self._searches = searches
        self._hint = muted_label(
            self.tr(
                "Describe what can be seen, such as “a bicycle in the street”, or type words that "
                "are said, on screen or in a title. You can also drop a picture here."
            )
        )
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._hint.setContentsMargins(20, 20, 20, 12)
        self.list = _Entries()
        self.list.setAccessibleName(self.tr("Saved and recent searches"))
        self.list.setIconSize(icon_size(18))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.itemClicked.connect(self._open)
        self.list.itemActivated.connect(self._open)
        self.list.rename_wanted.connect(lambda: self._with_saved(self.rename_wanted.emit))
        self.list.delete_wanted.connect(lambda: self._with_saved(searches.delete))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._hint)
        layout.addWidget(self.list, 1)
        searches.changed.connect(self._fill)
        theme.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.list.clear()
        saved, recent = self._searches.saved, self._searches.recent
        if saved:
            self._add_heading(self.tr("Saved"))
        for entry in saved:
            self._add("bookmark-outline", entry.name, entry.query, entry)
        if recent:
            self._add_heading(self.tr("Recent"))
        for query in recent:
            self._add("history", query, query, query)

    def _add_heading(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(scaled_font(self.font(), 0.9, bold=True))
        item.setSizeHint(QSize(0, scaled(ROW)))
        self.list.addItem(item)

    def _add(self, symbol: str, text: str, query: str, entry: SavedSearch | str) -> None:
        item = QListWidgetItem(icon(symbol, theme.colours.muted), safe_text.line(text))
        item.setData(ENTRY, entry)
        item.setToolTip(safe_text.tip(query))
        item.setSizeHint(QSize(0, scaled(ROW)))
        self.list.addItem(item)

    def _open(self, item: QListWidgetItem) -> None:
        entry: SavedSearch | str | None = item.data(ENTRY)
        if entry is not None:
            self.chosen.emit(entry.query if isinstance(entry, SavedSearch) else entry)

    def _with_saved(self, do: object) -> None:
        item = self.list.currentItem()
        entry = None if item is None else item.data(ENTRY)
        if isinstance(entry, SavedSearch) and callable(do):
            do(entry)

    def _menu(self, point: QPoint) -> None:
        item = self.list.itemAt(point) or self.list.currentItem()
        entry = None if item is None else item.data(ENTRY)
        if item is None or entry is None:
            return
        menu = QMenu(self)
        menu.addAction(self.tr("&Search")).triggered.connect(lambda: self._open(item))
        if isinstance(entry, SavedSearch):
            menu.addAction(self.tr("&Rename…")).triggered.connect(lambda: self.rename_wanted.emit(entry))
            menu.addAction(self.tr("&Delete")).triggered.connect(lambda: self._searches.delete(entry))
        else:
            menu.addAction(self.tr("&Clear recent searches")).triggered.connect(self._searches.forget_recent)
        menu.exec(self.list.viewport().mapToGlobal(point))
        menu.deleteLater()


class _Entries(QListWidget):
    rename_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("entries")
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def event(self, event: QEvent) -> bool:
        """Keep F2 from the action that has it elsewhere."""
        return claims_key(event, (Qt.Key.Key_F2, Qt.Key.Key_Delete)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Rename and delete."""
        if event.key() == Qt.Key.Key_F2:
            self.rename_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)
