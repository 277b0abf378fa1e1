"""The window of the preferences."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
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

ICONS = {
    "folders": "folder-outline",
    "indexing": "filmstrip",
    "background": "clock-outline",
    "models": "brain",
    "describing": "text-box-outline",
    "people": "account-group-outline",
    "memories": "memory",
    "appearance": "palette-outline",
    "shortcuts": "keyboard-outline",
    "backup": "backup-restore",
    "data": "harddisk",
}


class Preferences(QDialog):
    """A list of pages at the left, and the chosen one beside it.

    Args:
        parent: the main window.
        store: the settings; when they cannot be read or written, the reason is shown above the pages.
        pages: by name, in the order of the list; see ICONS.
    """

    def __init__(self, parent: QWidget, store: SettingsStore, pages: Mapping[str, Page]) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        fit_on_screen(self, 980, 660)
        self.pages = dict(pages)
        self.list = QListWidget()
        self.list.setObjectName("places")
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setFixedWidth(190)
        self.list.setIconSize(icon_size(18))
        self.stack = QStackedWidget()
        for name, page in self.pages.items():
            item = QListWidgetItem(page.title)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setSizeHint(QSize(0, scaled(38)))
            self.list.addItem(item)
            self.stack.addWidget(page)
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
        self.list.setCurrentRow(0)

    def open_page(self, name: str) -> None:
        """Show the window with a page."""
        self.list.setCurrentRow(list(self.pages).index(name))
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Read again what the page shows."""
        super().showEvent(event)
        self._choose(self.list.currentRow())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let Enter in a field only end what is typed there: no button is meant by it."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _choose(self, row: int) -> None:
        self.stack.setCurrentIndex(row)
        page = self.stack.currentWidget()
        if self.isVisible() and isinstance(page, Page):
            page.shown()

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.show()

    def _draw(self) -> None:
        for row, name in enumerate(self.pages):
            self.list.item(row).setIcon(icon(ICONS[name]))
