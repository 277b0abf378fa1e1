"""How near a sentence comes by chance, and how sure one is that is nearer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retake_core.search.fusion import CUT_OFF, WEAKER
from retake_core.search.noise_floor import AMONG, EVEN, LEAST, UNASKED, NoiseFloor


def measured(cosines: NDArray[np.float64]) -> NoiseFloor:
    return NoiseFloor.of(lambda question, _: question, cosines.astype(np.float32)[:, None], 10 * AMONG)


def test_the_floor_is_that_of_what_the_library_has_by_chance() -> None:
    chance = np.random.default_rng(1).normal(0.3, 0.05, 2000)
    floor = measured(chance)
    assert floor.middle == pytest.approx(0.3, abs=0.01)
    assert floor.spread == pytest.approx(0.05, abs=0.005)
    spoken_of = np.append(chance, np.full(400, 0.9))
    assert measured(spoken_of).middle == pytest.approx(floor.middle, abs=0.02)
    assert measured(spoken_of).spread == pytest.approx(floor.spread, abs=0.02)
    assert measured(np.full(9, 0.4)).spread == LEAST


def test_few_sentences_count_as_a_part_of_many() -> None:
    """What is near one sentence in a library of ten may be so by chance, as among many others."""
    cosines = np.random.default_rng(1).normal(0.0, 0.1, (64, 5 * AMONG)).astype(np.float32)

    def of(sentences: int) -> NoiseFloor:
        floor_of = -np.sort(-cosines[:, :sentences], axis=1)
        return NoiseFloor.of(lambda question, many: question[:many], floor_of, sentences)

    many = of(AMONG).middle
    assert [of(count).middle for count in (10, 100, 400)] == pytest.approx([many] * 3, abs=0.06)
    assert of(10).middle > 0.2
    assert of(5 * AMONG).middle > many


def test_another_scale_of_cosines_makes_no_difference() -> None:
    chance = np.random.default_rng(1).normal(0.3, 0.05, 200)
    one, other = measured(chance), measured(0.8 + chance / 5)
    for cosine in (0.3, 0.4, 0.5):
        assert one.confidence(cosine) == pytest.approx(other.confidence(0.8 + cosine / 5), abs=0.01)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 0.9), st.floats(LEAST, 0.3))
def test_nearer_is_surer(a: float, b: float, middle: float, spread: float) -> None:
    floor = NoiseFloor(middle, spread)
    low, high = sorted((a, b))
    assert 0 <= floor.confidence(low) <= floor.confidence(high) <= 1
    assert floor.confidence(middle + EVEN * spread) == pytest.approx(CUT_OFF)
    assert floor.confidence(middle) < WEAKER


def test_what_nobody_asks_for_is_of_many_kinds() -> None:
    assert len(set(UNASKED)) == 64
    assert all(text == " ".join(text.split()) for text in UNASKED)
