"""The folders of the library with their counts and states."""

from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QMenu, QPushButton, QVBoxLayout, QWidget

from retake_desktop import outside
from retake_desktop.library_model import Contents
from retake_desktop.row_delegate import Row, RowDelegate
from retake_desktop.theme import icon, scaled_font, theme


class FolderPanel(QWidget):
    """A list: all videos, then every folder."""

    chosen = Signal(object)  # Path, or None for all

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions = actions
        self._contents = Contents()
        self._busy = False
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Folders"))
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.currentItemChanged.connect(self._choose)
        heading = QLabel(self.tr("Library"))
        heading.setFont(scaled_font(self.font(), 1.35, bold=True))
        heading.setContentsMargins(16, 19, 16, 12)
        self._add = QPushButton(self.tr("Add folder…"))
        self._add.setAccessibleName(self.tr("Add a folder of videos"))
        self._add.clicked.connect(actions["add_folder"].trigger)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(0)
        layout.addWidget(heading)
        layout.addWidget(self.list, 1)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(12, 8, 12, 0)
        bottom.addWidget(self._add)
        layout.addLayout(bottom)
        theme.changed.connect(self._redraw)

    def _redraw(self) -> None:
        self.show_contents(self._contents, self._busy)

    @property
    def folder(self) -> Path | None:
        """The selected folder."""
        item = self.list.currentItem()
        path: Path | None = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return path

    def show_contents(self, contents: Contents, busy: bool) -> None:
        """Show the library's folders."""
        self._contents, self._busy = contents, busy
        chosen = self.folder
        self.list.blockSignals(True)
        self.list.clear()
        self._put(self.tr("All videos"), "", None, "filmstrip-box-multiple", str(contents.videos), failed=False)
        for folder in contents.folders:
            if folder.offline:
                detail = self.tr("Offline")
            elif folder.failed:
                detail = self.tr("{count} failed").format(count=folder.failed)
            else:
                detail = self.tr("Indexing") if busy else self.tr("Up to date")
            name = outside.name(folder.path)
            symbol = "folder-off-outline" if folder.offline else "folder-outline"
            self._put(name, detail, folder.path, symbol, str(folder.videos), failed=bool(folder.failed))
            if folder.path == chosen:
                self.list.setCurrentRow(self.list.count() - 1)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        if self.folder != chosen:
            self.chosen.emit(self.folder)

    def _put(self, name: str, detail: str, path: Path | None, symbol: str, count: str, *, failed: bool) -> None:
        item = QListWidgetItem(name)
        item.setData(Qt.ItemDataRole.UserRole, path)
        item.setData(RowDelegate.ROW, Row(name, detail, icon(symbol), count, failed=failed))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {count}, {detail}")
        item.setToolTip(name if path is None else outside.tip(outside.whole(path)))
        item.setSizeHint(QSize(0, 34 if not detail else 48))
        self.list.addItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _menu(self, point: QPoint) -> None:
        if self.list.itemAt(point) is None or self.folder is None:
            return
        menu = QMenu(self)
        for name in ("show_in_folder", "remove_folder"):
            menu.addAction(self._actions[name])
        menu.exec(self.list.viewport().mapToGlobal(point))
