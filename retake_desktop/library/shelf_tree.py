"""The tree of the library's panel, in which albums are renamed in place."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem, QTreeWidget, QWidget

from retake_desktop.common.own_keys import claims_key
from retake_desktop.common.qt_types import ModelIndex
from retake_desktop.common.row_delegate import RowDelegate
from retake_desktop.library.model import Place

SHELF = Qt.ItemDataRole.UserRole
OF_ALBUMS = (Qt.Key.Key_F2, Qt.Key.Key_Delete)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a row of the panel stands for: a place of the library, or a folder.

    Attributes:
        album: the name of one, a search that is kept, and its query.
        listed: whether the grid can list the album; one that asks for what is to be seen only a search can tell.
        root: whether the folder is one of the library's own, and not a part of one.
    """

    place: Place = Place.ALL
    folder: Path | None = None
    album: str = ""
    query: str = ""
    listed: bool = True
    root: bool = False


class ShelfTree(QTreeWidget):
    """Rows with a `Shelf` each; on an album F2 renames and Delete deletes."""

    rename_wanted = Signal(object, str)  # Shelf, the name that was typed
    delete_wanted = Signal(object)  # Shelf
    edited = Signal()  # the line that was typed in is gone

    def __init__(self) -> None:
        super().__init__()
        delegate = _AlbumDelegate(self)
        delegate.renamed.connect(self.rename_wanted)
        delegate.closeEditor.connect(lambda *_: self.edited.emit(), Qt.ConnectionType.QueuedConnection)
        self.setItemDelegate(delegate)
        self.setEditTriggers(QTreeWidget.EditTrigger.NoEditTriggers)
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    @property
    def album(self) -> Shelf | None:
        """The selected album."""
        item = self.currentItem()
        shelf: Shelf | None = None if item is None else item.data(0, SHELF)
        return shelf if shelf is not None and shelf.place is Place.ALBUM else None

    @property
    def is_editing(self) -> bool:
        """Whether a name is being typed: the rows must stay then."""
        return self.state() == QTreeWidget.State.EditingState

    def rename(self) -> None:
        """Let the user type another name for the selected album."""
        item = self.currentItem()
        if item is not None and self.album is not None:
            self.editItem(item, 0)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of albums from the actions that have them elsewhere."""
        return (self.album is not None and claims_key(event, OF_ALBUMS)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Rename or delete an album."""
        album = self.album
        if album is not None and event.key() == Qt.Key.Key_F2:
            self.rename()
        elif album is not None and event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit(album)
        else:
            super().keyPressEvent(event)


class _AlbumDelegate(RowDelegate):
    """Lets the names of albums be typed where they stand."""

    renamed = Signal(object, str)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: ModelIndex) -> QWidget:  # noqa: N802
        """Return the line to type in."""
        line = QLineEdit(parent)
        line.setAccessibleName(self.tr("New name of the album"))
        return line

    def setEditorData(self, editor: QWidget, index: ModelIndex) -> None:  # noqa: N802
        """Begin with the name as it is."""
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(SHELF).album)
        editor.selectAll()

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: ModelIndex) -> None:  # noqa: N802
        """Hand over what was typed, if it is something else; the row follows the library."""
        assert isinstance(editor, QLineEdit)
        shelf, name = index.data(SHELF), editor.text().strip()
        if name and name != shelf.album:
            self.renamed.emit(shelf, name)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: ModelIndex) -> None:  # noqa: N802
        """Lie over the row, beside its picture."""
        editor.setGeometry(option.rect.adjusted(40, 2, -10, -2))
