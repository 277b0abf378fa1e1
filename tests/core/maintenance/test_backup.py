"""Backups: complete, of one moment, checked when they come back, and never half of anything."""

import shutil
import sqlite3
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.library.folders import add_folder, folders
from retake_core.maintenance import backup
from retake_core.maintenance.backup import restore_backup, write_backup
from retake_core.settings import change_settings, load_settings
from retake_core.system.files import WRITING
from retake_core.videollm.memory.store import MemoryStore
from tests.support.fakes import FakeEncoder
from tests.support.faults import survived
from tests.support.memories import CPU, KEY, same, small_memory
from tests.support.shelf import contents, run_index

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def filled(data_dir: DataDir, folder: Path, clips: Path) -> DataDir:
    shutil.copy2(clips / "short.mp4", folder)
    with closing(Database(data_dir.database)) as database:
        run_index(database, folder, FakeEncoder())
    change_settings(data_dir.settings, sampling_rate=3.0)
    return data_dir


@pytest.fixture
def other(tmp_path: Path) -> DataDir:
    made = DataDir(tmp_path / "other")
    made.create()
    return made


def shelf(data_dir: DataDir) -> object:
    with closing(Database(data_dir.database)) as database:
        return contents(database)


def test_there_and_back(filled: DataDir, other: DataDir, tmp_path: Path) -> None:
    memory, store = small_memory(), MemoryStore(filled.memories)
    store.save(KEY, memory)
    store.pin(KEY.fingerprint)
    target = tmp_path / "all.zip"
    written = write_backup(filled, target, memories=True)
    assert (written.videos, written.memories, written.size) == (1, 1, target.stat().st_size)
    assert target.stat().st_mode & 0o777 == 0o600
    assert restore_backup(other, target) == written
    assert shelf(other) == shelf(filled)
    assert load_settings(other.settings).sampling_rate == 3.0
    loaded = MemoryStore(other.memories).load(KEY, CPU)
    assert loaded is not None
    assert same(loaded, memory)
    assert MemoryStore(other.memories).list()[0].pinned
    private = [path for path in other.root.rglob("*") if path.stat().st_mode & 0o077]
    assert private == []


def test_memories_only_when_wanted(filled: DataDir, tmp_path: Path) -> None:
    MemoryStore(filled.memories).save(KEY, small_memory())
    assert write_backup(filled, tmp_path / "a.zip").memories == 0
    assert zipfile.ZipFile(tmp_path / "a.zip").namelist() == ["library.db", "settings.toml"]


def test_a_library_with_videos_is_replaced_only_when_wanted(
    filled: DataDir, other: DataDir, folder: Path, clips: Path, tmp_path: Path
) -> None:
    write_backup(filled, tmp_path / "a.zip")
    shutil.copy2(clips / "event.mp4", folder)
    with closing(Database(other.database)) as database:
        run_index(database, folder, FakeEncoder())
    before = shelf(other)
    with pytest.raises(UserError, match=r"2 videos.*--replace"):
        restore_backup(other, tmp_path / "a.zip")
    assert shelf(other) == before
    with closing(Database(other.database)) as reader, reading_all_along(reader):
        restore_backup(other, tmp_path / "a.zip", replace=True)
        assert len(contents(reader)) == 1
    assert shelf(other) == shelf(filled)


def reading_all_along(database: Database) -> closing[Database]:
    contents(database)  # from now on its connection is open
    return closing(database)


def test_a_backup_of_a_library_that_is_written_shows_one_moment(filled: DataDir, tmp_path: Path) -> None:
    """Folders are added two by two: no backup may hold the one without the other."""
    stop = threading.Event()

    def write() -> None:
        with closing(Database(filled.database)) as database:
            for number in range(10_000):
                with database.writing() as connection:
                    add_folder(connection, Path(f"/a/{number}"))
                    add_folder(connection, Path(f"/b/{number}"))
                if stop.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(6):
            write_backup(filled, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    for number in range(6):
        target = DataDir(tmp_path / f"restored{number}")
        target.create()
        restore_backup(target, tmp_path / f"{number}.zip")
        with closing(Database(target.database)) as database, database.reading() as connection:
            found = {path for _, path in folders(connection)}
        assert {path.name for path in found if path.parent.name == "a"} == {
            path.name for path in found if path.parent.name == "b"
        }


def test_every_damage_is_noticed(filled: DataDir, other: DataDir, tmp_path: Path) -> None:
    """A short file, and a flipped bit in every hundredth byte, is refused or changes nothing."""
    source = tmp_path / "a.zip"
    write_backup(filled, source)
    good, expected = source.read_bytes(), shelf(filled)
    empty = shelf(other)
    damages = [good[: len(good) * part // 7] for part in range(7)]
    places = [*range(0, len(good), len(good) // 40), *range(len(good) - 120, len(good), 4)]
    damages += [good[:place] + bytes([good[place] ^ 16]) + good[place + 1 :] for place in places]
    refused = 0
    for damaged in damages:
        source.write_bytes(damaged)
        try:
            restore_backup(other, source, replace=True)
        except UserError:
            refused += 1
        assert shelf(other) in (empty, expected)
    assert refused > 40
    survived("a backup with a flipped bit or cut short", len(damages))
    assert not list(other.root.glob(f"{WRITING}*"))


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "memories/../../evil", "vectors/a.faiss", "memories/x"]
)
def test_a_name_that_no_backup_has_is_refused(filled: DataDir, other: DataDir, tmp_path: Path, name: str) -> None:
    source = tmp_path / "a.zip"
    write_backup(filled, source)
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr(name, "evil")
    with pytest.raises(UserError, match="is no backup"):
        restore_backup(other, source)
    assert not list(tmp_path.rglob("evil"))


def test_a_backup_of_a_newer_version_is_refused(filled: DataDir, other: DataDir, tmp_path: Path) -> None:
    with closing(sqlite3.connect(filled.database)) as raw:
        raw.execute("PRAGMA user_version = 99")
    write_backup(filled, tmp_path / "a.zip")
    with pytest.raises(UserError, match="newer version"):
        restore_backup(other, tmp_path / "a.zip")


def test_a_damaged_library_makes_way(filled: DataDir, other: DataDir, tmp_path: Path) -> None:
    write_backup(filled, tmp_path / "a.zip")
    other.database.write_bytes(b"no database" * 999)
    restore_backup(other, tmp_path / "a.zip")
    assert shelf(other) == shelf(filled)
    (kept,) = other.set_aside.rglob("library.db")
    assert kept.read_bytes() == b"no database" * 999


def test_places_that_cannot_be_written(filled: DataDir, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        write_backup(filled, tmp_path / "nowhere" / "a.zip")


def test_a_backup_that_fails_leaves_the_old_one(
    filled: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_pack", full)
    with pytest.raises(UserError, match="No space left"):
        write_backup(filled, target)
    assert target.read_bytes() == b"old"
    assert not list(tmp_path.glob(f"{WRITING}*"))
