"""A disk that is full, a library that others hold, a place that is read-only: told clearly, and survived."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, DamagedError, StorageError, UserError
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library import sqlite_errors
from retake_core.library.database import Database
from retake_core.library.folders import add_folder
from retake_core.media.thumbnails import encode_thumbnail
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import Indexed, Waiting
from retake_core.settings import Settings
from retake_core.system.writer_lock import only_writer
from tests.support.fakes import FakeEncoder
from tests.support.faults import survived
from tests.support.shelf import contents, only, run_index

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_errors, "LOOK_EVERY", 0.01)


@contextmanager
def page_limit(database: Database, pages: int) -> Iterator[None]:
    """Let the database grow to so many pages; the next one finds the disk full."""

    def limit(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    database.close()
    event.listen(database._engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(database._engine, "connect", limit)
        database.close()


def pages_of(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


def assert_sound(database: Database) -> None:
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()


@pytest.fixture
def large_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every thumbnail take three pages."""
    monkeypatch.setattr(
        "retake_core.indexing.passes.look.encode_thumbnail",
        lambda image: encode_thumbnail(image) + bytes(40_000),
    )


@pytest.mark.usefixtures("large_pictures")
def test_every_page_may_be_the_one_too_many(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    with closing(Database(tmp_path / "undisturbed.db")) as undisturbed:
        run_index(undisturbed, folder, encoder)
        expected, most = contents(undisturbed), pages_of(undisturbed)
    full = 0
    for pages in range(pages_of(database), most + 1):
        with page_limit(database, pages):
            try:
                run_index(database, folder, encoder)
            except StorageError:
                full += 1
        assert_sound(database)
    run_index(database, folder, encoder)
    assert contents(database) == expected
    assert full >= 8
    survived("a page of the library for which the disk has no room", full)


@pytest.mark.usefixtures("large_pictures")
def test_indexing_waits_for_room_and_goes_on(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    events: list[Event] = []
    limited = page_limit(database, pages_of(database))
    limited.__enter__()
    for told in index_folders(IndexRun(database, encoder, Settings(), CancelToken(), patient=True), [folder]):
        events.append(told)
        if isinstance(told, Waiting) and len(only(events, Waiting)) == 2:
            limited.__exit__(None, None, None)
    first, second = only(events, Waiting)
    assert first == second
    assert first.reason.endswith("is full; free some space. Indexing goes on by itself.")
    assert isinstance(events[-1], Indexed)
    with closing(Database(tmp_path / "undisturbed.db")) as undisturbed:
        run_index(undisturbed, folder, encoder)
        assert contents(database) == contents(undisturbed)


def test_waiting_can_be_cancelled(
    database: Database, folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_errors, "_has_room", lambda _: False)
    for number in range(400):  # folders until no page is left
        (folder / f"{number:03}{'x' * 200}").mkdir()
    cancel = CancelToken()

    def run() -> None:
        folders = [folder, *folder.iterdir()]
        for told in index_folders(IndexRun(database, encoder, Settings(), cancel, patient=True), folders):
            if isinstance(told, Waiting):
                cancel.cancel()

    with page_limit(database, pages_of(database)), pytest.raises(Cancelled):
        run()
    assert_sound(database)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a library as another program might."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def hasty(data_dir: DataDir) -> Iterator[Database]:
    """Return a library that waits for locks no longer than a moment."""
    database = Database(data_dir.database)

    def hurry(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 10")

    event.listen(database._engine, "connect", hurry)
    database.close()
    yield database
    database.close()


def test_a_locked_library_is_waited_for(hasty: Database, folder: Path, clips: Path, encoder: FakeEncoder) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    events: list[Event] = []
    lock = locked(hasty.path)
    lock.__enter__()
    for told in index_folders(IndexRun(hasty, encoder, Settings(), CancelToken(), patient=True), [folder]):
        events.append(told)
        if isinstance(told, Waiting):
            lock.__exit__(None, None, None)
    (waiting,) = only(events, Waiting)
    assert "Another program holds the library" in waiting.reason
    assert only(events, Indexed)[0].videos == 1


def test_a_lock_that_stays_is_told(
    hasty: Database, folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_errors, "BUSY_LIMIT", 0.05)
    with locked(hasty.path):
        with pytest.raises(StorageError, match=r"Another program holds .*; close it\."):
            list(index_folders(IndexRun(hasty, encoder, Settings(), CancelToken(), patient=True), [folder]))
        with pytest.raises(StorageError, match="Another program"):
            list(index_folders(IndexRun(hasty, encoder, Settings(), CancelToken()), [folder]))


def test_a_library_that_breaks_while_it_is_open_is_told(database: Database) -> None:
    with database.writing() as connection:
        for number in range(500):
            add_folder(connection, Path(f"/videos/{number:0200}"))
    database.close()
    content = bytearray(database.path.read_bytes())
    content[16384 * 3 :] = os.urandom(len(content) - 16384 * 3)
    database.path.write_bytes(content)
    with pytest.raises(DamagedError, match="retake doctor --repair"), database.writing() as connection:
        connection.exec_driver_sql("SELECT path FROM folder ORDER BY id").all()


def test_a_defect_stays_a_defect(database: Database) -> None:
    with pytest.raises(Exception, match="no such table"), database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM nonsense")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a directory on a disk of 5 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only the administrator may mount a disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


def fill(disk: Path, leave: int) -> Path:
    filler = disk / "filler"
    filler.write_bytes(b"\0" * (shutil.disk_usage(disk).free - leave))
    return filler


def test_a_disk_that_is_really_full(
    small_disk: Path, folder: Path, clips: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_errors, "RESERVE", 2**20)
    shutil.copy2(clips / "short.mp4", folder)
    data_dir = DataDir(small_disk / "data")
    data_dir.create()
    with closing(Database(data_dir.database)) as database:
        filler = fill(small_disk, 2**15)
        with only_writer(data_dir), pytest.raises(StorageError, match="is full"):
            run_index(database, folder, encoder)
        events = []
        for told in index_folders(IndexRun(database, encoder, Settings(), CancelToken(), patient=True), [folder]):
            events.append(told)
            if isinstance(told, Waiting):
                filler.unlink()
        assert len(only(events, Waiting)) == 1
        assert only(events, Indexed)[0].videos == 1
        assert_sound(database)
    filler = fill(small_disk, 0)
    with pytest.raises(UserError, match="disk"), closing(Database(small_disk / "data" / "new.db")):
        pass


def test_a_disk_that_is_read_only(small_disk: Path, folder: Path) -> None:
    data_dir = DataDir(small_disk / "data")
    data_dir.create()
    with closing(Database(data_dir.database)) as database, database.writing() as connection:
        add_folder(connection, folder)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(UserError, match="cannot be written to"):
        data_dir.create()
    with pytest.raises(UserError, match=r"Read-only|opened for writing"), closing(Database(data_dir.database)):
        pass
    with pytest.raises(UserError, match="cannot be written to"), only_writer(data_dir):
        pass
