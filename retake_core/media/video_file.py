"""Finding video files in folders, and recognising their content."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SUFFIXES = """
3g2 3gp asf avi divx dv f4v flv gif m2t m2ts m2v m4v mkv mov mp4 mpeg mpg mts mxf
ogm ogv qt rm rmvb ts vob webm wmv y4m
"""
VIDEO_SUFFIXES = frozenset("." + suffix for suffix in _SUFFIXES.split())
_SAMPLE = 64 * 1024


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A video file as the file system describes it."""

    path: Path
    size: int
    mtime_ns: int


def find_videos(
    folder: Path, on_error: Callable[[OSError], None], on_folder: Callable[[], None] = lambda: None
) -> Iterator[FoundFile]:
    """Walk a folder in a stable order and yield its video files.

    Hidden entries are passed over (editors and sync tools keep half-written files there). Links to files
    are followed, links to folders are not, so that no link can lead the walk round in circles.

    Args:
        folder: where to look.
        on_error: is told of what cannot be looked at.
        on_folder: is called for every folder, so that a walk through many without a video can be stopped.
    """
    folders = [folder]  # not os.walk: it calls itself, and a tree may be deeper than Python's stack
    while folders:
        on_folder()
        parent = folders.pop()
        try:
            with os.scandir(parent) as listing:
                entries = sorted((entry for entry in listing if not entry.name.startswith(".")), key=_name)
        except OSError as error:
            on_error(error)
            continue
        folders += [Path(entry.path) for entry in reversed(entries) if _is_folder(entry)]
        for entry in entries:
            path = Path(entry.path)
            if path.suffix.lower() in VIDEO_SUFFIXES and not _is_folder(entry):
                try:
                    file = look_at(path)
                except OSError as error:
                    on_error(error)
                    continue
                if file is not None:
                    yield file


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
    return FoundFile(path, status.st_size, status.st_mtime_ns)


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
