"""Connections and transactions on the library's SQLite file, and its migrations.

With a write-ahead log, synchronous = NORMAL syncs the log before it is copied into the file, and the file before
the log begins anew: a power failure never tears the library, but may take back the last transactions, some seconds
of indexing, which the next run does again. FULL would sync at every commit, and indexing would wait for the disk.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from retake_core.cancel import CancelToken
from retake_core.errors import NewerVersionError, UserError
from retake_core.library.sqlite_errors import explain, wait_until_writable
from retake_core.system.bundled import bundled
from retake_core.system.files import open_private, replacing

PAGE_SIZE = 16384  # thumbnails are about 9 KB: three times the write speed of 4 KB pages
INCREMENTAL = 2
INSTRUCTIONS = 10_000  # of SQLite between two looks at whether to go on: some milliseconds


class Database:
    """One SQLite file, opened for reading and writing. Close it when done."""

    def __init__(self, path: Path) -> None:
        """Open the file, make it if need be, and bring it to the newest version.

        Raises:
            DamagedError: the file is damaged.
            NewerVersionError: it is of a newer version of the app.
            StorageError: it is locked, or the disk is full.
            UserError: it cannot be opened.
        """
        self.path = path
        try:
            if not path.exists():  # to close it would drop the locks of this process's other connections
                os.close(open_private(path, os.O_RDWR))
        except OSError as error:
            raise UserError(f"The library {path} cannot be opened ({error.strerror}).") from error
        self._engine = _create_engine(path)
        self._reader = _create_engine(path, query_only=True)
        try:
            _migrate(self._engine, path)
        except (DatabaseError, sqlite3.Error, OSError) as error:
            self._engine.dispose()
            reason = None if isinstance(error, OSError) else explain(error, path)
            raise reason or UserError(f"The library {path} cannot be opened ({_cause(error)}).") from error
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the library and changes nothing.

        Raises:
            DamagedError, StorageError, UserError: the file cannot be read, and why.
        """
        with self._explaining(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at the end of the block, or not at all.

        Raises:
            StorageError: the disk is full, or another program holds the library; see `wait_until_writable`.
            DamagedError, UserError: the file cannot be written, and why.
        """
        with self._explaining(), _connect_for_writing(self._engine) as connection, connection.begin():
            yield connection

    def wait_until_writable(self, cancel: CancelToken) -> None:
        """Wait, after a StorageError, until it is worth trying again.

        Raises:
            StorageError: another program still holds the library after minutes.
            Cancelled: the user asked to stop.
        """
        wait_until_writable(self._engine, self.path, cancel)

    def reclaim(self) -> None:
        """Give the space of what was deleted back to the disk, and let no file hold any of it.

        Raises:
            StorageError: the disk is full, or another program holds the library; what was deleted is overwritten.
        """
        with self._explaining(), closing(self._engine.raw_connection()) as pooled:
            connection = pooled.driver_connection
            assert isinstance(connection, sqlite3.Connection)
            if connection.execute("PRAGMA auto_vacuum").fetchone() == (INCREMENTAL,):
                connection.executescript("PRAGMA incremental_vacuum")  # execute() would stop after one page
            else:  # made by an early version of the app
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
                connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def size(self) -> int:
        """Return the bytes of all pages."""
        with self.reading() as connection:
            return PAGE_SIZE * int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()
        self._engine.dispose()

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, sqlite3.Error) as error:
            reason = explain(error, self.path)
            if reason is None:
                raise
            raise reason from error


def _create_engine(path: Path, *, query_only: bool = False) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=os.fspath(path)),
        hide_parameters=True,  # errors go into the log, and what is asked and found does not
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        # With the driver's own transactions the PRAGMAs below would land inside one and do nothing.
        connection.isolation_level = None
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        if connection.execute("PRAGMA page_count").fetchone() == (0,):  # later it would be a write
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        for pragma in (
            "busy_timeout = 5000",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "secure_delete = ON",
            f"query_only = {query_only:d}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A writer that starts as a reader fails at once with "database is locked", whatever the timeout.
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _connect_for_writing(engine: Engine) -> Connection:
    return engine.connect().execution_options(sqlite_begin="IMMEDIATE")


def _migrations() -> list[str]:
    folder = bundled("retake_core.library") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(folder / name).read_text(encoding="utf-8") for name in names]


def _migrate(engine: Engine, path: Path) -> None:
    migrations = _migrations()
    version = _version(engine)
    if version > len(migrations):
        raise NewerVersionError(
            f"The library {path} was made by a newer version of ReTaKe (version {version}, this one knows "
            f"{len(migrations)}); update ReTaKe to open it."
        )
    if 0 < version < len(migrations):
        copy_database(path, path.with_name(f"{path.stem}-before-version-{len(migrations)}{path.suffix}"))
    if version < len(migrations):
        # All in one transaction: what is interrupted starts anew, and from the version that the backup is of.
        with _connect_for_writing(engine) as connection, connection.begin():
            add_functions(connection.connection.driver_connection)
            version = int(
                connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            )  # another may have done it
            for script in migrations[version:]:
                for statement in _statements(script):
                    connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {len(migrations)}")


def add_functions(connection: Any) -> None:
    """Teach a connection of sqlite3 what migrations call."""
    from retake_core.library.texts import stems_of  # late: the window never migrates, and starts sooner

    connection.create_function("stems_of", 4, stems_of, deterministic=True)


def _version(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def copy_database(path: Path, target: Path, step: Callable[[float], None] = lambda _: None) -> None:
    """Copy a library as it is at this moment, while others write to it, into a file that is whole or not there.

    Args:
        path: the library.
        target: the copy.
        step: hears how much is copied, 0..1; what it raises ends the work, and no copy is made.

    Raises:
        sqlite3.Error: it cannot be read, or the disk is full.
        OSError: the target cannot be written.
    """
    step(0.0)
    stopped: list[BaseException] = []
    # A copy of the file alone would lose what still lies in the write-ahead log.
    with replacing(target) as temporary, closing(sqlite3.connect(path)) as connection:
        whole = max(connection.execute("PRAGMA page_count").fetchone()[0] * PAGE_SIZE, 1)

        def look() -> int:
            try:
                step(min(temporary.stat().st_size / whole, 1.0))
            except BaseException as error:
                stopped.append(error)
            return len(stopped)

        connection.set_progress_handler(look, INSTRUCTIONS)
        try:
            connection.execute("VACUUM INTO ?", (os.fspath(temporary),))
        except sqlite3.Error as error:
            raise (stopped[0] if stopped else error) from None


def _cause(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error.orig if isinstance(error, DatabaseError) else error)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
