"""What SQLite's errors mean for a person, and how to wait until one passes."""

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from retake_core.cancel import CancelToken
from retake_core.errors import DamagedError, StorageError, UserError
from retake_core.system.files import WRITING

RESERVE = 32 * 2**20  # bytes: work begins again when there is room for more than the next batch
LOOK_EVERY = 5.0  # seconds between two looks at a disk that was full
BUSY_LIMIT = 120.0  # seconds that another program may hold the library
NO_ROOM = 2**20  # bytes: a disk with less is as good as full


def explain(error: DBAPIError | sqlite3.Error, path: Path) -> UserError | None:
    """Return what the user is told of an error of the database, or None when it is a defect of the app."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF  # without what extends it
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _free(path.parent) < NO_ROOM):
        return StorageError(f"The disk that holds {path.parent} is full; free some space.")
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StorageError(f"Another program holds the library {path} (it is locked); close it.")
        case sqlite3.SQLITE_IOERR:
            return StorageError(
                f"The disk that holds {path.parent} cannot be read or written ({original}); "
                "check that it is connected, and that your share of it is not used up."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return UserError(
                f"The library {path} cannot be opened for writing ({original}); check its disk and permissions."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DamagedError(
                f"The library {path} is damaged ({original}); "
                "close ReTaKe and mend it with: retake doctor --repair"
            )
    return None


def wait_until_writable(engine: Engine, path: Path, cancel: CancelToken) -> None:
    """Wait until a library can be written again.

    Raises:
        StorageError: another program still holds it after a long time.
        UserError: it never will be.
        Cancelled: the user asked to stop.
    """
    began = time.monotonic()
    while True:
        cancel.sleep(LOOK_EVERY)
        if not _has_room(path.parent):
            continue
        try:
            with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
                return
        except DBAPIError as error:
            reason = explain(error, path)
            if not isinstance(reason, StorageError) or time.monotonic() - began > BUSY_LIMIT:
                raise (reason or error) from error


def _has_room(directory: Path) -> bool:
    """Return whether the disk takes a large file: a quota or a failing disk shows only in the attempt."""
    try:
        with tempfile.NamedTemporaryFile(prefix=WRITING, dir=directory) as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, RESERVE)
            return _free(directory) > NO_ROOM
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.EOPNOTSUPP):  # the file system reserves nothing
            return _free(directory) > RESERVE
        return False


def _free(directory: Path) -> int:
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return 0
