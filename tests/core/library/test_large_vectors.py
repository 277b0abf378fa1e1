"""The vector index of a large library: built in the background, mapped, and compared with the database."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from sqlalchemy import delete

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled
from retake_core.library.database import Database
from retake_core.library.indexing import bump_generation
from retake_core.library.schema import keyframe
from retake_core.library.vectors import build_large, large, stored
from retake_core.library.vectors import files as index_files
from tests.support.vectors import DAMAGE, DIMENSION, add_video, ids_of, open_index, some


@pytest.fixture
def large_library(database: Database, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Return a library that counts as large, with its index built."""
    monkeypatch.setattr(large, "LARGE", 500)
    monkeypatch.setattr(large, "PROBES", 1000)  # so few vectors tell nothing about recall
    monkeypatch.setattr(large, "FEW", 10)
    add_video(database, "a", some(600, 1))
    with database.reading() as connection:
        assert build_large(connection, data_dir.vectors, "one", DIMENSION, CancelToken())
    return database


def test_a_large_library_searches_like_a_small_one(large_library: Database, data_dir: DataDir) -> None:
    database = large_library
    opened = open_index(database, data_dir)
    assert opened._flat.ntotal == 0
    for query in some(5, 2):
        exact = some(600, 1) @ query
        found, cosines = opened.search(query, 10)
        assert len(set(found.tolist()) & set((np.argsort(-exact)[:10] + 1).tolist())) >= 9
        np.testing.assert_allclose(cosines, exact[found - 1], atol=0.02)


@pytest.mark.parametrize("count", [2, 300])
def test_a_large_library_searches_among_few_and_many(
    large_library: Database, data_dir: DataDir, count: int
) -> None:
    inside = np.random.default_rng(4).permutation(600)[:count] + 1
    (query,) = some(1, 2)
    with large_library.writing() as connection:
        connection.execute(delete(keyframe).where(keyframe.c.id == int(inside[0])))
        bump_generation(connection)
    found, _ = open_index(large_library, data_dir).search(query, 400, np.append(inside, 9999))
    assert sorted(found.tolist()) == sorted(inside[1:].tolist())
    assert found[0] == max(inside[1:], key=lambda number: some(600, 1)[number - 1] @ query)


def test_the_large_index_of_an_earlier_version_is_built_anew(large_library: Database, data_dir: DataDir) -> None:
    lists = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(DIMENSION), DIMENSION, 1, faiss.ScalarQuantizer.QT_8bit
    )
    vectors: Any = some(600, 1)
    lists.train(vectors)
    lists.add_with_ids(vectors, np.arange(1, 601))
    files = index_files.IndexFiles.of(data_dir.vectors, "one", large.SUFFIX)
    with large_library.reading() as connection:
        assert files.publish(lists, stored.generation(connection), "one")
        assert open_index(large_library, data_dir)._flat.ntotal == 600
        assert build_large(connection, data_dir.vectors, "one", DIMENSION, CancelToken())
    assert open_index(large_library, data_dir)._flat.ntotal == 0


def test_what_is_new_or_gone_since_a_large_index_was_built(large_library: Database, data_dir: DataDir) -> None:
    database = large_library
    opened = open_index(database, data_dir)
    new = some(20, 9)
    other = add_video(database, "b", new)
    with database.writing() as connection:
        connection.execute(delete(keyframe).where(keyframe.c.id <= 50))
        bump_generation(connection)
    for found_by in (opened, open_index(database, data_dir)):
        with database.reading() as connection:
            found_by.refresh(connection)
        assert found_by._flat.ntotal == 20
        everything = found_by.search(some(1, 3)[0], 2000)[0]
        assert len(everything) == 570
        assert everything.min() == 51
        assert found_by.search(new[3], 1)[0][0] == ids_of(database, other)[3]
        inside = np.array([1, 2, 60, 601])
        assert sorted(found_by.search(new[3], 9, inside)[0].tolist()) == [60, 601]
    with database.reading() as connection:
        assert not build_large(connection, data_dir.vectors, "one", DIMENSION, CancelToken())


def test_a_large_index_is_built_anew_when_much_has_changed(large_library: Database, data_dir: DataDir) -> None:
    database = large_library
    opened = open_index(database, data_dir)
    add_video(database, "b", some(300, 9))
    with database.reading() as connection:
        opened.refresh(connection)
        assert opened._flat.ntotal == 300
        assert build_large(connection, data_dir.vectors, "one", DIMENSION, CancelToken())
    with database.writing() as connection:
        bump_generation(connection)
    with database.reading() as connection:
        opened.refresh(connection)
    assert opened._flat.ntotal == 0
    assert len(opened.search(some(1, 3)[0], 2000)[0]) == 900


@pytest.mark.parametrize("damage", ["flipped bit", "cut short", "gone"])
def test_a_damaged_large_index_is_not_used(large_library: Database, data_dir: DataDir, damage: str) -> None:
    (file,) = data_dir.vectors.glob("*-large.faiss")
    DAMAGE[damage](file)
    opened = open_index(large_library, data_dir)
    assert opened._flat.ntotal == 600


@pytest.mark.usefixtures("large_library")
def test_a_large_index_of_another_library(data_dir: DataDir, tmp_path: Path) -> None:
    other = Database(tmp_path / "other.db")
    vectors = some(600, 77)
    add_video(other, "b", vectors)
    opened = open_index(other, data_dir)
    found, cosines = opened.search(vectors[3], 1)
    assert (found[0], round(float(cosines[0]), 2)) == (4, 1.0)
    assert opened._flat.ntotal == 600
    other.close()


def test_building_a_large_index_stops_when_asked_and_leaves_nothing(
    database: Database, data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "LARGE", 50)
    add_video(database, "a", some(60, 1))
    token = CancelToken()
    token.cancel()
    with database.reading() as connection, pytest.raises(Cancelled):
        build_large(connection, data_dir.vectors, "one", DIMENSION, token)
    assert list(data_dir.vectors.iterdir()) == []
