"""Which patterns of the settings hold now, for those who work for long."""

import contextlib
from pathlib import Path

from retake_core.errors import UserError
from retake_core.settings import load_settings


class LeftOutPatterns:
    """Returns the patterns of what is left out; the settings are read again when their file has changed.

    While they cannot be read, what they said before holds.
    """

    def __init__(self, settings: Path) -> None:
        self._settings = settings
        self._state: tuple[int, int] | None = None
        self._patterns: tuple[str, ...] = ()

    def __call__(self) -> tuple[str, ...]:
        """Return the patterns."""
        try:
            status = self._settings.stat()
            state = (status.st_mtime_ns, status.st_ino)
        except OSError:
            state = (0, 0)
        if state != self._state:
            self._state = state
            with contextlib.suppress(UserError):
                self._patterns = load_settings(self._settings).leave_out
        return self._patterns
