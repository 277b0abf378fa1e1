"""Copies of the library that are made by themselves: what salvage cannot read comes from them.

They lie beside the library and hold all of it: what is forgotten in the library is forgotten in them, too.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from retake_core.data_dir import DataDir
from retake_core.errors import StorageError
from retake_core.library.database import copy_database
from retake_core.library.sqlite_errors import explain
from retake_core.system.files import delete, free_bytes, sweep

EVERY = 24 * 3600.0  # seconds from one copy to the next
KEPT = 7
QUOTA = 3_000_000_000  # bytes that all together may take; the newest is kept in any case
SPARE = 500_000_000  # bytes of disk that a copy leaves free
_NAME = "library-%Y-%m-%d-%H%M%S-%f"


@dataclass(frozen=True, slots=True)
class LibraryCopy:
    """A copy of the library.

    Attributes:
        path: its file.
        made: seconds since 1970.
        size: bytes.
    """

    path: Path
    made: float
    size: int


def list_copies(data_dir: DataDir) -> list[LibraryCopy]:
    """Return the copies that there are, newest first; also those made before a newer version changed it."""
    found = []
    for path in (*data_dir.copies.glob("library-*.db"), *data_dir.migration_backups()):
        with suppress(OSError):  # another process may remove some, too
            status = path.stat()
            found.append(LibraryCopy(path, status.st_mtime, status.st_size))
    return sorted(found, key=lambda copy: copy.made, reverse=True)


def is_due(data_dir: DataDir) -> bool:
    """Return whether the library has changed since the last copy, and that is a day old."""
    newest = next(iter(list_copies(data_dir)), None)
    if newest is None:
        return data_dir.database.exists()
    if time.time() - newest.made < EVERY:
        return False
    files = (data_dir.database, data_dir.database.with_name(data_dir.database.name + "-wal"))
    return any(path.exists() and path.stat().st_mtime > newest.made for path in files)


def keep_copy(data_dir: DataDir, step: Callable[[float], None] = lambda _: None) -> LibraryCopy | None:
    """Make a copy, also while others write to the library, and remove the oldest ones that are too many.

    Args:
        data_dir: the library's.
        step: hears how much is copied, 0..1; what it raises ends the work.

    Returns:
        The copy, or None where the library holds no video: it must not take the place of one that does.

    Raises:
        StorageError: the disk is too full; the copies that there are stay.
        DamagedError, UserError: the library cannot be read; they stay, too.
    """
    data_dir.copies.mkdir(mode=0o700, exist_ok=True)
    sweep(data_dir.copies)
    target = data_dir.copies / f"{datetime.now().strftime(_NAME)}.db"
    try:
        with closing(sqlite3.connect(data_dir.database)) as connection:
            if connection.execute("SELECT 1 FROM video LIMIT 1").fetchone() is None:
                return None
        if free_bytes(data_dir.copies) < data_dir.database.stat().st_size + SPARE:
            raise StorageError(f"The disk that holds {data_dir.copies} has no room for a copy; free some space.")
        copy_database(data_dir.database, target, step)
    except sqlite3.Error as error:
        raise explain(error, data_dir.database) or error from error
    except OSError as error:
        raise StorageError(f"{data_dir.copies} cannot be written to ({error.strerror}).") from error
    _rotate(data_dir)
    status = target.stat()
    return LibraryCopy(target, status.st_mtime, status.st_size)


def forget_conversations_in_copies(data_dir: DataDir, ids: Sequence[int]) -> None:
    """Delete conversations from all copies; a copy that cannot be changed goes as a whole."""
    for copy in list_copies(data_dir):
        try:
            with closing(sqlite3.connect(copy.path)) as connection, connection:
                for pragma in ("foreign_keys", "secure_delete"):
                    connection.execute(f"PRAGMA {pragma} = ON")
                connection.executemany("DELETE FROM conversation WHERE id = ?", [(number,) for number in ids])
        except sqlite3.Error:
            delete(copy.path)


def _rotate(data_dir: DataDir) -> None:
    total = 0
    for number, copy in enumerate(list_copies(data_dir)):
        total += copy.size
        if number and (number >= KEPT or total > QUOTA):
            with suppress(OSError):
                delete(copy.path)
