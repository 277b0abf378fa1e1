"""The notes of a video, in the panel of what is known of it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from retake_core.display import clock
from retake_core.library.notes import NoteEntry
from retake_desktop.common import safe_text
from retake_desktop.common.widgets import muted_label

NOTE = Qt.ItemDataRole.UserRole


class NotesList(QWidget):
    """Enter or a double click goes to a note's time."""

    chosen = Signal(object)  # NoteEntry
    change_wanted = Signal(object)  # NoteEntry
    delete_wanted = Signal(object)  # NoteEntry

    def __init__(self, add: QAction) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setObjectName("entries")
        self.list.setAccessibleName(self.tr("Notes"))
        self.list.setWordWrap(True)
        self.list.itemActivated.connect(lambda item: self.chosen.emit(item.data(NOTE)))
        self.list.itemSelectionChanged.connect(self._enable)
        self.list.installEventFilter(self)
        self.add = QPushButton(self.tr("Add…"))
        self.add.setAccessibleName(self.tr("Add a note"))
        self.add.clicked.connect(add.trigger)
        self.change = QPushButton(self.tr("Change…"))
        self.change.setAccessibleName(self.tr("Change the note"))
        self.change.clicked.connect(lambda: self.change_wanted.emit(self.current))
        self.delete = QPushButton(self.tr("Delete"))
        self.delete.setAccessibleName(self.tr("Delete the note"))
        self.delete.clicked.connect(self._delete)
        buttons = QHBoxLayout()
        for button in (self.add, self.change, self.delete):
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(6)
        layout.addWidget(muted_label(self.tr("Notes")))
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self._enable()

    @property
    def current(self) -> NoteEntry | None:
        """The selected note."""
        item = self.list.currentItem()
        note: NoteEntry | None = None if item is None or not item.isSelected() else item.data(NOTE)
        return note

    def show_notes(self, notes: Sequence[NoteEntry]) -> None:
        """Show the notes of a video, those about the whole first."""
        selected = self.current
        self.list.clear()
        for note in notes:
            text = safe_text.line(note.content)
            item = QListWidgetItem(text if note.time is None else f"{clock(note.time)}  {text}")
            item.setData(NOTE, note)
            self.list.addItem(item)
            if selected is not None and note.id == selected.id:
                self.list.setCurrentItem(item)
        self._enable()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Delete the selected note by key."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Delete)
        ):
            self._delete()
            return True
        return super().eventFilter(watched, event)

    def _delete(self) -> None:
        if self.current is not None:
            self.delete_wanted.emit(self.current)

    def _enable(self) -> None:
        for button in (self.change, self.delete):
            button.setEnabled(self.current is not None)
