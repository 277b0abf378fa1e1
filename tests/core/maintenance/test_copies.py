"""Copies that are made by themselves: whole, few, private, and never in the way."""

import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.cli import __main__ as cli
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, StorageError, UserError
from retake_core.library.database import Database, copy_database
from retake_core.library.searches import save_search, saved_searches
from retake_core.maintenance import copies, health
from retake_core.maintenance.backup import restore_backup, write_backup
from retake_core.maintenance.copies import is_due, keep_copy, list_copies
from retake_core.maintenance.service import MaintenanceService
from retake_core.protocol import requests
from retake_core.protocol.answers import BackupDone
from retake_core.protocol.indexing_events import CopyProgress
from retake_core.system.files import WRITING
from retake_core.system.writer_lock import only_writer
from tests.support.fakes import FakeEncoder
from tests.support.schema_fixtures import make_library, versions
from tests.support.shelf import run_index

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def filled(data_dir: DataDir, folder: Path, clips: Path) -> DataDir:
    shutil.copy2(clips / "short.mp4", folder)
    with closing(Database(data_dir.database)) as database:
        run_index(database, folder, FakeEncoder())
    return data_dir


def age(data_dir: DataDir, days: float) -> None:
    """Let the copies, and the library, be older."""
    for path in (data_dir.database, *(copy.path for copy in list_copies(data_dir))):
        status = path.stat()
        os.utime(path, (status.st_atime, status.st_mtime - days * 86_400))


def change(data_dir: DataDir, name: str) -> None:
    with closing(Database(data_dir.database)) as database, database.writing() as connection:
        save_search(connection, name, "cake")


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return [name for (name,) in raw.execute("SELECT name FROM saved_search ORDER BY id")]


def test_a_copy_is_whole_and_private(filled: DataDir) -> None:
    change(filled, "kept")
    with closing(Database(filled.database)) as database, database.writing() as connection:
        save_search(connection, "not yet", "cake")
        copy = keep_copy(filled)  # nobody waits for a writer
    assert copy is not None
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(filled.copies.stat().st_mode) == 0o700
    assert names(copy.path) == ["kept"]
    assert [found.path for found in list_copies(filled)] == [copy.path]
    assert copy.size == copy.path.stat().st_size


def test_writers_do_not_wait_for_a_copy(filled: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retake_core.library.database.INSTRUCTIONS", 10)
    written = threading.Event()
    told: list[float] = []

    def write() -> None:
        change(filled, "while it is copied")
        written.set()

    def step(fraction: float) -> None:
        told.append(fraction)
        if len(told) == 2:  # the first is before it begins
            threads.append(threading.Thread(target=write))
            threads[0].start()
            assert written.wait(60)

    threads: list[threading.Thread] = []
    copy = keep_copy(filled, step)
    threads[0].join()
    assert copy is not None
    assert names(copy.path) == []
    assert names(filled.database) == ["while it is copied"]


def test_a_copy_is_due_once_a_day_if_anything_changed(filled: DataDir) -> None:
    assert is_due(filled)
    keep_copy(filled)
    age(filled, 0.5)
    change(filled, "today")
    assert not is_due(filled)
    age(filled, 0.6)
    change(filled, "tomorrow")
    assert is_due(filled)
    keep_copy(filled)
    age(filled, 2)
    assert not is_due(filled)


def test_copies_are_few_and_small(filled: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    (filled.root / "library-before-version-3.db").write_bytes(b"old")
    os.utime(filled.root / "library-before-version-3.db", (1, 1))
    for number in range(copies.KEPT + 3):
        monkeypatch.setattr(copies, "_NAME", f"library-{number:02}")
        keep_copy(filled)
        age(filled, 1)
    kept = list_copies(filled)
    assert [copy.path.name for copy in kept] == [f"library-{n:02}.db" for n in range(9, 9 - copies.KEPT, -1)]
    monkeypatch.setattr(copies, "QUOTA", kept[0].size * 2)
    monkeypatch.setattr(copies, "_NAME", "library-10")
    keep_copy(filled)
    assert [copy.path.name for copy in list_copies(filled)] == ["library-10.db", "library-09.db"]
    monkeypatch.setattr(copies, "QUOTA", 1)
    monkeypatch.setattr(copies, "_NAME", "library-11")
    keep_copy(filled)
    assert [copy.path.name for copy in list_copies(filled)] == ["library-11.db"]


def test_an_empty_library_takes_the_place_of_no_copy(filled: DataDir) -> None:
    copy = keep_copy(filled)
    assert copy is not None
    filled.database.write_bytes(b"")
    Database(filled.database).close()
    assert keep_copy(filled) is None
    assert list_copies(filled) == [copy]
    with only_writer(filled):
        finding = next(iter(health.repair(filled)))
    assert finding.state == "mended"
    assert finding.detail.startswith("1 video and ")


@pytest.mark.parametrize("when", ["before", "midway"])
def test_a_full_disk_costs_nothing(filled: DataDir, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    copy = keep_copy(filled)
    before = filled.database.read_bytes()
    monkeypatch.setattr(copies, "_NAME", "library-next")
    if when == "before":
        monkeypatch.setattr(copies, "free_bytes", lambda _: 0)
    else:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("retake_core.system.files.sync", full)
    with pytest.raises(StorageError, match=r"no room|No space left"):
        keep_copy(filled)
    assert list_copies(filled) == [copy]
    assert not list(filled.copies.glob(f"{WRITING}*"))
    assert filled.database.read_bytes() == before


def test_a_damaged_library_takes_the_place_of_no_copy(filled: DataDir) -> None:
    copy = keep_copy(filled)
    filled.database.write_bytes(b"rubbish" * 9999)
    with pytest.raises(UserError, match="damaged"):
        keep_copy(filled)
    assert list_copies(filled) == [copy]


def test_a_copy_is_stopped(filled: DataDir) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        copy_database(filled.database, filled.root / "copy.db", lambda _: token.check())
    assert not (filled.root / "copy.db").exists()
    assert not list(filled.root.glob(f"{WRITING}*"))


def test_what_is_forgotten_is_forgotten_in_the_copies(data_dir: DataDir) -> None:
    make_library(versions()[-1], data_dir.database)
    copy = keep_copy(data_dir)
    assert copy is not None
    assert b"Who came?" in copy.path.read_bytes()
    with closing(Database(data_dir.database)) as database:
        MaintenanceService(database, data_dir).change(requests.ForgetConversations(id=1, ids=(4,)))
    assert b"Who came?" not in copy.path.read_bytes()
    with closing(sqlite3.connect(copy.path)) as raw:
        assert raw.execute("SELECT count(*) FROM message").fetchone() == (0,)
        assert raw.execute("SELECT count(*) FROM video").fetchone() == (3,)


def test_a_copy_is_restored_and_what_it_replaces_is_copied(filled: DataDir) -> None:
    change(filled, "old")
    copy = keep_copy(filled)
    assert copy is not None
    change(filled, "new")
    age(filled, 1)
    contents = restore_backup(filled, copy.path, replace=True)
    assert contents.videos == 1
    with closing(Database(filled.database)) as database, database.reading() as connection:
        assert [search.name for search in saved_searches(connection)] == ["old"]
    assert names(list_copies(filled)[0].path) == ["old", "new"]


def serve(data_dir: DataDir, request: requests.Keeping, token: CancelToken) -> tuple[object, list[float]]:
    told: list[float] = []

    def tell(event: object) -> None:
        assert isinstance(event, CopyProgress)
        told.append(event.fraction)

    with closing(Database(data_dir.database)) as database:
        return MaintenanceService(database, data_dir).keep(request, token, tell), told


def test_the_worker_backs_up_and_restores(filled: DataDir, tmp_path: Path) -> None:
    target = tmp_path / "library.zip"
    done, told = serve(filled, requests.Backup(id=1, file=str(target)), CancelToken())
    assert done == BackupDone(id=1, videos=1, memories=0, size=target.stat().st_size)
    assert told
    change(filled, "new")
    done, told = serve(filled, requests.Restore(id=2, file=str(target)), CancelToken())
    assert isinstance(done, BackupDone)
    assert told
    assert names(filled.database) == []
    serve(filled, requests.KeepCopy(id=3), CancelToken())
    assert names(list_copies(filled)[0].path) == ["new"]  # the one of before it was restored is of today


@pytest.mark.parametrize("kind", [requests.Backup, requests.Restore])
def test_what_is_stopped_changes_nothing(
    kind: Callable[..., requests.Keeping], filled: DataDir, tmp_path: Path
) -> None:
    target = tmp_path / "library.zip"
    write_backup(filled, target)
    change(filled, "new")
    old = target.read_bytes()
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        serve(filled, kind(id=1, file=str(target)), token)
    assert target.read_bytes() == old
    assert names(filled.database) == ["new"]
    assert not list(tmp_path.glob(f"{WRITING}*"))


def test_indexing_by_command_leaves_a_copy(
    data_dir: DataDir,
    folder: Path,
    clips: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    monkeypatch.setattr("retake_core.cli.context.open_encoder", lambda _: FakeEncoder())
    command = ["index", str(folder), "--data-dir", str(data_dir.root)]
    assert cli.run(command) == 0
    (copy,) = list_copies(data_dir)
    monkeypatch.setattr(copies, "free_bytes", lambda _: 0)
    age(data_dir, 2)
    change(data_dir, "later")
    assert cli.run(command) == 0, "a disk without room for a copy is no reason to fail"
    assert [found.path for found in list_copies(data_dir)] == [copy.path]
    details = [finding.detail for finding in health.examine(data_dir) if finding.part == "copies"]
    assert details[0].startswith("Kept: 1 (")
    capsys.readouterr()


def test_a_lost_log_leaves_a_library_that_is_sound(filled: DataDir) -> None:
    """What was not yet in the file is lost with the log; what was is there, and nothing is repaired."""
    keep_copy(filled)
    held = Database(filled.database)
    change(filled, "in the log alone")
    content = filled.database.read_bytes()
    held.close()
    filled.database.write_bytes(content)
    for ending in ("-wal", "-shm"):
        filled.database.with_name(filled.database.name + ending).unlink(missing_ok=True)
    with only_writer(filled):
        assert {finding.state for finding in health.repair(filled)} == {"good"}
    assert names(filled.database) == []
