"""The levels of an encoder follow the library that is searched."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import delete, insert

from retake_core.cancel import CancelToken
from retake_core.encoders.base import EncodedFrames
from retake_core.encoders.calibrated import CalibratedEncoder, Levels
from retake_core.encoders.noise_words import write_noise
from retake_core.library.database import Database
from retake_core.library.indexing import bump_generation
from retake_core.library.schema import embedding, keyframe, video
from retake_core.search.encoder_choice import SearchEncoder
from tests.support.fakes import FakeEncoder

GUESS = Levels(0.3, 50.0, 0.8, 20.0)
DIMENSION = 32


class Encoder(CalibratedEncoder):
    id, dimension = "made", DIMENSION

    def __init__(self) -> None:
        self.levels = GUESS

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        made = np.random.default_rng(0).normal(size=(len(texts), DIMENSION))
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)

    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        raise NotImplementedError


def add_videos(database: Database, first: int, count: int, *, common: float = 0.0) -> None:
    """Add videos of ten keyframes, of random vectors that have a part in common."""
    rng = np.random.default_rng(first)
    with database.writing() as connection:
        for number in range(first, first + count):
            connection.execute(insert(video).values(id=number, fingerprint=str(number), size=1, depth=1))
            for i in range(10):
                keyframe_id = number * 10 + i
                vector = rng.normal(size=DIMENSION) / DIMENSION**0.5 + common
                connection.execute(
                    insert(keyframe).values(
                        id=keyframe_id, video_id=number, time_us=i, prominence=1.0, thumbnail=b""
                    )
                )
                content = (vector / np.linalg.norm(vector)).astype("<f2").tobytes()
                connection.execute(
                    insert(embedding).values(encoder="made", keyframe_id=keyframe_id, vector=content)
                )
        bump_generation(connection)


@pytest.fixture
def searching(tmp_path: Path) -> tuple[Encoder, SearchEncoder]:
    encoder = Encoder()
    return encoder, SearchEncoder(tmp_path, lambda _: encoder, lambda: "clip:/made")


def levels(database: Database, searching: tuple[Encoder, SearchEncoder]) -> Levels:
    encoder, search_encoder = searching
    with database.reading() as connection:
        assert search_encoder.choose(connection).encoder is encoder
    return encoder.levels


def test_they_are_measured_when_there_is_something_to_measure_by(
    database: Database, searching: tuple[Encoder, SearchEncoder], tmp_path: Path
) -> None:
    assert levels(database, searching) == GUESS
    write_noise(tmp_path, searching[0], CancelToken())
    assert levels(database, searching) == GUESS
    add_videos(database, 1, 30)
    first = levels(database, searching)
    assert 0.2 < first.floor < 0.9
    assert first.alike != GUESS.alike
    add_videos(database, 31, 1)
    assert levels(database, searching) == first  # for so few more it is not done again
    add_videos(database, 40, 30, common=0.5)
    assert levels(database, searching).alike > first.alike
    with database.writing() as connection:
        connection.execute(delete(embedding))
        bump_generation(connection)
    assert all(np.isfinite([levels(database, searching).floor]))


def test_encoders_that_need_no_library_are_left_alone(database: Database, tmp_path: Path) -> None:
    encoder = FakeEncoder()
    add_videos(database, 1, 3)
    with database.reading() as connection:
        chosen = SearchEncoder(tmp_path, lambda _: encoder, lambda: "builtin").choose(connection)
    assert chosen.encoder is encoder
