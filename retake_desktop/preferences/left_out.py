"""The patterns of files and folders that are left out of the library, as a list that one edits."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QListWidget, QPushButton, QVBoxLayout, QWidget

from retake_core.media.ignoring import escaped, is_pattern
from retake_desktop.common.form import trouble_label
from retake_desktop.engine.settings_store import SettingsStore


class LeftOutBox(QWidget):
    """Shows the patterns, and changes them in the settings.

    Args:
        store: the settings.
        folders: returns the folders of the library.
    """

    changed = Signal()  # other patterns hold

    def __init__(self, store: SettingsStore, folders: Callable[[], Sequence[Path]]) -> None:
        super().__init__()
        self._store, self._folders = store, folders
        self._shown: tuple[str, ...] | None = None
        self.list = QListWidget()
        self.list.setObjectName("framed")
        self.list.setAccessibleName(self.tr("What is left out"))
        self.list.setFixedHeight(104)
        self.list.setSpacing(2)
        self.pattern = QLineEdit()
        self.pattern.setPlaceholderText(self.tr("Pattern, such as drafts/ or *.tmp.mp4"))
        self.pattern.setAccessibleName(self.tr("Pattern of what to leave out"))
        self.add = QPushButton(self.tr("Leave out"))
        self.choose = QPushButton(self.tr("Leave out a folder…"))
        self.remove = QPushButton(self.tr("Include again"))
        self.problem = trouble_label()
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self.pattern, self.add, self.choose, self.remove):
            line.addWidget(widget, int(widget is self.pattern))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list)
        column.addLayout(line)
        column.addWidget(self.problem)
        self.add.clicked.connect(self._add)
        self.pattern.returnPressed.connect(self._add)
        self.pattern.textChanged.connect(lambda _: self._enable())
        self.choose.clicked.connect(self._choose)
        self.remove.clicked.connect(self._remove)
        self.list.currentRowChanged.connect(lambda _: self._enable())
        delete = QShortcut(QKeySequence.StandardKey.Delete, self.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._remove)
        store.changed.connect(self._show)
        self._show()

    def _add(self) -> None:
        pattern = self.pattern.text().strip()
        if pattern and self._leave_out(pattern):
            self.pattern.clear()

    def _choose(self) -> None:
        folders = self._folders()
        start = str(folders[0] if folders else Path.home())
        folder = QFileDialog.getExistingDirectory(self, self.tr("Leave out a folder"), start)
        if not folder:
            return
        if any(place in Path(folder).parents for place in folders):
            self._leave_out(f"{escaped(Path(folder))}/")
        else:
            self._tell(self.tr("Choose a folder that lies inside one of the library's folders."))

    def _leave_out(self, pattern: str) -> bool:
        """Return whether it is left out now."""
        if not is_pattern(pattern):
            self._tell(self.tr("This is not a pattern; write it as in .gitignore, such as drafts/ or *.tmp.mp4."))
            return False
        before = self._store.settings.leave_out
        return self._change(tuple(dict.fromkeys((*before, pattern))))

    def _remove(self) -> None:
        row, before = self.list.currentRow(), self._store.settings.leave_out
        if 0 <= row < len(before):
            self._change(before[:row] + before[row + 1 :])

    def _change(self, patterns: tuple[str, ...]) -> bool:
        self._tell("")
        if patterns == self._store.settings.leave_out:
            return True
        if not self._store.change(leave_out=patterns or None):
            return False
        self.changed.emit()
        return True

    def _show(self) -> None:
        patterns = self._store.settings.leave_out
        if patterns != self._shown:
            self._shown = patterns
            self.list.clear()
            self.list.addItems(patterns)
        self._enable()

    def _enable(self) -> None:
        self.add.setEnabled(bool(self.pattern.text().strip()))
        self.remove.setEnabled(self.list.currentRow() >= 0)

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
