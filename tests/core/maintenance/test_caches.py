"""Emptying what can be made again."""

from pathlib import Path

import pytest
from filelock import FileLock

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.maintenance.caches import empty_caches
from retake_core.system import files


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    made = DataDir(tmp_path / "data")
    made.create()
    made.database.write_bytes(b"library")
    for folder, name in (
        (made.proxies, "abc.json"),
        (made.proxies, "abc.mp4"),
        (made.proxies, "abc.frames"),
        (made.dragged, "abc-1-2.mp4"),
        (made.citations, "1.jpg"),
        (made.memories, "abc.memory"),
        (made.vectors, "index"),
    ):
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(bytes(100))
    return made


def left(data_dir: DataDir) -> set[str]:
    return {path.name for path in data_dir.root.rglob("*") if path.is_file()}


def test_only_what_can_be_made_again_goes(data_dir: DataDir) -> None:
    assert empty_caches(data_dir) == 500
    assert left(data_dir) - {"lock"} == {"library.db", "abc.memory", "index"}
    assert empty_caches(data_dir) == 0


def test_an_empty_library_has_nothing_to_empty(tmp_path: Path) -> None:
    assert empty_caches(DataDir(tmp_path / "nothing")) == 0
    assert not (tmp_path / "nothing").exists()


def test_a_copy_that_is_being_made_is_left_alone(data_dir: DataDir) -> None:
    with FileLock(data_dir.proxies / "lock"), pytest.raises(UserError, match="try again"):
        empty_caches(data_dir)
    assert {"abc.json", "abc.mp4", "abc.frames"} <= left(data_dir)


def test_what_cannot_be_deleted_is_told(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "delete", refuse)
    with pytest.raises(UserError, match="Permission denied"):
        empty_caches(data_dir)
