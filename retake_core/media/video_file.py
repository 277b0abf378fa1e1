"""Finding video files in folders, and recognising their content."""

import hashlib
import mimetypes
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retake_core.media.content import is_video
from retake_core.media.ignoring import IGNORE_FILE, Ignored

_SUFFIXES = """
360 3g2 3gp asf avi dav divx dv f4v flv gif insv m2p m2t m2ts m2v m4v mkv mod mov mp mp4 mpeg mpg mts mxf
ogm ogv qt rm rmvb tod tp trp ts vob vro webm wmv y4m
"""
VIDEO_SUFFIXES = frozenset("." + suffix for suffix in _SUFFIXES.split())
_AMBIGUOUS = frozenset({".ts", ".mts", ".mod", ".tod", ".tp", ".mp", ".360", ".dav"})
"""Endings that others use as well, such as those of TypeScript: the content tells."""

_SMALL_COPIES = frozenset({".lrv", ".thm"})  # that cameras write beside each recording
_LEFT_OUT = frozenset({
    "$recycle.bin", "recycler", "recycled", "#recycle", "@recycle", "@eadir", "#snapshot", "@snapshot", "@tmp",
    "system volume information", "lost+found", "found.000",
})  # fmt: skip
"""Folders, in lower case, that systems and network drives keep for themselves."""

_NO_MEDIA = ".nomedia"  # stands in folders that are none of a person's recordings, such as caches
_LEAST = 64 << 10  # bytes of a file of an unknown kind that is looked into
_SAMPLE = 64 * 1024
_LATEST_NS = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A video file as the file system describes it."""

    path: Path
    size: int
    mtime_ns: int


def find_videos(
    folder: Path,
    on_error: Callable[[OSError], None],
    on_folder: Callable[[], None] = lambda: None,
    on_unknown: Callable[[Path], None] = lambda _: None,
) -> Iterator[FoundFile]:
    """Walk a folder in a stable order and yield its video files.

    Hidden entries are passed over (editors and sync tools keep half-written files there), and so are bins, caches,
    what network drives keep for themselves, and what a folder's own patterns leave out. Links to files are
    followed, links to folders are not, so that no link can lead the walk round in circles.

    Args:
        folder: where to look.
        on_error: is told of what cannot be looked at.
        on_folder: is called for every folder, so that a walk through many without a video can be stopped.
        on_unknown: is told of files of which neither name nor content tells what they are.
    """
    # Not os.walk: it calls itself, and a tree may be deeper than Python's stack.
    folders: list[tuple[Path, tuple[Ignored, ...]]] = [(folder, ())]
    while folders:
        on_folder()
        parent, ignored = folders.pop()
        try:
            with os.scandir(parent) as listing:
                everything = list(listing)
        except OSError as error:
            on_error(error)
            continue
        if any(entry.name == _NO_MEDIA for entry in everything):
            continue
        if any(entry.name == IGNORE_FILE for entry in everything) and (own := Ignored.beside(parent)) is not None:
            ignored = (*ignored, own)
        entries = sorted((entry for entry in everything if _is_taken(entry, ignored)), key=_name)
        folders += [(Path(entry.path), ignored) for entry in reversed(entries) if _is_folder(entry)]
        for entry in entries:
            if _is_folder(entry):
                continue
            path = Path(entry.path)
            try:
                file = look_at(path) if _may_be_video(path, on_unknown) else None
            except OSError as error:
                on_error(error)
                continue
            if file is not None:
                yield file


def _is_taken(entry: "os.DirEntry[str]", ignored: Sequence[Ignored]) -> bool:
    if entry.name.startswith(".") or entry.name.casefold() in _LEFT_OUT:
        return False
    if not ignored:  # as in nearly all folders: a path for each file takes as long as all the rest
        return True
    path, is_folder = Path(entry.path), _is_folder(entry)
    return not any(patterns.matches(path, is_folder=is_folder) for patterns in ignored)


def _may_be_video(path: Path, on_unknown: Callable[[Path], None]) -> bool:
    """Return whether the name of a file says that it is a video, or else its content."""
    suffix = path.suffix.lower()
    if suffix in VIDEO_SUFFIXES:
        return suffix not in _AMBIGUOUS or is_video(path)
    if suffix in _SMALL_COPIES or mimetypes.guess_type(path.name)[0] is not None or path.stat().st_size < _LEAST:
        return False
    if is_video(path):
        return True
    on_unknown(path)
    return False


def _name(entry: "os.DirEntry[str]") -> str:
    return entry.name


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def look_at(path: Path) -> FoundFile | None:
    """Return a file's size and time of change, or None if it is no regular file.

    Raises:
        OSError: it cannot be looked at.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        return None
    # More nanoseconds than the database holds: some devices write dates of the far future.
    return FoundFile(path, status.st_size, max(-_LATEST_NS, min(status.st_mtime_ns, _LATEST_NS)))


def is_unchanged(file: FoundFile) -> bool:
    """Return whether a file is still there as it was found."""
    try:
        return look_at(file.path) == file
    except OSError:
        return False


class FileChangedError(Exception):
    """A file is not what it was when it was found."""


def check_unchanged(file: FoundFile) -> None:
    """Do nothing if a file is still there as it was found.

    Raises:
        FileChangedError: it is not.
    """
    if not is_unchanged(file):
        raise FileChangedError


def fingerprint(path: Path) -> str:
    """Return a digest of a file's size and 64 KiB each of its head, middle and tail.

    A moved or renamed file keeps its fingerprint. Reading a sample rather than all of it makes a library of
    terabytes recognisable in seconds.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        digest.update(size.to_bytes(8, "little"))
        for offset in (0, (size - _SAMPLE) // 2, size - _SAMPLE):
            file.seek(max(0, offset))
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
