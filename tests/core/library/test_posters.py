"""Which keyframe stands for a video."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from retake_core.indexing.passes.look import shows_something
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.keyframes import EMPTY, RICH, SNOW, poster
from retake_core.media.thumbnails import encode_thumbnail

Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 640, 360


def flat(level: int) -> Picture:
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def grainy_black() -> Picture:
    grain = np.random.default_rng(1).normal(16, 4, (HEIGHT, WIDTH, 3))
    return np.clip(grain, 0, 255).astype(np.uint8)


def snow() -> Picture:
    """Return what an old television shows without a signal."""
    grain = np.random.default_rng(2).integers(0, 256, (576, 720, 1))
    return grain.astype(np.uint8).repeat(3, axis=2)


def large_snow() -> Picture:
    """Return snow of 1080p, which is nearly grey in a thumbnail."""
    grain = np.random.default_rng(2).integers(0, 256, (1080, 1920, 1))
    return grain.astype(np.uint8).repeat(3, axis=2)


def wall() -> Picture:
    """Return a plain, softly lit, slightly grainy wall."""
    light = np.linspace(120, 180, WIDTH)[None, :, None] + np.linspace(0, 30, HEIGHT)[:, None, None]
    grain = np.random.default_rng(3).normal(0, 14, (HEIGHT, WIDTH, 3))
    return np.clip(light + grain, 0, 255).astype(np.uint8)


def blurred(picture: Picture) -> Picture:
    return np.array(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(25)))


def faded(picture: Picture) -> Picture:
    return (picture * 0.1 + 230).astype(np.uint8)


def scene(seed: int, *, dark: bool = False, block: int = 40) -> Picture:
    """Return blocks of all shades, or of dark ones only; smaller blocks take more bytes."""
    shades = (HEIGHT // block, WIDTH // block, 3)
    blocks = np.random.default_rng(seed).integers(0, 60 if dark else 256, shades)
    return np.kron(blocks, np.ones((block, block, 1), int)).astype(np.uint8)


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


@pytest.mark.parametrize("empty", [flat(0), flat(255), flat(120), grainy_black(), snow()])
def test_an_empty_frame_gives_way_to_one_that_tells_something(database: Database, empty: Picture) -> None:
    keyframes = [(0.0, 0.1, empty), (4.0, 1.0, empty), (9.0, 0.3, scene(1)), (20.0, 0.9, empty)]
    assert posters(database, keyframes) == (9.0, 9.0)


@pytest.mark.parametrize("empty", [flat(120), snow(), large_snow()])
def test_snow_shows_nothing_at_any_size(database: Database, empty: Picture) -> None:
    assert not shows_something(empty)
    assert posters(database, [(4.0, 0.0, large_snow()), (9.0, 0.1, scene(1))]) == (9.0, 9.0)


@pytest.mark.parametrize(
    "picture", [wall(), blurred(scene(1)), faded(scene(1)), scene(1, dark=True), scene(2, block=12)]
)
def test_what_is_grainy_dark_or_busy_shows_something(picture: Picture) -> None:
    assert shows_something(picture)


@pytest.mark.parametrize("poor", [wall(), blurred(scene(1)), faded(scene(1))], ids=["wall", "blurred", "faded"])
def test_a_poster_is_rich_as_well_as_prominent(database: Database, poor: Picture) -> None:
    assert len(encode_thumbnail(poor)) > EMPTY, "nothing but its poverty speaks against it"
    assert posters(database, [(4.0, 0.5, poor), (9.0, 0.45, scene(1)), (20.0, 0.5, poor)]) == (9.0, 9.0)


def test_among_rich_pictures_the_most_prominent_is_the_poster(database: Database) -> None:
    rich, richer = scene(1, block=30), scene(2, block=12)
    assert RICH < len(encode_thumbnail(rich)) < len(encode_thumbnail(richer)) < SNOW
    assert posters(database, [(4.0, 0.5, rich), (9.0, 0.45, richer)]) == (4.0, 4.0)


def test_a_dark_scene_is_not_empty(database: Database) -> None:
    keyframes = [(0.0, 0.1, flat(0)), (4.0, 0.9, scene(2, dark=True)), (9.0, 0.3, scene(1))]
    assert posters(database, keyframes) == (4.0, 4.0)


def test_a_telling_first_frame_is_better_than_an_empty_one(database: Database) -> None:
    assert posters(database, [(0.0, 0.0, scene(1)), (8.0, 1.0, flat(0))]) == (0.0, 0.0)


def test_without_a_rival_an_empty_frame_stands_for_the_video(database: Database) -> None:
    assert posters(database, [(0.0, 0.5, flat(0)), (8.0, 1.0, flat(0))]) == (8.0, 8.0)
