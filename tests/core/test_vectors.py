"""The vector index: exact search, and never anything but what the database holds."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import delete

from retake_core import files
from retake_core.library import vectors as vectors_module
from retake_core.library.database import Database
from retake_core.library.folders import add_folder, put_file
from retake_core.library.schema import keyframe
from retake_core.library.vectors import VectorIndex, keyframes_in
from retake_core.library.videos import Depth, NewKeyframe, begin_job, bump_generation, store_keyframes
from retake_core.paths import DataDir
from retake_core.scanner import FoundFile
from tests.core.fakes import unit

DIMENSION = 32
Vectors = NDArray[np.float32]


def some(count: int, seed: int) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32))


def add_video(database: Database, name: str, vectors: Vectors, encoder: str = "one") -> int:
    """Store a video with a keyframe a second, and return its id."""
    with database.writing() as connection:
        folder = add_folder(connection, Path("/videos"))
        put_file(connection, folder, FoundFile(Path("/videos", name), 1, 1), name)
        (video_id,) = connection.exec_driver_sql("SELECT id FROM video WHERE fingerprint = ?", (name,)).one()
        begin_job(connection, video_id, Depth.QUICK, "recipe")
        new = [NewKeyframe(float(time), 1.0, b"", vector) for time, vector in enumerate(vectors)]
        store_keyframes(connection, video_id, encoder, new, start=0.0, end=None, state=None)
    return int(video_id)


def open_index(database: Database, data_dir: DataDir, encoder: str = "one") -> VectorIndex:
    index = VectorIndex(data_dir.vectors, encoder, DIMENSION)
    with database.reading() as connection:
        index.refresh(connection)
    return index


def ids_of(database: Database, *videos: int) -> NDArray[np.int64]:
    with database.reading() as connection:
        return np.sort(keyframes_in(connection, list(videos)))


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows with every index that is built."""
    counted: list[int] = []
    build = VectorIndex._build

    def count(self: VectorIndex, connection: object) -> None:
        counted.append(1)
        build(self, connection)  # type: ignore[arg-type]

    monkeypatch.setattr(VectorIndex, "_build", count)
    return counted


@pytest.mark.parametrize("limit", [1, 10, 300, 1000])
def test_search_equals_brute_force(database: Database, data_dir: DataDir, limit: int) -> None:
    vectors = some(300, 1)
    ids = ids_of(database, add_video(database, "a", vectors))
    (query,) = some(1, 2)
    found, cosines = open_index(database, data_dir).search(query, limit)
    exact = vectors.astype(np.float16).astype(np.float32) @ query
    order = np.argsort(-exact)[:limit]
    assert found.tolist() == ids[order].tolist()
    np.testing.assert_allclose(cosines, exact[order], atol=1e-5)


def test_only_among_some_videos(database: Database, data_dir: DataDir) -> None:
    add_video(database, "a", some(50, 1))
    other = add_video(database, "b", some(20, 2))
    inside = ids_of(database, other)
    index = open_index(database, data_dir)
    found, _ = index.search(some(1, 3)[0], 30, inside)
    assert sorted(found.tolist()) == inside.tolist()
    nothing, _ = index.search(some(1, 3)[0], 30, np.empty(0, np.int64))
    assert len(nothing) == 0


def test_an_empty_library(database: Database, data_dir: DataDir) -> None:
    for _ in range(2):
        found, cosines = open_index(database, data_dir).search(some(1, 1)[0], 5)
        assert len(found) == len(cosines) == 0


def test_encoders_are_kept_apart(database: Database, data_dir: DataDir) -> None:
    one = add_video(database, "a", some(5, 1), "one")
    other = add_video(database, "b", some(5, 2), "other")
    for encoder, video in (("one", one), ("other", other)):
        found, _ = open_index(database, data_dir, encoder).search(some(1, 3)[0], 99)
        assert sorted(found.tolist()) == ids_of(database, video).tolist()


def test_built_once_then_loaded(database: Database, data_dir: DataDir, builds: list[int]) -> None:
    add_video(database, "a", some(50, 1))
    index = open_index(database, data_dir)
    with database.reading() as connection:
        index.refresh(connection)
    again = open_index(database, data_dir)
    assert len(builds) == 1
    (query,) = some(1, 2)
    np.testing.assert_array_equal(index.search(query, 9)[0], again.search(query, 9)[0])
    assert {path.stat().st_mode & 0o777 for path in data_dir.vectors.iterdir()} == {0o600}


def test_refresh_sees_what_was_added_and_what_is_gone(database: Database, data_dir: DataDir) -> None:
    first = add_video(database, "a", some(10, 1))
    index = open_index(database, data_dir)
    second = add_video(database, "b", some(10, 2))
    with database.reading() as connection:
        index.refresh(connection)
    (query,) = some(1, 3)
    assert sorted(index.search(query, 99)[0].tolist()) == ids_of(database, first, second).tolist()
    with database.writing() as connection:
        connection.execute(delete(keyframe).where(keyframe.c.video_id == first))
        bump_generation(connection)
    with database.reading() as connection:
        index.refresh(connection)
    assert sorted(index.search(query, 99)[0].tolist()) == ids_of(database, second).tolist()


def flip_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 4
    path.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "flipped bit": flip_bit,
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "empty": lambda path: os.truncate(path, 0),
    "gone": Path.unlink,
    "text": lambda path: path.write_text("nothing"),
    "bytes": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "list": lambda path: path.write_text("[]"),
}


@pytest.mark.parametrize("suffix", [".faiss", ".json"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_files_are_built_anew(
    database: Database, data_dir: DataDir, builds: list[int], suffix: str, damage: str
) -> None:
    add_video(database, "a", some(40, 1))
    (query,) = some(1, 2)
    expected, _ = open_index(database, data_dir).search(query, 40)
    (file,) = data_dir.vectors.glob(f"*{suffix}")
    DAMAGE[damage](file)
    found, _ = open_index(database, data_dir).search(query, 40)
    assert found.tolist() == expected.tolist()
    assert len(builds) == 2
    open_index(database, data_dir)
    assert len(builds) == 2


@pytest.mark.parametrize("step", ["sync", "_sha256", "replace", "second replace"])
def test_a_failure_while_publishing_costs_nothing_but_a_rebuild(
    database: Database, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    add_video(database, "a", some(10, 1))
    open_index(database, data_dir)
    added = add_video(database, "b", some(10, 2))
    real = os.replace
    replaced: list[Path] = []

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def replace(source: Path, target: Path) -> None:
        replaced.append(target)
        if step == "replace" or len(replaced) == 2:
            full()
        real(source, target)

    with monkeypatch.context() as patch:
        if "replace" in step:
            patch.setattr(os, "replace", replace)
        else:
            patch.setattr(files if step == "sync" else vectors_module, step, full)
        index = open_index(database, data_dir)
    (query,) = some(1, 3)
    everything = index.search(query, 99)[0].tolist()
    assert set(ids_of(database, added).tolist()) < set(everything)
    assert not list(data_dir.vectors.glob(f"{files.WRITING}*"))
    assert open_index(database, data_dir).search(query, 99)[0].tolist() == everything


def test_no_place_to_publish(database: Database, data_dir: DataDir) -> None:
    data_dir.vectors.rmdir()
    add_video(database, "a", some(10, 1))
    assert len(open_index(database, data_dir).search(some(1, 2)[0], 99)[0]) == 10


def test_another_library_in_the_same_place(database: Database, data_dir: DataDir, tmp_path: Path) -> None:
    """The user moved the database away; the index files of it are still there."""
    add_video(database, "a", some(10, 1))
    open_index(database, data_dir)
    other = Database(tmp_path / "other.db")
    vectors = some(10, 5)
    add_video(other, "b", vectors)
    _, cosines = open_index(other, data_dir).search(vectors[3], 1)
    assert cosines[0] == pytest.approx(1, abs=1e-3)
    other.close()
