"""Who is forgotten leaves no vector and no picture on the disk; backups hold faces only if that is wanted."""

import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert, select

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.library import persons
from retake_core.library.database import Database
from retake_core.library.schema import face, face_reading, person, video
from retake_core.maintenance import faces as forgetting
from retake_core.maintenance.backup import restore_backup, write_backup
from retake_core.maintenance.copies import keep_copy, list_copies
from retake_core.maintenance.health import set_aside
from retake_core.settings import change_settings, load_settings
from tests.support.colour_library import Library
from tests.support.paths import ROOT

KILLED = """
import os, signal, sys
from pathlib import Path
from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.maintenance.faces import forget_persons
Database.reclaim = lambda _: os.kill(os.getpid(), signal.SIGKILL)
data_dir = DataDir(Path(sys.argv[1]))
forget_persons(Database(data_dir.database), data_dir, [1])
"""
FACES = 300  # of each person: some of them lie on pages that are moved, and on overflowing ones


@pytest.fixture
def filled(library: Library, database: Database, data_dir: DataDir) -> Database:
    """Return a library of Anna and Ben, of which there are a copy, one of an older version, and a damaged one."""
    number = library.add("/videos/party.mp4", "red green", 90.0)
    with database.writing() as connection:
        for name in ("Anna", "Ben"):
            (person_id,) = connection.execute(insert(person)).inserted_primary_key or (0,)
            persons.name_person(connection, person_id, name)
            rows = [row_of(name, place, number, person_id) for place in range(FACES)]
            connection.execute(insert(face), rows)
        connection.execute(insert(face_reading).values(video_id=number, part=-1, stamp="1"))
    keep_copy(data_dir)
    older = data_dir.root / "library-before-version-11.db"
    older.write_bytes(list_copies(data_dir)[0].path.read_bytes())
    damaged = data_dir.root / "damaged.db"
    damaged.write_bytes(older.read_bytes())
    set_aside(data_dir, damaged).rename(next(data_dir.set_aside.iterdir()) / "library.db")
    with database.writing() as connection:  # so that the write-ahead log holds some as well
        connection.execute(insert(face), [row_of("Anna", FACES, number, 1)])
    return database


def row_of(name: str, place: int, video_id: int, person_id: int) -> dict[str, object]:
    return {
        "video_id": video_id,
        "person_id": person_id,
        "time_us": place * 1_000_000,
        **dict.fromkeys(("x0", "y0", "x1", "y1"), 0.5),
        "model": "fake",
        "vector": secret(name, place, b"vector"),
        "picture": secret(name, place, b"picture") * (400 if place % 50 == 0 else 10),
    }


def secret(name: str, place: int, what: bytes) -> bytes:
    """Return bytes that are nowhere else: also half of them tell a face."""
    noise = np.random.default_rng([place, len(name), len(what)]).bytes(64)
    return b"secret-" + name.encode() + noise


def traces(data_dir: DataDir, name: str) -> list[str]:
    """Return the files of the data directory that hold anything of a person's faces."""
    found = []
    for path in sorted(data_dir.root.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        kinds = [secret(name, place, what)[20:] for place in range(FACES + 1) for what in (b"vector", b"picture")]
        if b"secret-" + name.encode() in content or any(kind in content for kind in kinds):
            found.append(path.name)
    return found


@pytest.fixture(params=["alone", "beside a reader"])
def beside(request: pytest.FixtureRequest, filled: Database) -> Iterator[str]:
    """Have another connection to the library, as the window has."""
    if request.param == "alone":
        yield request.param
        return
    with closing(sqlite3.connect(filled.path)) as other:
        other.execute("SELECT count(*) FROM face").fetchone()
        yield request.param


@pytest.mark.usefixtures("beside")
def test_a_forgotten_person_leaves_no_trace_and_others_stay(filled: Database, data_dir: DataDir) -> None:
    assert len(traces(data_dir, "Anna")) >= 4, "in the library, its log and its copies"
    with filled.reading() as connection:
        anna = persons.find_person(connection, "Anna")
    forgotten = forgetting.forget_persons(filled, data_dir, [anna])
    assert forgotten.faces == FACES + 1
    assert forgotten.size > 0
    assert traces(data_dir, "Anna") == []
    assert traces(data_dir, "Ben") == ["library.db"]
    with filled.reading() as connection:
        assert [(entry.name, entry.faces) for entry in persons.people(connection)] == [("Ben", FACES)]


def test_a_kill_while_forgetting_leaves_no_trace_once_the_library_is_opened_again(
    filled: Database, data_dir: DataDir
) -> None:
    filled.close()
    child = subprocess.run([sys.executable, "-c", KILLED, str(data_dir.root)], cwd=ROOT, check=False)
    assert child.returncode == -signal.SIGKILL
    with closing(Database(filled.path)) as database, database.reading() as connection:
        assert [entry.name for entry in persons.people(connection)] == ["Ben"]
    assert traces(data_dir, "Anna") == []


@pytest.mark.usefixtures("beside")
def test_forgetting_everybody_takes_all_and_looks_for_none_from_then_on(
    filled: Database, data_dir: DataDir
) -> None:
    change_settings(data_dir.settings, faces=True)
    assert forgetting.forget_everybody(filled, data_dir).faces == 2 * FACES + 1
    assert traces(data_dir, "Anna") == traces(data_dir, "Ben") == []
    assert not load_settings(data_dir.settings).faces
    with filled.reading() as connection:
        assert persons.people(connection) == []
        assert connection.execute(select(face_reading)).first() is None
        assert connection.execute(select(video.c.id)).first() is not None


def test_what_cannot_be_deleted_keeps_everything(
    filled: Database, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("retake_core.system.files.delete", refuse)
    with pytest.raises(UserError, match="cannot be deleted"):
        forgetting.forget_persons(filled, data_dir, [1])
    with filled.reading() as connection:
        assert [entry.name for entry in persons.people(connection)] == ["Anna", "Ben"]


@pytest.mark.parametrize("wanted", [False, True])
def test_a_backup_holds_faces_only_if_that_is_wanted(
    filled: Database, data_dir: DataDir, tmp_path: Path, wanted: bool
) -> None:
    target = tmp_path / "backup.zip"
    contents = write_backup(data_dir, target, faces=wanted)
    assert contents.faces == (2 * FACES + 1 if wanted else 0)
    assert (b"secret-Anna" in target.read_bytes()) == wanted
    with zipfile.ZipFile(target) as packed:
        assert (b"Anna" in packed.read("library.db")) == wanted
    restored = restore_backup(data_dir, target, replace=True)
    assert restored.faces == contents.faces
    with filled.reading() as connection:
        assert [entry.name for entry in persons.people(connection)] == (["Anna", "Ben"] if wanted else [])
