"""Descriptions in terms of ImageNet classes: by the concepts that they name, or by those whose meaning is nearest.

A concept stands for the classes under it ("dog" for 118 breeds), so a picture shows a concept with the sum of
their probabilities, however unsure the network is among them.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retake_core.encoders.vocabulary import Vocabulary
from retake_core.system.bundled import bundled

if TYPE_CHECKING:
    from retake_core.encoders.minilm import MiniLM

CLASSES = 1000
KNOWN = 0.8
"""A word whose nearest concept is less similar than this is unknown.

Calibrated with the constants of the builtin encoder: `python -m tests.benchmarks.calibration`.
"""

REMEMBERED = 64
"""Descriptions: one is asked for by a search, its cut-off and its unknown words."""


@dataclass(frozen=True, slots=True)
class Description:
    """A description in terms of ImageNet classes.

    Attributes:
        relevance: float32 [1000], 0..1: how much each class speaks for it. The product with a picture's class
            probabilities says how likely the picture shows what is described.
        things: how many it names that are known.
        breadth: how many classes each of them has, on average.
        unknown: the words that are left out.
    """

    relevance: NDArray[np.float32]
    things: int
    breadth: float
    unknown: tuple[str, ...]


class Concepts:
    """Reads descriptions; the network for texts is only loaded for words that are in no list."""

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()
        self._described = lru_cache(maxsize=REMEMBERED)(self._describe)

    def describe(self, text: str) -> Description:
        """Say which classes a description speaks of."""
        return self._described(text)

    def _describe(self, text: str) -> Description:
        reading = self._vocabulary.read(text)
        alike = {word: self._nearest(word) for word in reading.rest}
        named = [*reading.named, *((concept,) for concept in alike.values() if concept is not None)]
        things = [self._classes_of(concepts) for concepts in dict.fromkeys(named)]
        relevance = np.zeros(CLASSES, np.float32)
        for classes in things:
            relevance[classes] += 1 / len(things)
        breadth = float(np.mean([len(classes) for classes in things])) if things else 0.0
        unknown = tuple(word for word, concept in alike.items() if concept is None)
        return Description(np.minimum(relevance, 1), len(things), breadth, unknown)

    def _classes_of(self, concepts: tuple[str, ...]) -> list[int]:
        return sorted({index for concept in concepts for index in self._vocabulary.classes[concept]})

    def _nearest(self, word: str) -> str | None:
        """Return the concept that a word means almost; None if there is none."""
        similarity = self._vectors @ self._minilm.embed(word.lower()).numpy()
        # "cow" is near "sea cow" for its letters alone.
        lookalike = re.compile(rf"\b{re.escape(word[:4])}", re.IGNORECASE)
        order: list[int] = np.argsort(-similarity).tolist()
        for index in order:
            concept = self._names[index]
            if similarity[index] < KNOWN:
                return None
            if concept not in self._vocabulary.too_wide and not lookalike.search(concept):
                return concept
        return None

    @cached_property
    def _minilm(self) -> "MiniLM":
        from retake_core.encoders.minilm import MiniLM

        return MiniLM()

    @cached_property
    def _names(self) -> list[str]:
        return list(self._vocabulary.classes)

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        import safetensors.numpy

        folder = bundled("retake_core.encoders")
        vectors = safetensors.numpy.load((folder / "concepts.safetensors").read_bytes())["vectors"]
        return np.asarray(vectors, np.float32)


def write_vectors(file: Path) -> None:
    """Compute the vectors of all concepts; kept in a file because it takes seconds."""
    import safetensors.numpy

    from retake_core.encoders.minilm import MiniLM

    minilm = MiniLM()
    vectors = np.stack([minilm.embed(name).numpy() for name in Vocabulary().classes])
    safetensors.numpy.save_file({"vectors": vectors.astype(np.float16)}, file)


if __name__ == "__main__":
    write_vectors(Path(__file__).with_name("concepts.safetensors"))
