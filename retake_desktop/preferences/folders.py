"""The folders of the library."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton

from retake_desktop.common import safe_text, wording
from retake_desktop.common.desktop_files import show_in_file_manager
from retake_desktop.common.form import Page
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.common.theme import icon, scaled, theme
from retake_desktop.common.widgets import agreed
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.indexing.activity import Activity
from retake_desktop.library.model import FolderItem, GridContents
from retake_desktop.preferences.left_out import LeftOutBox


class FoldersPage(Page):
    """Which folders are watched, and how they are."""

    def __init__(self, activity: Activity, actions: Mapping[str, QAction], store: SettingsStore) -> None:
        super().__init__(self.tr("Folders"))
        self._activity = activity
        self._contents = GridContents()
        self.note(
            self.tr("Videos in these folders and in the folders inside them are indexed. No file is ever changed.")
        )
        self.list = QListWidget()
        self.list.setObjectName("framed")
        self.list.setAccessibleName(self.tr("Folders of the library"))
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setMinimumHeight(150)
        self.column.addWidget(self.list, 1)
        self.add = QPushButton(self.tr("Add folder…"))
        self.add.clicked.connect(actions["add_folder"].trigger)
        self.open = QPushButton(self.tr("Show in file manager"))
        self.open.clicked.connect(self._show_in_file_manager)
        self.remove = QPushButton(self.tr("Remove from library…"))
        self.remove.clicked.connect(self._remove)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.add)
        buttons.addStretch()
        buttons.addWidget(self.open)
        buttons.addWidget(self.remove)
        self.column.addLayout(buttons)
        self.section(self.tr("Left out"))
        self.note(
            self.tr(
                "Files and folders that match one of these are neither indexed nor shown. What is "
                "known about them is kept, so that they are back at once when you include them again."
            )
        )
        self.left_out = LeftOutBox(store, lambda: [folder.path for folder in self._contents.folders])
        self.left_out.changed.connect(activity.scan)
        self.column.addWidget(self.left_out)
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        theme.changed.connect(self._redraw)
        self._enable()

    @property
    def folder(self) -> Path | None:
        """The selected folder."""
        item = self.list.currentItem()
        path: Path | None = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return path

    def show_contents(self, contents: GridContents) -> None:
        """Show what the library holds."""
        self._contents = contents
        selection = self.folder
        self.list.clear()
        for folder in contents.folders:
            item = QListWidgetItem()
            symbol = "folder-off-outline" if folder.offline else "folder-outline"
            detail = self._state(folder)
            row = Row(safe_text.whole(folder.path), detail, icon(symbol), failed=bool(folder.failed))
            item.setData(Qt.ItemDataRole.UserRole, folder.path)
            item.setData(RowDelegate.ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{safe_text.whole(folder.path)}, {detail}")
            item.setSizeHint(QSize(0, scaled(50)))
            self.list.addItem(item)
            if folder.path == selection:
                self.list.setCurrentItem(item)
        self._enable()

    def _redraw(self) -> None:
        self.show_contents(self._contents)

    def _state(self, folder: FolderItem) -> str:
        parts = [wording.videos(folder.videos)]
        if folder.offline:
            parts.append(self.tr("Offline: its drive or network folder is not connected"))
        elif folder.failed:
            parts.append(self.tr("{count} failed").format(count=folder.failed))
        else:
            parts.append(self.tr("Indexing") if self._activity.running else self.tr("Up to date"))
        return "  ·  ".join(parts)

    def _enable(self) -> None:
        for button in (self.open, self.remove):
            button.setEnabled(self.folder is not None)

    def _show_in_file_manager(self) -> None:
        if self.folder is not None:
            show_in_file_manager(self.folder)

    def _remove(self) -> None:
        if (folder := self.folder) is None:
            return
        question = self.tr("Remove “{name}” from the library? Its videos stay where they are.")
        if agreed(self, self.tr("Remove folder"), question.format(name=safe_text.name(folder))):
            self._activity.remove_folder(str(folder))
