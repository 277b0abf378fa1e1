"""Descriptions in terms of ImageNet classes, by the concepts that they name.

A concept stands for the classes under it ("dog" for 118 breeds), so a picture shows a concept with the sum of
their probabilities, however unsure the network is among them. A word that names none is unknown: to compare it by
meaning found three of a hundred more, and more false ones.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retake_core.encoders.attribute_words import names_people
from retake_core.encoders.vocabulary import Vocabulary

CLASSES = 1000
REMEMBERED = 64
"""Descriptions: one is asked for by a search, and by its unknown words."""


@dataclass(frozen=True, slots=True)
class Description:
    """A description in terms of ImageNet classes.

    Attributes:
        relevance: float32 [1000], 0..1: how much each class speaks for it. The product with a picture's class
            probabilities says how likely the picture shows what is described.
        things: how many it names that are known, and must be seen; one that only says where another is need not.
        breadth: how many classes each of them has, on average.
        unknown: the words that are left out.
        missing: how many of them speak of something that must be seen as well: neither of a place nor of people,
            who are in most videos, and whom the search finds by faces.
    """

    relevance: NDArray[np.float32]
    things: int
    breadth: float
    unknown: tuple[str, ...]
    missing: int


class Concepts:
    """Reads descriptions."""

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()
        self._described = lru_cache(maxsize=REMEMBERED)(self._describe)

    def describe(self, text: str) -> Description:
        """Say which classes a description speaks of."""
        return self._described(text)

    def _describe(self, text: str) -> Description:
        reading = self._vocabulary.read(text)
        seen = [concepts for concepts in reading.named if concepts not in reading.where]
        things = [self._classes_of(concepts) for concepts in seen or reading.named]
        relevance = np.zeros(CLASSES, np.float32)
        for classes in things:
            relevance[classes] += 1 / len(things)
        breadth = float(np.mean([len(classes) for classes in things])) if things else 0.0
        missing = sum(word not in reading.where and not names_people([word]) for word in reading.unknown)
        return Description(np.minimum(relevance, 1), len(things), breadth, reading.unknown, missing)

    def _classes_of(self, concepts: tuple[str, ...]) -> list[int]:
        return sorted({index for concept in concepts for index in self._vocabulary.classes[concept]})
