"""Which files are videos, and recognising their content."""

import hashlib
import mimetypes
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from retake_core.media.content import is_video

_SUFFIXES = """
360 3g2 3gp asf avi dav divx dv f4v flv gif insv m2p m2t m2ts m2v m4v mkv mod mov mp mp4 mpeg mpg mts mxf
ogm ogv qt rm rmvb tod tp trp ts vob vro webm wmv y4m
"""
VIDEO_SUFFIXES = frozenset("." + suffix for suffix in _SUFFIXES.split())
_AMBIGUOUS = frozenset({".ts", ".mts", ".mod", ".tod", ".tp", ".mp", ".360", ".dav"})
"""Endings that others use as well, such as those of TypeScript: the content tells."""

_SMALL_COPIES = frozenset({".lrv", ".thm"})  # that cameras write beside each recording
_LEAST = 64 << 10  # bytes of a file of an unknown kind that is looked into
_SAMPLE = 64 * 1024
_LATEST_NS = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A video file as the file system describes it."""

    path: Path
    size: int
    mtime_ns: int


def may_be_video(path: Path) -> bool | None:
    """Return whether the name of a file says that it is a video, or else its content; None where neither tells.

    Raises:
        OSError: it cannot be looked at.
    """
    suffix = path.suffix.lower()
    if suffix in VIDEO_SUFFIXES:
        return suffix not in _AMBIGUOUS or is_video(path)
    if suffix in _SMALL_COPIES or mimetypes.guess_type(path.name)[0] is not None or path.stat().st_size < _LEAST:
        return False
    return is_video(path) or None


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
