"""Connections and transactions on the library's SQLite file, and its migrations."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from retake_core.errors import UserError
from retake_core.paths import open_private

PAGE_SIZE = 16384  # thumbnails are about 9 KB: three times the write speed of 4 KB pages


class Database:
    """One SQLite file, opened for reading and writing. Close it when done."""

    def __init__(self, path: Path) -> None:
        """Open the file, make it if need be, and bring it to the newest version.

        Raises:
            UserError: the file is damaged, locked, or of a newer version of the app.
        """
        self.path = path
        try:
            os.close(open_private(path, os.O_RDWR))
        except OSError as error:
            raise UserError(f"The library {path} cannot be opened ({error.strerror}).") from error
        self._engine = _create_engine(path)
        try:
            _migrate(self._engine, path)
        except DatabaseError as error:
            self._engine.dispose()
            raise UserError(
                f"The library {path} cannot be opened ({error.orig}); "
                "close other programs that use it, or move it away to start a new one."
            ) from error
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the library and changes nothing."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at the end of the block, or not at all."""
        with _connect_for_writing(self._engine) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _create_engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=os.fspath(path)),
        hide_parameters=True,  # errors go into the log, and what is asked and found does not
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        # With the driver's own transactions the PRAGMAs below would land inside one and do nothing.
        connection.isolation_level = None
        for pragma in (
            f"page_size = {PAGE_SIZE}",
            "busy_timeout = 5000",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
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
    folder = resources.files("retake_core.library") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(folder / name).read_text(encoding="utf-8") for name in names]


def _migrate(engine: Engine, path: Path) -> None:
    migrations = _migrations()
    version = _version(engine)
    if version > len(migrations):
        raise UserError(
            f"The library {path} was made by a newer version of ReTaKe (version {version}, this one knows "
            f"{len(migrations)}); update ReTaKe to open it."
        )
    if 0 < version < len(migrations):
        _back_up(path, path.with_name(f"{path.stem}-before-version-{len(migrations)}{path.suffix}"))
    for number, script in enumerate(migrations[version:], start=version + 1):
        with _connect_for_writing(engine) as connection, connection.begin():
            # Another process may have done it while this one waited for the lock.
            if connection.exec_driver_sql("PRAGMA user_version").scalar_one() < number:
                for statement in _statements(script):
                    connection.exec_driver_sql(statement)
                connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def _version(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _back_up(path: Path, target: Path) -> None:
    # A copy of the file alone would lose what still lies in the write-ahead log.
    target.unlink(missing_ok=True)
    os.close(open_private(target, os.O_WRONLY))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (os.fspath(target),))


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
