"""The folders of the library with their counts and states."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from retake_desktop.common import safe_text
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.common.theme import icon, scaled_font, theme
from retake_desktop.library.model import FolderItem, GridContents

LEAST_WIDTH = 170  # pixels


class FolderPanel(QWidget):
    """A list: all videos, then every folder."""

    chosen = Signal(object)  # Path, or None for all
    menu_wanted = Signal(QPoint)  # on the screen

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shown: tuple[tuple[FolderItem, ...], int, str, dict[Path, str]] | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Folders"))
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.currentItemChanged.connect(self._choose)
        delete = QShortcut(QKeySequence.StandardKey.Delete, self.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(actions["remove_folder"].trigger)
        heading = QLabel(self.tr("Library"))
        heading.setFont(scaled_font(self.font(), 1.35, bold=True))
        heading.setContentsMargins(16, 19, 16, 12)
        self.add = QPushButton(self.tr("Add folder…"))
        self.add.setAccessibleName(self.tr("Add a folder of videos"))
        self.add.clicked.connect(actions["add_folder"].trigger)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(0)
        layout.addWidget(heading)
        layout.addWidget(self.list, 1)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(12, 8, 12, 0)
        bottom.addWidget(self.add)
        layout.addLayout(bottom)
        theme.changed.connect(self._redraw)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Leave some room for the names."""
        least = super().minimumSizeHint()
        return QSize(max(least.width(), LEAST_WIDTH), least.height())

    def _redraw(self) -> None:
        if self._shown is not None:
            self._show(*self._shown)

    @property
    def folder(self) -> Path | None:
        """The selected folder."""
        item = self.list.currentItem()
        path: Path | None = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return path

    def show_contents(self, contents: GridContents, activity: str, followed: dict[Path, str]) -> None:
        """Show the library's folders, and below them its single files.

        Args:
            contents: of the library.
            activity: what indexing does now: "indexing", "paused" or "".
            followed: how each folder is followed, as the watching worker says.
        """
        shown = (contents.folders, contents.videos, activity, dict(followed))
        if shown != self._shown:
            self._shown = shown
            self._show(*shown)

    def _show(
        self, folders: tuple[FolderItem, ...], videos: int, activity: str, followed: dict[Path, str]
    ) -> None:
        selection = self.folder
        self.list.blockSignals(True)
        self.list.clear()
        self._put(self.tr("All videos"), "", None, "filmstrip-box-multiple", str(videos), failed=False)
        for folder in sorted(folders, key=lambda folder: folder.alone):
            offline = followed.get(folder.path) == "offline" or (0 < folder.videos == folder.offline)
            detail = self._detail(folder, activity, followed.get(folder.path, ""), offline)
            name = safe_text.name(folder.path)
            symbol = "file-video-outline" if folder.alone else "folder-outline"
            if offline:
                symbol = "file-alert-outline" if folder.alone else "folder-off-outline"
            count = "" if folder.alone else str(folder.videos)
            self._put(name, detail, folder.path, symbol, count, failed=bool(folder.failed))
            if folder.path == selection:
                self.list.setCurrentRow(self.list.count() - 1)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        if self.folder != selection:
            self.chosen.emit(self.folder)

    def _detail(self, folder: FolderItem, activity: str, followed: str, offline: bool) -> str:
        parts = []
        if offline:
            parts.append(self.tr("Offline"))
        elif activity == "indexing":
            parts.append(self.tr("Indexing"))
        elif activity == "paused":
            parts.append(self.tr("Paused"))
        if folder.failed:
            parts.append(self.tr("{count} failed").format(count=folder.failed))
        if 0 < folder.offline < folder.videos:
            parts.append(self.tr("{count} offline").format(count=folder.offline))
        if not parts and followed == "watched":
            parts.append(self.tr("Watching"))
        if not parts and followed == "rescanned":
            parts.append(self.tr("Checked every minute"))
        return "  ·  ".join(parts) or self.tr("Up to date")

    def _put(self, name: str, detail: str, path: Path | None, symbol: str, count: str, *, failed: bool) -> None:
        item = QListWidgetItem(name)
        item.setData(Qt.ItemDataRole.UserRole, path)
        item.setData(RowDelegate.ROW, Row(name, detail, icon(symbol), count, failed=failed))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {count}, {detail}")
        item.setToolTip(name if path is None else safe_text.tip(safe_text.whole(path)))
        item.setSizeHint(QSize(0, 34 if not detail else 48))
        self.list.addItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _menu(self, point: QPoint) -> None:
        item = self.list.itemAt(point) or self.list.currentItem()  # the menu key points nowhere
        if item is not None and self.folder is not None:
            self.menu_wanted.emit(self.list.viewport().mapToGlobal(point))
