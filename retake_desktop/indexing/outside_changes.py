"""Noticing that another program, such as the `retake` command, has written to the library."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from retake_desktop.common.widgets import single_shot

GATHER_MS = 1500  # many writes become one


class OutsideChanges(QObject):
    """Watches the journal of the library's file, to which everybody who writes appends.

    The window's own workers write there, too: what they change is read once more, which does no harm.
    """

    changed = Signal()

    def __init__(self, database: Path) -> None:
        super().__init__()
        self._journal = database.with_name(f"{database.name}-wal")
        self._watcher: QFileSystemWatcher | None = None
        self._gather = single_shot(self, GATHER_MS)
        self._gather.timeout.connect(self._tell)

    def start(self) -> None:
        """Begin; the library must be open, so that there is a journal."""
        if self._watcher is None:  # only now: systems count watchers, and give few
            self._watcher = QFileSystemWatcher(self)
            self._watcher.fileChanged.connect(self._gather_more)
        self._watcher.addPath(str(self._journal))

    def _gather_more(self) -> None:
        if not self._gather.isActive():
            self._gather.start()

    def _tell(self) -> None:
        self.start()  # a journal that was made anew is another file
        self.changed.emit()
