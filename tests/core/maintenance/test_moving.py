"""Moving the library: it is whole at one of the two places, whatever happens."""

import errno
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.data_dir import MOVED_TO, DataDir, current_place
from retake_core.errors import Cancelled, UserError
from retake_core.library.database import Database
from retake_core.library.folders import add_folder, folders
from retake_core.maintenance import moving
from retake_core.maintenance.moving import delete_old, move_library, old_place


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    made = DataDir(tmp_path / "old")
    made.create()
    database = Database(made.database)
    with database.writing() as connection:
        add_folder(connection, Path("/videos"))
    database.close()
    made.settings.write_text('theme = "dark"\n')
    for folder, name in ((made.memories, "a.memory"), (made.copies, "b.db"), (made.proxies, "c.mp4")):
        folder.mkdir()
        (folder / name).write_bytes(bytes(range(250)) * 40)
    made.lock.touch()
    return made


def known(root: Path) -> list[Path]:
    database = Database(DataDir(root).database)
    with database.reading() as connection:
        paths = [path for _, path in folders(connection)]
    database.close()
    return paths


def whole_in(data_dir: DataDir, tmp_path: Path) -> None:
    """Check that the library is where it was, and that nothing is left of a try to move it."""
    assert current_place(data_dir.root) == data_dir.root
    assert known(data_dir.root) == [Path("/videos")]
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_all_that_cannot_be_made_again_is_moved_and_found_from_the_old_place(
    data_dir: DataDir, tmp_path: Path
) -> None:
    new = tmp_path / "disk" / "ReTaKe"
    told: list[float] = []
    move_library(data_dir, new, told.append)
    assert current_place(data_dir.root) == new
    assert known(new) == [Path("/videos")]
    moved = DataDir(new)
    assert moved.settings.read_text() == 'theme = "dark"\n'
    assert (moved.memories / "a.memory").read_bytes() == (data_dir.memories / "a.memory").read_bytes()
    assert (moved.copies / "b.db").exists()
    assert not moved.proxies.exists()
    assert stat.S_IMODE(new.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in new.rglob("*") if path.is_file()} == {0o600}
    assert max(told) <= 1.0
    assert known(data_dir.root) == [Path("/videos")]  # kept until the user deletes it
    assert old_place(moved) == data_dir.root
    assert delete_old(moved) > 0
    assert [path.name for path in data_dir.root.iterdir()] == [MOVED_TO]
    assert current_place(data_dir.root) == new
    assert old_place(moved) is None


def test_it_is_moved_twice_and_back(data_dir: DataDir, tmp_path: Path) -> None:
    for old, new in (("old", "second"), ("second", "third")):
        move_library(DataDir(tmp_path / old), tmp_path / new, lambda _: None)
    assert current_place(data_dir.root) == tmp_path / "third"


@pytest.mark.parametrize("place", ["old/inside", ".", "full"])
def test_a_folder_that_cannot_take_it_is_refused(data_dir: DataDir, tmp_path: Path, place: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(UserError, match="choose"):
        move_library(data_dir, tmp_path / place, lambda _: None)
    assert current_place(data_dir.root) == data_dir.root


def test_a_disk_without_room_is_refused_before_anything_is_written(
    data_dir: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "free_bytes", lambda _: 1000)
    with pytest.raises(UserError, match="needed"):
        move_library(data_dir, tmp_path / "new", lambda _: None)
    whole_in(data_dir, tmp_path)


def test_a_disk_that_fills_up_leaves_all_as_it_was(
    data_dir: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(moving, "sync", full)
    with pytest.raises(UserError, match="No space left"):
        move_library(data_dir, tmp_path / "new", lambda _: None)
    whole_in(data_dir, tmp_path)


def test_a_stop_leaves_all_as_it_was(data_dir: DataDir, tmp_path: Path) -> None:
    cancel = CancelToken()

    def step(fraction: float) -> None:
        if fraction >= 0.5:
            cancel.cancel()
        cancel.check()

    with pytest.raises(Cancelled):
        move_library(data_dir, tmp_path / "new", step)
    whole_in(data_dir, tmp_path)


def test_a_kill_leaves_the_library_where_it_was(data_dir: DataDir, tmp_path: Path) -> None:
    script = """
import sys, time
from pathlib import Path
from retake_core.data_dir import DataDir
from retake_core.maintenance.moving import move_library

def step(fraction):
    if fraction >= 0.5:  # the files are copied
        print("halfway", flush=True)
        time.sleep(60)

move_library(DataDir(Path(sys.argv[1])), Path(sys.argv[2]), step)
"""
    command = [sys.executable, "-c", script, str(data_dir.root), str(tmp_path / "new")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "halfway\n"
        process.kill()
    assert current_place(data_dir.root) == data_dir.root
    assert known(data_dir.root) == [Path("/videos")]
    assert not (tmp_path / "new").exists()
    move_library(data_dir, tmp_path / "new", lambda _: None)
    assert known(tmp_path / "new") == [Path("/videos")]


def test_what_a_disk_does_not_keep_is_noticed(
    data_dir: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "sync", lambda path: path.write_bytes(b"something else"))
    with pytest.raises(UserError, match="not reliable"):
        move_library(data_dir, tmp_path / "new", lambda _: None)
    whole_in(data_dir, tmp_path)


def test_what_is_changed_meanwhile_is_moved_too(data_dir: DataDir, tmp_path: Path) -> None:
    changed = False

    def step(fraction: float) -> None:
        nonlocal changed
        if fraction >= 0.5 and not changed:
            changed = True
            with closing(sqlite3.connect(data_dir.database)) as other, other:
                other.execute("UPDATE folder SET path = CAST('/other' AS BLOB)")

    move_library(data_dir, tmp_path / "new", step)
    assert changed
    assert known(tmp_path / "new") == [Path("/other")]


def test_a_place_that_is_away_is_told_and_no_new_library_is_begun(data_dir: DataDir, tmp_path: Path) -> None:
    move_library(data_dir, tmp_path / "new", lambda _: None)
    (tmp_path / "new").rename(tmp_path / "unplugged")
    with pytest.raises(UserError, match="connect its disk"):
        current_place(data_dir.root)
    assert not (tmp_path / "new").exists()
    (tmp_path / "unplugged" / MOVED_TO).write_text(str(data_dir.root))
    (tmp_path / "unplugged").rename(tmp_path / "new")
    with pytest.raises(UserError, match="circle"):
        current_place(data_dir.root)
