"""The one way in which this app's own files are written: whole or not at all, also when the power fails."""

import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WRITING = ".writing-"
ABANDONED_SECONDS = 3600.0
_TEMPORARY = re.compile(re.escape(WRITING) + r"(?:[a-z0-9_]{8}|salvaged\.db)(?:-(?:wal|shm|journal))?")


@contextmanager
def replacing(path: Path, mode: int = 0o600) -> Iterator[Path]:
    """Let the block fill a temporary file, which then takes the place of `path`.

    The content reaches the disk before the name does: after a crash or a power failure, the old file is there or
    the new one, and once this has returned it is the new one. Only its owner may read it unless the mode says so.

    What processes that died have left beside it goes on the way.

    Yields:
        The temporary file: empty, beside `path`.

    Raises:
        OSError: the disk is full or not writable; the old file is as it was, and nothing is left behind.
    """
    sweep(path.parent)
    handle, name = tempfile.mkstemp(prefix=WRITING, dir=path.parent)  # mode 0600
    temporary = Path(name)
    try:
        os.close(handle)
        yield temporary
        temporary.chmod(mode)  # what filled it may have made it anew
        sync(temporary)
        os.replace(temporary, path)  # noqa: PTH105 - one name for what tests record
        sync_directory(path.parent)
    finally:
        with suppress(OSError):  # it is gone when all went well; a disk that fails is told of already
            temporary.unlink(missing_ok=True)


def write_durably(path: Path, content: bytes) -> None:
    """Put content into a file, whole or not at all.

    Raises:
        OSError: as `replacing`.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def sync(path: Path) -> None:
    """Wait until a file's content is on the disk."""
    _sync(path, os.O_RDWR)  # Windows syncs nothing that is open for reading only


def sync_directory(path: Path) -> None:
    """Wait until a directory's names are on the disk. Windows knows no such thing, and does it by itself."""
    if os.name == "posix":
        _sync(path, os.O_RDONLY)


def sweep(directory: Path, older_than: float = ABANDONED_SECONDS) -> int:
    """Delete the files and folders that processes which died were writing, and return how many bytes that freed.

    The directory may be a person's own: only what bears the name that `tempfile` gives, and is of this user, goes.

    Args:
        directory: where they wrote.
        older_than: seconds; what is younger may still be written.
    """
    freed = 0
    for path in directory.glob(f"{WRITING}*"):
        with suppress(OSError):  # another process may sweep, too
            if _is_left(path, older_than):
                freed += size_of(path)
                delete(path)
    return freed


def _is_left(path: Path, older_than: float) -> bool:
    """Say whether something was made by `tempfile` for this user, and nothing in it was touched for so long."""
    status = path.lstat()
    ours = _TEMPORARY.fullmatch(path.name) and not stat.S_ISLNK(status.st_mode)
    if not ours or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
        return False
    inside = path.rglob("*") if stat.S_ISDIR(status.st_mode) else ()
    newest = max([status.st_mtime, *(each.lstat().st_mtime for each in inside)])
    return time.time() - newest >= older_than


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder; 0 for what is gone."""
    total = 0
    for file in path.rglob("*") if path.is_dir() else (path,):
        with suppress(OSError):
            total += file.stat().st_size if file.is_file() else 0
    return total


def free_bytes(place: Path) -> int:
    """Return the bytes that are free where a file or folder lies, or would lie.

    Raises:
        OSError: the disk cannot be asked.
    """
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def delete(path: Path) -> None:
    """Delete a file, or a folder and all in it; what is gone already is no error.

    Raises:
        OSError: it cannot be deleted.
    """
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_private(path: Path, flags: int) -> int:
    """Open a file as os.open does; a new one is readable and writable by its owner only."""
    return os.open(path, flags | os.O_CREAT, 0o600)


def absolute(path: Path) -> Path:
    """Return a path from the root, without `..`; links keep the names that the user gave them."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
