"""Which key frames the quick pass passes over."""

import numpy as np
import pytest
from numpy.typing import NDArray

from retake_core.media.decoders.key_frame_choice import EVERY, KeyFrameChoice

RATE = 2.0


def picture(level: float) -> NDArray[np.uint8]:
    return np.full((90, 160, 3), level, np.uint8)


def looked_at(times: NDArray[np.float64], levels: NDArray[np.float64], rate: float = RATE) -> list[float]:
    """Return the times of the key frames that are not passed over; each is of one grey level."""
    choice = KeyFrameChoice(rate)
    result: list[float] = []
    for time, level in zip(times.tolist(), levels.tolist(), strict=True):
        if not choice.passes_over(time):
            choice.look_at(time, picture(level))
            result.append(time)
    return result


def moving(count: int) -> NDArray[np.float64]:
    return (np.arange(count) * 37.0 % 200).astype(np.float64)


def test_of_what_moves_one_key_frame_in_ten_seconds_is_looked_at() -> None:
    times = np.arange(60.0)
    seen = looked_at(times, moving(60))
    assert seen == [0, 1, 2, 12, 22, 32, 42, 52]
    assert np.diff(seen).max() <= EVERY


def test_of_what_stays_every_one_is_looked_at() -> None:
    times = np.arange(60.0)
    slides = np.repeat([30.0, 200.0, 90.0, 160.0], 15)
    assert looked_at(times, slides) == times.tolist()


def test_where_it_comes_to_rest_every_one_is_looked_at_again() -> None:
    levels = np.append(moving(15), np.full(45, 80.0))
    assert looked_at(np.arange(60.0), levels) == [0, 1, 2, 12, 22, *range(32, 60)]


def test_one_that_comes_early_stands_at_a_cut_and_is_looked_at() -> None:
    times = np.array([0, 1, 2, 3, 4, 4.4, 5.4, 6.4])
    assert looked_at(times, moving(8)) == [0, 1, 2, 4.4]


@pytest.mark.parametrize(("way", "rate"), [(0.04, 2.0), (0.5, 2.0), (1.0, 1.0), (10.0, 2.0)])
def test_none_is_passed_over_that_is_a_sample_or_far_from_the_others(way: float, rate: float) -> None:
    times = (np.arange(40) * way).astype(np.float64)
    assert looked_at(times, moving(40), rate) == times.tolist()


def test_times_that_fall_back_and_pictures_of_a_few_pixels() -> None:
    choice = KeyFrameChoice(RATE)
    for time in (0.0, 1.0, 2.0, -5.0, 3.0, 100.0):
        choice.passes_over(time)
        choice.look_at(time, np.zeros((1, 3, 3), np.uint8))
    assert not choice.passes_over(101.0)
