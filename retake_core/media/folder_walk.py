"""Finding the video files in a folder."""

import errno
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from retake_core.media.ignoring import IGNORE_FILE, Ignored
from retake_core.media.video_file import FoundFile, look_at, may_be_video

NO_MEDIA = ".nomedia"
"""Stands in folders that are none of a person's recordings, such as caches."""

_SYSTEM_FOLDERS = frozenset({
    "$recycle.bin", "recycler", "recycled", "#recycle", "@recycle", "@eadir", "#snapshot", "@snapshot", "@tmp",
    "system volume information", "lost+found", "found.000",
})  # fmt: skip
"""Folders, in lower case, that systems and network drives keep for themselves."""

_Place = tuple[Path, tuple[Ignored, ...]]
"""A folder, and the patterns that hold in it."""

_Identity = tuple[int, int] | str
"""Device and inode of a folder, or its real path where a system numbers none."""


class FolderWalk:
    """A walk through a folder in a stable order; use it once.

    Hidden entries are passed over (editors and sync tools keep half-written files there), and so are bins, caches,
    what network drives keep for themselves, and what patterns leave out. Links are followed, those to folders when
    all else was walked through: no folder is walked through twice, whatever leads to it, and no link leads out
    into what lies around it.

    Args:
        folder: where to look.
        on_error: is told of what cannot be looked at, and of links that are not followed.
        leave_out: patterns of what is left out, besides those that folders name themselves.
        others: folders that are walked through as well: what links lead to there is left to them.
        on_folder: is called for every folder, so that a walk through many without a video can be stopped.

    Attributes:
        left_out: files and folders that were passed over on purpose.
        unknown: how many files there are of which neither name nor content tells what they are.
    """

    def __init__(
        self,
        folder: Path,
        on_error: Callable[[OSError], None],
        *,
        leave_out: Sequence[str] = (),
        others: Iterable[Path] = (),
        on_folder: Callable[[], None] = lambda: None,
    ) -> None:
        self.left_out: set[Path] = set()
        self.unknown = 0
        self._start: _Place = (folder, (Ignored.everywhere(folder, leave_out),) if leave_out else ())
        self._on_error, self._on_folder = on_error, on_folder
        self._others = tuple(others)
        self._walked: list[Path] = []
        self._links: deque[_Place] = deque()
        self._seen: set[_Identity] = set()  # empty until there is a link

    def videos(self) -> Iterator[FoundFile]:
        """Yield the video files."""
        yield from self._below(self._start)
        if self._links:
            self._seen.update(map(_identity, (*self._walked, *self._others)))
        while self._links:
            place = self._links.popleft()
            if self._leads_on(place[0]):
                yield from self._below(place, linked=True)

    def _below(self, start: _Place, *, linked: bool = False) -> Iterator[FoundFile]:
        # Not os.walk: it calls itself, and a tree may be deeper than Python's stack.
        folders = [start]
        while folders:
            self._on_folder()
            parent, ignored = folders.pop()
            if linked:
                if (identity := _identity(parent)) in self._seen:
                    continue
                self._seen.add(identity)
            else:
                self._walked.append(parent)
            entries, ignored = self._entries(parent, ignored)
            inside, files = _parted(entries)
            self._links += [(Path(entry.path), ignored) for entry in inside if entry.is_symlink()]
            folders += [(Path(entry.path), ignored) for entry in reversed(inside) if not entry.is_symlink()]
            for entry in files:
                if (file := self._video(Path(entry.path))) is not None:
                    yield file

    def _entries(
        self, folder: Path, ignored: tuple[Ignored, ...]
    ) -> tuple[list["os.DirEntry[str]"], tuple[Ignored, ...]]:
        """Return what is taken of a folder, by name, and the patterns that hold in it."""
        try:
            with os.scandir(folder) as listing:
                everything = list(listing)
        except OSError as error:
            self._on_error(error)
            return [], ignored
        names = {entry.name for entry in everything}
        if NO_MEDIA in names:
            self.left_out.add(folder)
            return [], ignored
        if IGNORE_FILE in names and (own := Ignored.beside(folder)) is not None:
            ignored = (*ignored, own)
        taken = []
        for entry in everything:
            if _is_taken(entry, ignored):
                taken.append(entry)
            else:
                self.left_out.add(Path(entry.path))
        return sorted(taken, key=lambda entry: entry.name), ignored

    def _video(self, path: Path) -> FoundFile | None:
        try:
            is_video = may_be_video(path)
            self.unknown += is_video is None
            return look_at(path) if is_video else None
        except OSError as error:
            self._on_error(error)
            return None

    def _leads_on(self, link: Path) -> bool:
        """Return whether a link leads to a folder that is not walked through anyway."""
        target, here = _real(link), _real(link.parent)
        if _identity(link) in self._seen or any(target.is_relative_to(_real(other)) for other in self._others):
            return False
        if any(place.is_relative_to(target) for place in (here, _real(self._start[0]))):
            self._on_error(OSError(errno.ELOOP, "It leads to a folder around it, and is not followed", link))
            return False
        return True


def _parted(entries: Iterable["os.DirEntry[str]"]) -> tuple[list["os.DirEntry[str]"], list["os.DirEntry[str]"]]:
    """Return folders, and what is none."""
    folders: list[os.DirEntry[str]] = []
    files: list[os.DirEntry[str]] = []
    for entry in entries:
        (folders if _is_folder(entry) else files).append(entry)
    return folders, files


def _is_taken(entry: "os.DirEntry[str]", ignored: Sequence[Ignored]) -> bool:
    if entry.name.startswith(".") or entry.name.casefold() in _SYSTEM_FOLDERS:
        return False
    if not ignored:  # as in nearly all folders: a path for each file takes as long as all the rest
        return True
    path, is_folder = Path(entry.path), _is_folder(entry)
    return not any(patterns.matches(path, is_folder=is_folder) for patterns in ignored)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _identity(folder: Path) -> _Identity:
    try:
        status = os.stat(folder)  # noqa: PTH116 - may be a path too odd for pathlib
    except OSError:
        return os.path.realpath(folder)
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(folder)
