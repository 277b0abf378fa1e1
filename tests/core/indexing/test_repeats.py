"""Pictures that stay are encoded once."""

import numpy as np
import pytest
from numpy.typing import NDArray

from retake_core.indexing.passes.repeats import encode_once, repeats
from tests.support.fakes import FakeEncoder

Picture = NDArray[np.uint8]


def page(shift: int = 0) -> Picture:
    picture = np.full((224, 398, 3), 230, np.uint8)
    picture[40:50, 30 + shift : 200 + shift] = 20
    return picture


def noisy(picture: Picture, levels: int) -> Picture:
    noise = np.random.default_rng(5).integers(-levels, levels + 1, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


def test_what_repeats_the_picture_before_has_what_that_one_has() -> None:
    pages = [page(), noisy(page(), 1), page(60), page(60), page()]
    counting, every = FakeEncoder(), FakeEncoder().encode_frames([page(), page(), page(60), page(60), page()])
    once = encode_once(counting, pages)
    assert counting.frames == 3
    np.testing.assert_array_equal(once.embeddings, every.embeddings)
    np.testing.assert_array_equal(once.maps, every.maps)


def test_a_slow_fade_is_compared_with_what_was_encoded() -> None:
    counting = FakeEncoder()
    encode_once(counting, [np.full((90, 160, 3), 40 + level // 2, np.uint8) for level in range(24)])
    assert counting.frames == 12


def _typed(picture: Picture) -> Picture:
    picture = picture.copy()
    picture[100:104, 100:103] = 90  # a letter of a line in 1080p, seen in a picture of 224 rows
    return picture


def _tinted(picture: Picture) -> Picture:
    picture = picture.copy()
    picture[..., 2] -= 2
    return picture


@pytest.mark.parametrize("change", [_typed, _tinted, lambda picture: picture[:, :-1]])
def test_the_least_that_can_be_seen_is_no_repetition(change) -> None:  # type: ignore[no-untyped-def]
    assert not repeats(change(page()), page())


@pytest.mark.parametrize("shape", [(1, 1, 3), (224, 398, 3), (7, 500, 3)])
def test_a_picture_of_any_size_repeats_itself(shape: tuple[int, int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    assert repeats(picture.copy(), picture)
