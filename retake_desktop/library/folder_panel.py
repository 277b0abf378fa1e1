"""What the library holds: all videos, special places, and the folders as a tree, with counts and states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QPushButton,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QVBoxLayout,
    QWidget,
)

from retake_core.search.listing import Album
from retake_desktop.common import safe_text, wording
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.common.theme import icon, scaled, scaled_font, theme
from retake_desktop.library.folder_tree import FolderTree
from retake_desktop.library.model import FolderItem, GridContents, Place
from retake_desktop.library.shelf_tree import SHELF, Shelf, ShelfTree


@dataclass(frozen=True, slots=True)
class PanelContents:
    """What the panel shows; see `FolderPanel.show_contents`."""

    contents: GridContents
    activity: str
    followed: dict[Path, str]
    albums: tuple[Album, ...]

    def __eq__(self, other: object) -> bool:
        """Compare what is to be seen; the grid's videos are not."""
        return isinstance(other, PanelContents) and self._seen == other._seen

    __hash__ = None  # type: ignore[assignment]

    @property
    def _seen(self) -> tuple[object, ...]:
        of = self.contents
        counts = of.videos, of.unfinished, of.favourites, of.hidden
        return of.folders, of.tree, counts, self.activity, self.followed, self.albums


LEAST_WIDTH = 170  # pixels


class FolderPanel(QWidget):
    """A tree: all videos, then what a person marked, then every folder with those inside it."""

    chosen = Signal(object)  # Shelf
    chosen_again = Signal(object)  # Shelf that is selected, clicked or entered
    album_wanted = Signal(object)  # Shelf of an album that only a search can show
    menu_wanted = Signal(QPoint)  # on the screen, for the selected folder

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shown: PanelContents | None = None
        self._next: PanelContents | None = None  # while a name is typed
        self._albums: tuple[Album, ...] = ()
        self.tree = tree = ShelfTree()
        tree.setAccessibleName(self.tr("Folders"))
        colours = tree.palette()
        colours.setColor(QPalette.ColorRole.Highlight, QColor(0, 0, 0, 0))  # the delegate shows what is selected
        tree.setPalette(colours)
        tree.customContextMenuRequested.connect(self._menu)
        tree.currentItemChanged.connect(self._choose)
        tree.itemExpanded.connect(self._fill)
        tree.itemClicked.connect(self._enter)
        tree.itemActivated.connect(self._enter)
        tree.edited.connect(self._catch_up)
        delete = QShortcut(QKeySequence.StandardKey.Delete, tree)
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
        layout.addWidget(tree, 1)
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
            self._show(self._shown)

    @property
    def shelf(self) -> Shelf:
        """What is selected."""
        item = self.tree.currentItem()
        shelf: Shelf | None = None if item is None else item.data(0, SHELF)
        return shelf or Shelf()

    @property
    def folder(self) -> Path | None:
        """The selected folder, one of the library's own or a part of one."""
        return self.shelf.folder

    @property
    def root(self) -> Path | None:
        """The selected folder, if it is one of the library's own."""
        return self.shelf.folder if self.shelf.root else None

    def show_contents(self, contents: GridContents, activity: str, followed: dict[Path, str]) -> None:
        """Show the library's folders, and below them its single files.

        Args:
            contents: of the library.
            activity: what indexing does now: "indexing", "paused" or "".
            followed: how each folder is followed, as the watching worker says.
        """
        self._update(PanelContents(contents, activity, dict(followed), self._albums))

    def show_albums(self, albums: Sequence[Album]) -> None:
        """Show the searches that are kept as albums."""
        self._albums = tuple(albums)
        if (shown := self._next or self._shown) is not None:
            self._update(replace(shown, albums=self._albums))

    def _update(self, shown: PanelContents) -> None:
        if self.tree.is_editing:
            self._next = shown
        elif shown != self._shown:
            self._shown = shown
            self._show(shown)

    def _catch_up(self) -> None:
        """Show what has changed while a name was typed."""
        if (shown := self._next) is not None:
            self._next = None
            self._update(shown)

    def _show(self, shown: PanelContents) -> None:
        selection, of = self.shelf, shown.contents
        opened = self._opened()
        self.tree.blockSignals(True)
        self.tree.clear()
        self._put(None, self.tr("All videos"), "", Shelf(), "filmstrip-box-multiple", of.videos)
        for place, name, symbol, count in (
            (Place.UNFINISHED, self.tr("Continue watching"), "play-circle-outline", of.unfinished),
            (Place.FAVOURITES, self.tr("Favourites"), "heart-outline", of.favourites),
            (Place.HIDDEN, self.tr("Hidden"), "eye-off-outline", of.hidden),
        ):
            if count or place is selection.place:
                self._put(None, name, "", Shelf(place), symbol, count)
        for album in shown.albums:
            shelf = Shelf(Place.ALBUM, album=album.name, query=album.query, listed=album.videos is not None)
            self._put(None, safe_text.line(album.name), "", shelf, "bookmark-outline", album.videos)
        for folder in sorted(of.folders, key=lambda folder: folder.alone):
            self._put_folder(folder, shown)
        self._open(opened)
        if not self._select(selection) and not self._select_renamed(selection):
            self._select(Shelf())
        self.tree.blockSignals(False)
        if self.shelf != selection:
            self.chosen.emit(self.shelf)

    def _put_folder(self, folder: FolderItem, shown: PanelContents) -> None:
        followed = shown.followed.get(folder.path, "")
        offline = followed == "offline" or (0 < folder.videos == folder.offline)
        detail = self._detail(folder, shown.activity, followed, offline)
        symbol = "file-video-outline" if folder.alone else "folder-outline"
        if offline:
            symbol = "file-alert-outline" if folder.alone else "folder-off-outline"
        shelf, name = Shelf(folder=folder.path, root=True), safe_text.name(folder.path)
        count = None if folder.alone else folder.videos
        self._put(None, name, detail, shelf, symbol, count, failed=bool(folder.failed))

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

    def _put(
        self,
        above: QTreeWidgetItem | None,
        name: str,
        detail: str,
        shelf: Shelf,
        symbol: str,
        videos: int | None,
        *,
        failed: bool = False,
    ) -> None:
        item, count = QTreeWidgetItem(), "" if videos is None else wording.number(videos)
        item.setText(0, name)
        item.setData(0, SHELF, shelf)
        if shelf.place is Place.ALBUM:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setData(0, RowDelegate.ROW, Row(name, detail, icon(symbol), count, failed=failed))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (name, count, detail))))
        item.setToolTip(0, name if shelf.folder is None else safe_text.tip(safe_text.whole(shelf.folder)))
        item.setSizeHint(0, QSize(0, scaled(34 if not detail else 48)))
        tree = FolderTree() if self._shown is None else self._shown.contents.tree
        if shelf.folder is not None and tree.has_children(shelf.folder):
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        if above is None:
            self.tree.addTopLevelItem(item)
        else:
            above.addChild(item)

    def _fill(self, item: QTreeWidgetItem) -> None:
        """Make the rows inside a folder when it is opened: there may be thousands in all."""
        folder = item.data(0, SHELF).folder
        if item.childCount() or folder is None or self._shown is None:
            return
        for inside in self._shown.contents.tree.children(folder):
            shelf, name = Shelf(folder=inside.path), safe_text.name(inside.path)
            self._put(item, name, "", shelf, "folder-outline", inside.videos)

    def _items(self) -> Iterator[QTreeWidgetItem]:
        walk = QTreeWidgetItemIterator(self.tree)
        while (item := walk.value()) is not None:
            yield item
            walk += 1

    def _opened(self) -> set[Path]:
        return {item.data(0, SHELF).folder for item in self._items() if item.isExpanded()}

    def _open(self, folders: set[Path]) -> None:
        for item in self._items():  # those that are made on the way are walked through, too
            if item.data(0, SHELF).folder in folders:
                self._fill(item)
                item.setExpanded(True)

    def _select(self, shelf: Shelf) -> bool:
        for item in self._items():
            if item.data(0, SHELF) == shelf:
                self.tree.setCurrentItem(item)
                return True
        return False

    def _select_renamed(self, shelf: Shelf) -> bool:
        """Select the album that has the query of one whose name is gone."""
        shelves = (item.data(0, SHELF) for item in self._items())
        renamed = next((other for other in shelves if shelf.query and other.query == shelf.query), None)
        return renamed is not None and self._select(renamed)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, SHELF).listed:
            self.chosen.emit(item.data(0, SHELF))

    def _enter(self, item: QTreeWidgetItem) -> None:
        """Show what only a search can, not on the way through the rows by key; and what a video covers."""
        shelf = item.data(0, SHELF)
        (self.chosen_again if shelf.listed else self.album_wanted).emit(shelf)

    def _menu(self, point: QPoint) -> None:
        item = self.tree.itemAt(point) or self.tree.currentItem()  # the menu key points nowhere
        place = self.tree.viewport().mapToGlobal(point)
        if item is not None and self.folder is not None:
            self.menu_wanted.emit(place)
        elif item is not None and (album := self.tree.album) is not None:
            menu = QMenu(self)
            for name, text, slot in (
                ("rename_album", self.tr("&Rename"), self.tree.rename),
                ("delete_album", self.tr("&Delete"), lambda: self.tree.delete_wanted.emit(album)),
            ):
                action = menu.addAction(text)
                action.setObjectName(name)
                # The menu gives the focus back first.
                action.triggered.connect(slot, Qt.ConnectionType.QueuedConnection)
            menu.exec(place)
            menu.deleteLater()
