"""The file that an export goes to: whole or not at all, and never in the place of a recording."""

import errno
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from retake_core.display import data_size
from retake_core.errors import UserError
from retake_core.protocol.export_order import SUFFIXES, What, is_written_as
from retake_core.system.files import replacing, sync_directory

SPARE = 20_000_000  # bytes of disk that are left free
_SHOWN = 40  # characters of a name that is too long


@contextmanager
def writing(target: Path, recordings: Collection[Path], *, replace: bool, needed: int = 0) -> Iterator[Path]:
    """Let the block fill a temporary file, which then becomes `target`.

    Args:
        target: the file.
        recordings: what it must not be, by this or any other name.
        replace: whether a file that is there may be lost.
        needed: bytes that it is likely to take.

    Yields:
        The temporary file: empty, in the same folder.

    Raises:
        UserError: it cannot be written there, or a file is there; nothing is left behind.
    """
    check(target, recordings, replace=replace, needed=needed)
    try:
        with replacing(target, _usual_mode()) as temporary:
            yield temporary
            _refuse_existing(target, replace)  # it may have come meanwhile
    except OSError as error:
        raise cannot_write(target, error) from error


def publish_folder(fresh: Path, folder: Path, *, replace: bool) -> None:
    """Give a folder that is complete its name.

    Raises:
        OSError: it cannot be done.
        UserError: something else has that name.
    """
    if folder.exists():
        if not folder.is_dir():
            raise UserError(f"{folder} is a file, and the pictures belong there; choose another name.")
        _refuse_existing(folder, replace)
        shutil.rmtree(folder)
    fresh.chmod(_usual_mode() | 0o700 | (_usual_mode() & 0o044) >> 2)
    fresh.rename(folder)
    sync_directory(folder.parent)


def check(target: Path, recordings: Collection[Path], *, replace: bool, needed: int = 0) -> None:
    """Refuse a target before work is put into it.

    Raises:
        UserError: see `writing`.
    """
    try:
        _check(target, recordings, replace=replace, needed=needed)
    except OSError as error:
        raise cannot_write(target, error) from error


def _check(target: Path, recordings: Collection[Path], *, replace: bool, needed: int) -> None:
    folder = target.parent
    if not folder.is_dir():
        raise UserError(f"The folder {folder} does not exist; choose another one.")
    if not os.access(folder, os.W_OK):
        raise UserError(f"The folder {folder} cannot be written to; choose another one.")
    if target.is_dir():
        raise UserError(f"{target} is a folder; give the name of a file.")
    if target.exists() and any(_same(target, recording) for recording in recordings):
        raise UserError(f"{target.name} is the recording itself, which is never touched; choose another name.")
    _refuse_existing(target, replace)
    free = shutil.disk_usage(folder).free
    if needed + SPARE > free:
        size, room = data_size(needed + SPARE), data_size(free)
        raise UserError(f"It needs about {size}, and {room} are free in {folder}; make room or choose another.")


def check_name(what: What, target: Path) -> None:
    """Refuse a name whose ending says nothing of the format.

    Raises:
        UserError: it does not.
    """
    if not is_written_as(what, target):
        *others, last = SUFFIXES[what]
        endings = f"{', '.join(others)} or {last}" if others else last
        raise UserError(f"{target.name} does not say which format is meant; let it end in {endings}.")


def cannot_write(target: Path, error: OSError) -> UserError:
    """Return what to tell of a failure to write."""
    if error.errno == errno.ENAMETOOLONG:
        return UserError(f"The name {target.name[:_SHOWN]}… is too long to write; choose a shorter one.")
    reason = (error.strerror or "unknown error").lower()
    return UserError(f"{target.name} could not be written: {reason}. Choose another folder, or make room.")


def _refuse_existing(target: Path, replace: bool) -> None:
    if target.exists() and not replace:
        raise UserError(f"{target} exists already; choose another name, or say that it may be replaced.")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # the recording is not there now
        return False


def _usual_mode() -> int:
    """Return the mode of files that the user makes."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
