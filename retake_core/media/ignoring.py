"""Patterns of files and folders that a person leaves out, as Git reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

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
        return cls(folder, GitIgnoreSpec.from_lines(filter(is_pattern, patterns)))

    @classmethod
    def everywhere(cls, folder: Path, patterns: Iterable[str]) -> "Ignored":
        """Read patterns that hold in every folder of the library; one may begin with the whole path of a place."""
        tops = tuple(f"{top.rstrip('/')}/" for top in (escaped(folder), folder.as_posix()))
        return cls.of(folder, (_from_top(pattern, tops) for pattern in patterns))

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


def _from_top(pattern: str, tops: Iterable[str]) -> str:
    """Return a pattern with a path from a folder on in place of the whole one."""
    negated = "!" if pattern.startswith("!") else ""
    bare = pattern.removeprefix("!")
    top = next((top for top in tops if bare.startswith(top)), None)
    return pattern if top is None else f"{negated}/{bare.removeprefix(top)}"


def is_pattern(text: str) -> bool:
    """Return whether a line can be read as a pattern."""
    try:
        GitIgnoreSpec.from_lines([text])
    except ValueError:
        return False
    return True


def escaped(path: Path) -> str:
    """Return a path as the beginning of a pattern that means just that."""
    return GitIgnoreSpecPattern.escape(path.as_posix())
