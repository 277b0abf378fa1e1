"""The vector index: exact search, and never anything but what the database holds."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Connection, delete

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.indexing import bump_generation
from retake_core.library.schema import keyframe
from retake_core.library.vectors import VectorIndex, stored
from retake_core.library.vectors import files as index_files
from retake_core.library.vectors import index as index_module
from retake_core.system import files
from tests.support.vectors import DAMAGE, Vectors, add_video, ids_of, open_index, some


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows with every index that is built."""
    counted: list[int] = []
    build = VectorIndex._empty

    def count(self: VectorIndex) -> None:
        counted.append(1)
        build(self)

    monkeypatch.setattr(VectorIndex, "_empty", count)
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


@pytest.mark.parametrize("cores", [1, 2])
def test_two_threads_find_what_one_does(
    database: Database, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    monkeypatch.setattr(index_module, "usable_cores", lambda: cores)
    monkeypatch.setattr(index_module, "SHARED", 2)
    vectors = some(300, 1)
    vectors[40:260] = vectors[40]  # equally near, on both sides of the middle
    add_video(database, "a", vectors)
    gone = ids_of(database, add_video(database, "b", some(5, 3)))
    with database.writing() as connection:
        connection.execute(delete(keyframe).where(keyframe.c.id.in_(gone[1:4].tolist())))
        bump_generation(connection)
    opened = open_index(database, data_dir)
    exact = np.concatenate([vectors, some(5, 3)[[0, 4]]]).astype(np.float16).astype(np.float32)
    ids = np.append(np.arange(1, 301), gone[[0, 4]])
    inside = np.append(ids[::3], 99_999)
    for query in (vectors[40], *some(3, 2)):
        cosines = (exact @ query).round(5)
        order = ids[np.lexsort((ids, -cosines))]
        assert opened.search(query, 400)[0].tolist() == order.tolist()
        assert opened.search(query, 400, inside)[0].tolist() == order[np.isin(order, inside)].tolist()
        if order[0] != 41:  # of many that are equally near, it is open which are left out
            assert opened.search(query, 2)[0].tolist() == order[:2].tolist()


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


@pytest.mark.parametrize("step", ["sync", "digest", "replace", "second replace"])
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
            patch.setattr(files if step == "sync" else index_files, step, full)
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


def test_changes_reach_a_file_of_another_time(database: Database, data_dir: DataDir, builds: list[int]) -> None:
    """Small changes are not written out again: the next start adds them to what the file holds."""
    first = add_video(database, "a", some(40, 1))
    open_index(database, data_dir)
    second = add_video(database, "b", some(10, 2))
    with database.writing() as connection:
        connection.execute(delete(keyframe).where(keyframe.c.video_id == first, keyframe.c.time_us == 0))
        bump_generation(connection)
    added: list[int] = []

    def counted(
        connection: Connection, encoder: str, ids: Sequence[int] | NDArray[np.int64]
    ) -> Iterator[tuple[Any, Vectors]]:
        for numbers, vectors in stored.OF_KEYFRAMES.vectors(connection, encoder, ids):
            added.append(len(numbers))
            yield numbers, vectors

    again = open_index(database, data_dir, held=replace(stored.OF_KEYFRAMES, vectors=counted))
    assert sorted(again.search(some(1, 3)[0], 99)[0].tolist()) == ids_of(database, first, second).tolist()
    assert len(builds) == 1
    assert added[0] < 39  # a few are compared with the database
    assert added[1:] == [10]
