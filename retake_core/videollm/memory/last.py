"""The memory that was used last, which stays loaded between follow-ups."""

from pathlib import Path

from retake_core.videollm.machine import available_bytes
from retake_core.videollm.memory.memory import Memory

SHARE = 0.5
"""The part of the free memory that it may take: the rest is for questions, and for other programs."""


class LastMemory:
    """Holds one memory at most, for as long as its file is the one that it was loaded from or written to."""

    def __init__(self) -> None:
        self._memory: Memory | None = None
        self._file: tuple[Path, int] | None = None

    @property
    def held_bytes(self) -> int:
        """Bytes that are free again once it is let go."""
        return 0 if self._memory is None else self._memory.cache.stored_bytes

    def of(self, path: Path) -> Memory | None:
        """Return the memory of a file; that of another is let go, and so is one whose file was deleted."""
        if self._memory is not None and self._file != _identity(path):
            self.let_go()
        return self._memory

    def hold(self, path: Path, memory: Memory) -> None:
        """Hold the memory of a file in the place of the last one, unless it is too large."""
        self.let_go()
        file = _identity(path)
        if file is not None and memory.cache.stored_bytes <= SHARE * available_bytes():
            self._memory, self._file = memory, file

    def let_go(self) -> None:
        """Give back what it takes."""
        self._memory = self._file = None


def _identity(path: Path) -> tuple[Path, int] | None:
    """Tell a file from one that took its name later; None where there is none."""
    try:
        return path, path.stat().st_ino
    except OSError:
        return None
