"""Cut-offs of encoders that were trained to bring pictures and texts together, by what they make of a library.

Cosines mean something else to every such model, and in every collection of pictures. What a search may show is
told by words that hardly anybody's recordings show: as high as their best cosines, there is only noise.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retake_core.encoders.by_chance import chance, highest_of, lower_half

Vectors = NDArray[np.float32]

SURE = 1.645
"""Standard deviations above the middle, under which 19 of 20 words that nothing shows find nothing."""
SEPARATION = 3.0
"""How many standard deviations of the noise lie between what matches and what does not, about."""
ONE_BELOW = 0.1587
"""The part of a normal distribution that lies more than a standard deviation below its middle."""
UNRELATED = 0.98
"""Of pairs of pictures from different videos, so many are not alike."""
ALWAYS_ALIKE = 0.95
"""The cosine from which pictures are alike in any library: one of a single scene has no others."""
FEWEST_PICTURES, FEWEST_PAIRS = 8, 200
"""With fewer, what was measured says little."""
MOST_COMPARED = 1024
"""Pictures that are compared with one another."""
NARROWEST = 1e-3
"""No spread counts as smaller: a library of one picture has none."""


@dataclass(frozen=True, slots=True)
class Levels:
    """From where on cosines say something.

    Attributes:
        floor: the cosine of a picture and a text at which they match as likely as not.
        slope: how the log odds of a match rise with the cosine.
        alike: the cosine of two pictures at which they count as alike as likely as not.
        alike_slope: how the log odds of that rise with the cosine.
    """

    floor: float
    slope: float
    alike: float
    alike_slope: float


class CalibratedEncoder(ABC):
    """What these encoders share.

    Attributes:
        levels: as the model alone suggests them, until a library was measured.
    """

    id: str
    dimension: int
    levels: Levels

    @abstractmethod
    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode descriptions, float32 [texts, dimension], each of length 1."""

    def encode_text(self, text: str) -> Vectors:
        """Encode a description, float32 [dimension], length 1."""
        vector: Vectors = self.encode_texts([text])[0]
        return vector

    def pool(self, embeddings: Vectors) -> Vectors:
        """Return the direction of the mean: one blurred frame does not speak for its scene."""
        mean = embeddings.mean(axis=0)
        pooled: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return pooled

    def unknown_words(self, _text: str, /) -> tuple[str, ...]:
        """It reads every word."""
        return ()

    def names_something(self, _text: str, /) -> bool:
        """Every description says something to it."""
        return True

    def confidence(self, cosine: Vectors) -> Vectors:
        """Map text-to-image cosines to 0..1; below 0.5 a frame does not count as a match."""
        return chance(cosine, self.levels.floor, self.levels.slope)

    def picture_query(self, embedding: Vectors) -> Vectors:
        """Pictures are compared by their embeddings as they are."""
        return embedding

    def likeness(self, embedding: Vectors, others: Vectors) -> Vectors:
        """Map picture-to-picture cosines, which are far higher than those to texts, to 0..1."""
        return chance(others @ embedding, self.levels.alike, self.levels.alike_slope)


def measured(
    levels: Levels, words: Vectors, pictures: Vectors, videos: NDArray[np.int64], keyframes: int
) -> Levels:
    """Return the levels for a library.

    Args:
        levels: what holds where there are too few pictures to tell.
        words: that nothing shows, most of them: float32 [words, dimension], each of length 1.
        pictures: a sample of the keyframes: float32 [n, dimension], each of length 1.
        videos: of the pictures, int64 [n].
        keyframes: how many there are in all.
    """
    if len(pictures) < FEWEST_PICTURES:
        return levels
    floor, slope = _text_levels(pictures @ words.T, keyframes)
    return Levels(floor, slope, *(alike_levels(pictures, videos) or (levels.alike, levels.alike_slope)))


def alike_levels(pictures: Vectors, videos: NDArray[np.int64]) -> tuple[float, float] | None:
    """Return `alike` and `alike_slope` for a library, by its pictures alone.

    Args:
        pictures: a sample of the keyframes: float32 [n, dimension], each of length 1.
        videos: of the pictures, int64 [n].

    Returns:
        None where too few are of different videos.
    """
    some = np.linspace(0, len(pictures) - 1, min(len(pictures), MOST_COMPARED)).astype(np.int64)
    pairs = (pictures[some] @ pictures[some].T)[videos[some][:, None] < videos[some]]
    if len(pairs) < FEWEST_PAIRS:
        return None
    return min(float(np.quantile(pairs, UNRELATED)), ALWAYS_ALIKE), SEPARATION / _spread(pairs)


def _text_levels(cosines: Vectors, keyframes: int) -> tuple[float, float]:
    """Return the floor and the slope by the cosines of pictures and words, [pictures, words].

    The highest of a large library's cosines are higher than those of its sample.
    """
    spread = _spread(cosines)
    middle, spread_of_highest = lower_half(cosines.max(axis=0), ONE_BELOW)
    unseen = highest_of(max(keyframes, len(cosines))) - highest_of(len(cosines))
    return middle + SURE * spread_of_highest + unseen * spread, SEPARATION / spread


def _spread(values: Vectors) -> float:
    """Return the standard deviation of a normal distribution with the same quartiles."""
    lower, upper = np.quantile(values, [0.25, 0.75])
    return max(float(upper - lower) / 1.349, NARROWEST)
