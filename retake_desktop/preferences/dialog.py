"""The window of the preferences."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from retake_desktop.common.form import Page, paragraph
from retake_desktop.common.theme import icon, icon_size, scaled, theme
from retake_desktop.common.widgets import fit_on_screen
from retake_desktop.engine.settings_store import SettingsStore

PAGES = {
    "folders": ("FoldersPage", "Folders", "folder-outline"),
    "indexing": ("IndexingPage", "Indexing", "filmstrip"),
    "background": ("BackgroundPage", "In the background", "clock-outline"),
    "computers": ("ComputersPage", "Other computers", "monitor-multiple"),
    "models": ("ModelsPage", "Models", "brain"),
    "describing": ("DescribingPage", "Descriptions", "text-box-outline"),
    "people": ("PeoplePage", "People", "account-group-outline"),
    "memories": ("MemoriesPage", "Memories", "memory"),
    "appearance": ("AppearancePage", "Appearance", "palette-outline"),
    "shortcuts": ("ShortcutsPage", "Keyboard", "keyboard-outline"),
    "backup": ("BackupPage", "Backup", "backup-restore"),
    "data": ("DataPage", "Data", "harddisk"),
}
"""The class of each page, whose title is translated there, the title, and an icon; in the order of the list."""


class Pages(Mapping[str, Page]):
    """The pages, each made when it is first asked for: all at once would hold the window up.

    Args:
        makers: make a page, by name; see PAGES.
        add: is given each page when it is made.
    """

    def __init__(self, makers: Mapping[str, Callable[[], Page]], add: Callable[[Page], object]) -> None:
        self._makers, self._add = makers, add
        self._made: dict[str, Page] = {}

    def __getitem__(self, name: str) -> Page:
        if name not in self._made:
            self._made[name] = self._makers[name]()
            self._add(self._made[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PAGES)

    def __len__(self) -> int:
        return len(PAGES)


class Preferences(QDialog):
    """A list of pages at the left, and the chosen one beside it.

    Args:
        parent: the main window.
        store: the settings; when they cannot be read or written, the reason is shown above the pages.
        makers: make a page, by name; see PAGES.
    """

    def __init__(self, parent: QWidget, store: SettingsStore, makers: Mapping[str, Callable[[], Page]]) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        fit_on_screen(self, 980, 660)
        self.list = QListWidget()
        self.list.setObjectName("places")
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setFixedWidth(190)
        self.list.setIconSize(icon_size(18))
        self.stack = QStackedWidget()
        self.pages = Pages(makers, self.stack.addWidget)
        for name, (context, title, _) in PAGES.items():
            item = QListWidgetItem(QCoreApplication.translate(context, title))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setSizeHint(QSize(0, scaled(38)))
            self.list.addItem(item)
        self.problem = paragraph(store.problem)
        self.problem.setObjectName("danger")
        self.problem.setContentsMargins(28, 14, 28, 0)
        self.problem.setVisible(bool(store.problem))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.problem)
        right.addWidget(self.stack, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addLayout(right, 1)
        self.list.currentRowChanged.connect(self._choose)
        store.failed.connect(self._tell)
        QShortcut(QKeySequence.StandardKey.Close, self).activated.connect(self.close)
        theme.changed.connect(self._draw)
        self._draw()

    def open_page(self, name: str) -> None:
        """Show the window with a page."""
        self.list.setCurrentRow(list(PAGES).index(name))
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Read again what the page shows."""
        super().showEvent(event)
        self.list.setCurrentRow(max(self.list.currentRow(), 0))
        self._choose(self.list.currentRow())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let Enter in a field only end what is typed there: no button is meant by it."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _choose(self, row: int) -> None:
        page = self.pages[list(PAGES)[row]]
        self.stack.setCurrentWidget(page)
        if self.isVisible():
            page.shown()

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.show()

    def _draw(self) -> None:
        for row, (_, _, symbol) in enumerate(PAGES.values()):
            self.list.item(row).setIcon(icon(symbol))
