"""Patterns of files and folders that a person leaves out, as Git reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

IGNORE_FILE = ".retakeignore"
_MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Ignored:
    """Patterns that hold in a folder and all that is in it."""

    folder: Path
    patterns: GitIgnoreSpec

    @classmethod
    def of(cls, folder: Path, patterns: Iterable[str]) -> "Ignored":
        """Read patterns; what is none is left out."""
        usable = []
        for pattern in patterns:
            try:
                GitIgnoreSpec.from_lines([pattern])
            except ValueError:
                continue
            usable.append(pattern)
        return cls(folder, GitIgnoreSpec.from_lines(usable))

    @classmethod
    def beside(cls, folder: Path) -> "Ignored | None":
        """Read the patterns that a folder's own file names, or None where there is none."""
        file = folder / IGNORE_FILE
        try:
            if file.stat().st_size > _MAX_BYTES:
                return None
            return cls.of(folder, file.read_text("utf-8", errors="replace").splitlines())
        except OSError:
            return None

    def matches(self, path: Path, *, is_folder: bool) -> bool:
        """Return whether a file or folder in this folder is left out."""
        name = str(path.relative_to(self.folder)) + ("/" if is_folder else "")
        return bool(self.patterns.match_file(name))
