"""The user's settings as the window sees them: read once, written one at a time, told to all that show them."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from retake_core.errors import UserError
from retake_core.settings import Settings, change_settings, load_settings
from retake_desktop.common.engine_sentences import translated


class SettingsStore(QObject):
    """The settings file. While it cannot be read, the defaults hold, and it is never written over."""

    changed = Signal()
    failed = Signal(str)  # one sentence: the file cannot be read or written

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self.settings = Settings()
        self.problem = ""
        self._load()

    def change(self, **changes: Any) -> bool:
        """Write values, by name.

        Returns:
            Whether they were written; what shows them must show the old ones again when not.
        """
        try:
            self.settings = change_settings(self._path, **changes)
        except UserError as error:
            self.failed.emit(translated(str(error)))
            self.changed.emit()
            return False
        self.problem = ""
        self.changed.emit()
        return True

    def reload(self) -> None:
        """Read what another process has written."""
        self._load()
        self.changed.emit()

    def _load(self) -> None:
        try:
            self.settings, self.problem = load_settings(self._path), ""
        except UserError as error:
            self.problem = translated(str(error))
            self.failed.emit(self.problem)
