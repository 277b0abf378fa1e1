"""Files that are whole or not there, whatever fails while they are written, the power included."""

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
import torch

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.library.vectors import VectorIndex
from retake_core.library.vectors import index as index_module
from retake_core.settings import change_settings, load_settings
from retake_core.system import files
from retake_core.system.files import WRITING, replacing, sweep, write_durably
from retake_core.videollm.calibration import Calibration
from retake_core.videollm.memory.store import MemoryStore
from tests.support.faults import survived
from tests.support.memories import KEY, same, small_memory
from tests.support.power_failure import ForgetfulDisk, rebuild
from tests.support.vectors import DIMENSION, add_video, some

CPU = torch.device("cpu")


def test_the_content_is_synced_before_the_name(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    disk = ForgetfulDisk(tmp_path)
    with disk.watching():
        write_durably(path, b"the new content")
    content, rename, name = disk.steps
    assert content.startswith(f"sync {WRITING}")
    assert (rename, name) == ("rename file", "sync directory")
    assert {state["file"] for state in disk.aftermaths()} == {b"old", b"the new content"}
    assert {state["file"] for state in disk.aftermaths_of_the_end()} == {b"the new content"}


def test_the_disk_of_these_tests_does_forget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its syncs, the same write may leave a file that is cut short, or the old one for good."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    for left_out, torn in (("sync", b""), ("sync_directory", b"old")):
        disk = ForgetfulDisk(tmp_path)
        with monkeypatch.context() as patch, disk.watching():
            patch.setattr(files, left_out, lambda _: None)
            write_durably(path, b"the new content")
        assert torn in {state["file"] for state in disk.aftermaths_of_the_end()}
        path.write_bytes(b"old")


Check = Callable[[], object]


def settings_case(root: Path) -> tuple[Path, Check, Check]:
    path = root / "settings.toml"
    change_settings(path, sampling_rate=1.0)
    return (
        root,
        lambda: change_settings(path, sampling_rate=3.0),
        lambda: load_settings(path).sampling_rate,
    )


def speed_case(root: Path) -> tuple[Path, Check, Check]:
    path = root / "speed.json"
    Calibration({"decode": 1.0}).save(path)
    return root, lambda: Calibration({"decode": 3.0}).save(path), lambda: Calibration.load(path).rates["decode"]


def memory_case(root: Path) -> tuple[Path, Check, Check]:
    store, old, new = MemoryStore(root), small_memory(), small_memory()
    store.save(KEY, old)

    def which() -> float:
        loaded = store.load(KEY, CPU)
        assert loaded is not None
        return 1.0 if same(loaded, old) else 3.0 if same(loaded, new) else 0.0

    return root, lambda: store.save(KEY, new), which


CASES = {"settings": settings_case, "speed": speed_case, "memory": memory_case}


@pytest.mark.parametrize("case", CASES)
def test_power_failure(tmp_path: Path, case: str) -> None:
    root, write, read = CASES[case](tmp_path)
    disk = ForgetfulDisk(root)
    with disk.watching():
        write()
    for states, allowed in ((disk.aftermaths(), {1.0, 3.0}), (disk.aftermaths_of_the_end(), {3.0})):
        found = set()
        for state in states:
            rebuild(root, state)
            found.add(read())
        assert found == allowed
        survived("power failure between two steps of a write", len(found))


def test_power_failure_while_the_vector_index_is_published(
    database: Database, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old index, the new one or none: what is searched is always what the database holds."""
    monkeypatch.setattr(index_module, "AT_LEAST", 10)  # from so many changes on, it is published again
    add_video(database, "a", some(30, 1))
    refreshed(database, data_dir)
    add_video(database, "b", some(30, 2))
    disk = ForgetfulDisk(data_dir.vectors)
    with disk.watching():
        expected = refreshed(database, data_dir)
    assert len(expected) == 60
    states = list(disk.aftermaths())
    for state in states:
        rebuild(data_dir.vectors, state)
        assert refreshed(database, data_dir) == expected
    assert len(states) >= 8
    survived("power failure between two steps of a write", len(states))


def test_an_index_of_lost_transactions_is_not_taken_for_a_new_one(database: Database, data_dir: DataDir) -> None:
    """A power failure may take back the library's last transactions, and not the index that was made of them."""
    add_video(database, "a", some(5, 1))
    copy = data_dir.root / "copy.db"
    with closing(sqlite3.connect(data_dir.database)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    add_video(database, "lost", some(5, 2))
    refreshed(database, data_dir)
    with closing(Database(copy)) as survivor:
        add_video(survivor, "b", some(5, 3))
        refreshed(survivor, data_dir)
        index = VectorIndex(data_dir.vectors, "one", DIMENSION)
        with survivor.reading() as connection:
            index.refresh(connection)
        _, cosines = index.search(some(5, 3)[2], 1)
        assert cosines[0] == pytest.approx(1, abs=1e-3)


def refreshed(database: Database, data_dir: DataDir) -> list[int]:
    index = VectorIndex(data_dir.vectors, "one", DIMENSION)
    with database.reading() as connection:
        index.refresh(connection)
    return [int(number) for number in index.search(some(1, 3)[0], 99)[0]]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("step", ["mkstemp", "write", "sync", "replace", "sync_directory"])
def test_every_step_may_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, error: int, step: str
) -> None:
    root, write, read = CASES[case](tmp_path)

    def fail(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as patch:
        match step:
            case "mkstemp":
                patch.setattr("tempfile.mkstemp", fail)
            case "write":
                patch.setattr(Path, "write_bytes", fail)
                patch.setattr("retake_core.videollm.memory.file.save_file", fail)
            case "replace":
                patch.setattr(os, "replace", fail)
            case _:
                patch.setattr(files, step, fail)
        with pytest.raises((OSError, UserError), match=os.strerror(error)):
            write()
    assert read() == (3.0 if step == "sync_directory" else 1.0)
    assert not list(root.glob(f"{WRITING}*"))
    write()
    assert read() == 3.0
    survived("a step of a write that fails: no space, quota, read-only, I/O error", 1)


def test_a_block_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with suppress(ZeroDivisionError), replacing(path) as temporary:
        temporary.write_bytes(b"half")
        raise ZeroDivisionError
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("file", b"old")]


def test_only_the_owner_can_read_what_is_written(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_durably(tmp_path / "file", b"private")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_what_dead_processes_left_is_swept(tmp_path: Path) -> None:
    left, folder = tmp_path / f"{WRITING}k3_0fa9z", tmp_path / f"{WRITING}abcdefgh"
    left.write_bytes(b"12345")
    folder.mkdir()
    (folder / "picture").write_bytes(b"123")
    (tmp_path / "kept").write_bytes(b"1")
    assert sweep(tmp_path) == 0  # it may still be written
    for path in (left, folder):
        os.utime(path, (0, 0))
    assert sweep(tmp_path) == 5  # in the folder something is still written
    os.utime(folder / "picture", (0, 0))
    os.utime(folder, (0, 0))
    assert sweep(tmp_path) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert sweep(tmp_path / "nowhere") == 0


def test_writing_a_file_sweeps_its_folder_but_nothing_of_a_person(tmp_path: Path) -> None:
    left = tmp_path / f"{WRITING}k3_0fa9z"
    others = [tmp_path / f"{WRITING}novel", tmp_path / f"{WRITING}Chapter1", tmp_path / f"x{WRITING}k3_0fa9z"]
    for path in (left, *others):
        path.write_bytes(b"1")
        os.utime(path, (0, 0))
    link = tmp_path / f"{WRITING}abcdefgh"
    link.symlink_to(others[0])
    os.utime(link, (0, 0), follow_symlinks=False)
    young = tmp_path / f"{WRITING}12345678"
    young.write_bytes(b"1")
    write_durably(tmp_path / "file", b"new")
    assert set(tmp_path.iterdir()) == {*others, link, young, tmp_path / "file"}
