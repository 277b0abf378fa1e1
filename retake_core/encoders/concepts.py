"""What the builtin encoder can name: the ImageNet classes and the WordNet concepts above them.

A concept stands for the classes under it ("dog" for 118 breeds), so a picture shows a concept with the sum of
their probabilities, however unsure the network is among them. A description is matched to concepts by MiniLM.
"""

import re
from pathlib import Path

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from retake_core.encoders.minilm import MiniLM, shared_minilm
from retake_core.system.bundled import bundled

CLASSES = 1000
TEMPERATURE = 0.05
"""How fast a concept's share falls with its distance from the nearest one, in cosine."""
KNOWN, KNOWN_SLOPE = 0.75, 0.05
"""A description whose nearest concept is less similar than this is mostly about something unknown.

Calibrated with `CUTOFF` of the builtin encoder: `python -m tests.benchmarks.calibration`.
"""

BREADTH = 0.2
"""A concept of n classes counts n ** -BREADTH: a broad one seems to be there by chance more often."""
MAX_LENGTH = 6.25
"""No description is longer: "animal" has the most classes, 398, and 398 ** (0.5 - BREADTH) is 6.02."""

_LEAD = re.compile(r"^\s*(an?\s+|the\s+)?(photo(graph)?|picture|image|video|clip|scene) of\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(an?|the)\s+", re.IGNORECASE)


class Concepts:
    """Concepts with their MiniLM vectors, and descriptions in terms of ImageNet classes."""

    def __init__(self) -> None:
        self._minilm = shared_minilm()
        members = concept_classes()
        self._membership = np.zeros((CLASSES, len(members)), np.float32)
        for column, classes in enumerate(members.values()):
            self._membership[classes, column] = len(classes) ** -BREADTH
        folder = bundled("retake_core.encoders")
        vectors = safetensors.numpy.load((folder / "concepts.safetensors").read_bytes())["vectors"]
        self._vectors = vectors.astype(np.float32)

    def describe(self, text: str) -> NDArray[np.float32]:
        """Say how much each class speaks for a description.

        Returns:
            float32 [1000], each 0..1. Its product with a picture's class probabilities says how likely the
            picture shows what the description names.
        """
        similarity = self._vectors @ self._minilm.embed(_core(text)).numpy()
        nearest = float(similarity.max())
        shares = np.exp((similarity - nearest) / TEMPERATURE)
        familiarity = 1 / (1 + np.exp((KNOWN - nearest) / KNOWN_SLOPE))
        description: NDArray[np.float32] = self._membership @ (shares * (familiarity / shares.sum()))
        return description


def concept_classes() -> dict[str, list[int]]:
    """Return each concept's classes. Namesakes are one concept: a description cannot tell them apart."""
    text = (bundled("retake_core.encoders") / "concepts.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    members: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        for name in dict.fromkeys(line.split(" < ")):
            members.setdefault(name, []).append(index)
    return members


def _core(text: str) -> str:
    """Leave out what says nothing about the content: "a photo of" and articles."""
    return _ARTICLE.sub("", _LEAD.sub("", text)).strip() or text


def write_vectors(file: Path) -> None:
    """Compute the vectors of all concepts; kept in a file because it takes seconds."""
    minilm = MiniLM()
    vectors = np.stack([minilm.embed(name).numpy() for name in concept_classes()])
    safetensors.numpy.save_file({"vectors": vectors.astype(np.float16)}, file)


if __name__ == "__main__":
    write_vectors(Path(__file__).with_name("concepts.safetensors"))
