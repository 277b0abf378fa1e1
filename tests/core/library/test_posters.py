"""Which keyframe stands for a video."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.keyframes import poster
from retake_core.media.thumbnails import encode_thumbnail

Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 640, 360


def flat(level: int) -> Picture:
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def grainy_black() -> Picture:
    grain = np.random.default_rng(1).normal(16, 4, (HEIGHT, WIDTH, 3))
    return np.clip(grain, 0, 255).astype(np.uint8)


def scene(seed: int, *, dark: bool = False) -> Picture:
    """Return blocks of all shades, or of dark ones only."""
    blocks = np.random.default_rng(seed).integers(0, 60 if dark else 256, (9, 16, 3))
    return np.kron(blocks, np.ones((40, 40, 1), int)).astype(np.uint8)


def posters(database: Database, keyframes: Sequence[tuple[float, float, Picture]]) -> tuple[float, float]:
    """Store keyframes: seconds, prominence, picture. Return the time of the poster in lists, and in searches."""
    with database.writing() as connection:
        run = connection.exec_driver_sql
        run("INSERT INTO folder (id, path) VALUES (1, x'2f')")
        run("INSERT INTO video (id, fingerprint, size) VALUES (1, '1', 1)")
        run(
            "INSERT INTO file (folder_id, video_id, path, size, mtime_ns, missing) VALUES (1, 1, x'2f61', 1, 1, 0)"
        )
        for i, (time, prominence, picture) in enumerate(keyframes, 1):
            run(
                "INSERT INTO keyframe (id, video_id, time_us, prominence, thumbnail) VALUES (?, 1, ?, ?, ?)",
                (i, round(time * 1e6), prominence, encode_thumbnail(picture)),
            )
    with database.reading() as connection:
        (row,) = catalog.video_rows(connection)
        found = poster(connection, 1)
    assert row.poster is not None
    assert found is not None
    return keyframes[row.poster - 1][0], found.time


@pytest.mark.parametrize("empty", [flat(0), flat(255), flat(120), grainy_black()])
def test_an_empty_frame_gives_way_to_one_that_tells_something(database: Database, empty: Picture) -> None:
    keyframes = [(0.0, 0.1, empty), (4.0, 1.0, empty), (9.0, 0.3, scene(1)), (20.0, 0.9, empty)]
    assert posters(database, keyframes) == (9.0, 9.0)


def test_a_dark_scene_is_not_empty(database: Database) -> None:
    keyframes = [(0.0, 0.1, flat(0)), (4.0, 0.9, scene(2, dark=True)), (9.0, 0.3, scene(1))]
    assert posters(database, keyframes) == (4.0, 4.0)


def test_a_telling_first_frame_is_better_than_an_empty_one(database: Database) -> None:
    assert posters(database, [(0.0, 0.0, scene(1)), (8.0, 1.0, flat(0))]) == (0.0, 0.0)


def test_without_a_rival_an_empty_frame_stands_for_the_video(database: Database) -> None:
    assert posters(database, [(0.0, 0.5, flat(0)), (8.0, 1.0, flat(0))]) == (8.0, 8.0)
