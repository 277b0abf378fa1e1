"""How near a sentence comes by chance: what a library has for questions that hardly anybody's recordings answer.

Every model has cosines of its own, and among more sentences one comes nearer. So the floor is measured, with the
model and the library that are searched.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retake_core.encoders.by_chance import chance, highest_of, lower_half

EVEN, SLOPE = 3.65, 1.25
"""Spreads above the floor for an even bet, and how fast it grows surer.

Of 28 questions that nothing answers, one has a sentence so near, in the calibration set of
`python -m tests.benchmarks.search_meaning`.
"""
AMONG = 768
"""Sentences of that set: fewer are taken for a part of as many, as any of them may be near by chance."""
TENTH = 0.1
"""The part of the questions by which the spread is measured; `EVEN` holds for this one."""
LEAST = 0.005
"""The spread at least: a few equal sentences have none."""
_UNASKED = """
    a comet near the sun; shearing sheep; the rules of bridge; a lighthouse keeper; welding steel pipes;
    a stamp collection; the queen of Denmark; hunting mammoths; a cello concerto; painting a fresco; polar
    bears on the ice; a duel with swords; beekeeping; a nuclear reactor; the moons of Saturn; tap dancing; a
    pirate ship; pruning roses; a desert caravan; judo throws; the stone age; weaving baskets; a hot air
    balloon; cleaning an oil spill; a Roman aqueduct; whale songs; parliament votes on a law; a blood
    transfusion; carving a totem pole; the speed of light; racing camels; a printing error on a coin;
    mushroom poisoning; an avalanche; ballet shoes; the taste of oysters; a chess opening; the invention of
    the telephone; crossing the equator; a jazz trumpet; glaciers melting; training a falcon; a broken
    elevator; the silk road; diamonds in a ring; mining coal; a magician's trick; penguins diving; the stock
    exchange; a haunted house; forging a horseshoe; an orchid in bloom; the French revolution; ice hockey
    goalie; a satellite in orbit; growing rice; archery; a medieval siege; the circus comes to town;
    termites in the wall; a marathon runner; the depth of the ocean; glass blowing; a coral reef"""
UNASKED = tuple(" ".join(_UNASKED.split()).split("; "))
"""Such questions, of all kinds."""


Nearest = Callable[[NDArray[np.float32], int], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class NoiseFloor:
    """How near the nearest sentence comes that is not meant.

    Attributes:
        middle: the median of its cosine.
        spread: its standard deviation.
    """

    middle: float
    spread: float

    @classmethod
    def of(cls, nearest: Nearest, questions: NDArray[np.float32], sentences: int) -> "NoiseFloor":
        """Measure it.

        Args:
            nearest: returns the cosines of so many sentences that are nearest to a vector, best first.
            questions: vectors of `UNASKED`, float32 [n, dimension].
            sentences: how many there are.
        """
        found = [nearest(question, sentences if sentences < AMONG else 1) for question in questions]
        middle, spread = lower_half([cosines[0] for cosines in found], TENTH)
        if sentences < AMONG:
            middle += float(np.std(np.concatenate(found))) * (highest_of(AMONG) - highest_of(sentences))
        return cls(middle, max(spread, LEAST))

    def confidence(self, cosine: float) -> float:
        """Return how sure it is that a sentence is meant, 0..1; 0.5 is even."""
        return float(chance(cosine, self.middle + EVEN * self.spread, 1 / (SLOPE * self.spread)))
