"""Moments that look like a keyframe."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from retake_core.cli.moments import parse_moment
from retake_core.data_dir import DataDir
from retake_core.encoders import Encoder
from retake_core.errors import UserError
from retake_core.library.catalog import find_video
from retake_core.library.database import Database
from retake_core.search.by_keyframe import similar_moments
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.search.options import SearchOptions
from tests.support.colour_library import Library
from tests.support.vectors import Vectors


@pytest.fixture
def library(database: Database, data_dir: DataDir) -> Library:
    made = Library(database, data_dir)
    made.add("/v/a.mp4", "red red blue blue blue blue red")
    made.add("/v/b.mp4", "green crimson blue")
    made.add("/w/c.mp4", "orange green")
    return made


def no_model(name: str) -> Encoder:
    raise UserError(f"{name} is not here.")


def fill(library: Library) -> None:
    """Add videos enough to tell by their pictures alone what is alike."""
    for number, look in enumerate(["red", "green", "blue", "white", "yellow", "grey", "orange"]):
        library.add(f"/x/{number}.mp4", f"{look} {look} {look} {look}")


def similar(
    library: Library,
    name: str,
    time: float,
    *,
    limit: int = 20,
    folder: str | None = None,
    within: str | None = None,
    opener: Callable[[str], Encoder] | None = None,
) -> list[tuple[str, float]]:
    encoders = SearchEncoder(library.directory, opener or (lambda _: library.encoder), lambda: "builtin")
    with library.database.reading() as connection:
        options = SearchOptions(
            limit=limit,
            folder=None if folder is None else Path(folder),
            video_ids=None if within is None else frozenset((find_video(connection, within).id,)),
        )
        moments = similar_moments(connection, encoders, find_video(connection, name).id, time, options=options)
    assert [m.score for m in moments] == sorted((m.score for m in moments), reverse=True)
    assert all(m.start == m.best.time < m.end for m in moments)
    return [(m.video.path.name, m.best.time) for m in moments]


def test_what_looks_alike_but_not_itself_and_its_neighbours(library: Library) -> None:
    assert similar(library, "a.mp4", 3.0) == [("a.mp4", 60.0), ("b.mp4", 10.0), ("c.mp4", 0.0)]
    assert similar(library, "b.mp4", 20.0)[0][0] == "a.mp4"


def test_the_encoder_judges_what_is_alike(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cosine says little where all pictures share much."""
    crimson = library.encoder.encode_text("crimson")

    def likeness(origin: Vectors, others: Vectors) -> Vectors:
        assert origin @ library.encoder.encode_text("red") == pytest.approx(1, abs=1e-3)
        return np.where(others @ crimson > 0.9995, np.float32(0.7), np.float32(0.1))

    monkeypatch.setattr(library.encoder, "likeness", likeness)
    assert similar(library, "a.mp4", 3.0) == [("b.mp4", 10.0)]


def test_without_the_encoder_a_small_library_cannot_tell(library: Library) -> None:
    with pytest.raises(UserError, match="cannot be used, and the library is too small"):
        similar(library, "a.mp4", 3.0, opener=no_model)
    library.encoder.id = "another"
    with pytest.raises(UserError, match="cannot be used, and the library is too small"):
        similar(library, "a.mp4", 3.0)


def test_without_the_encoder_other_videos_tell_what_is_alike(library: Library) -> None:
    fill(library)
    found = similar(library, "a.mp4", 3.0, opener=no_model)
    assert {("0.mp4", 0.0), ("a.mp4", 60.0), ("b.mp4", 10.0)} <= set(found)  # red, and crimson
    assert not {("b.mp4", 0.0), ("1.mp4", 0.0), ("2.mp4", 0.0)} & set(found)  # green, and blue


def test_only_so_many_and_only_there(library: Library) -> None:
    assert similar(library, "a.mp4", 0.0, limit=1) == [("a.mp4", 60.0)]
    assert similar(library, "a.mp4", 0.0, folder="/w") == [("c.mp4", 0.0)]
    assert similar(library, "a.mp4", 0.0, within="b.mp4") == [("b.mp4", 10.0)]


def test_the_index_that_was_read_serves_the_next_search(library: Library) -> None:
    encoders = SearchEncoder(library.directory, lambda _: library.encoder, lambda: "builtin")
    with library.database.reading() as connection:
        similar_moments(connection, encoders, find_video(connection, "a.mp4").id, 0.0)
        index = encoders.index(library.encoder.id, library.encoder.dimension)
        assert len(index.search(library.encoder.encode_text("red"), 3)[0]) == 3
        assert encoders.choose(connection).vectors is index


def test_a_video_without_keyframes(library: Library) -> None:
    library.add("/v/new.mp4", "")
    with pytest.raises(UserError, match="no keyframes yet"):
        similar(library, "new.mp4", 0.0)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("party.mp4@65", ("party.mp4", 65.0)), ("a@b.mp4@1:05", ("a@b.mp4", 65.0)), ("7@1:00:00.5", ("7", 3600.5))],
)
def test_moments_are_named_by_video_and_time(text: str, moment: tuple[str, float]) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize("text", ["party.mp4", "@5", "a@", "a@x", "a@-1", "a@nan", "a@inf", ""])
def test_what_names_no_moment(text: str) -> None:
    with pytest.raises(UserError, match="names no moment"):
        parse_moment(text)
