"""The encoder that needs no download: EfficientNet-Lite0 for pictures, lists of words for texts.

They are joined without training, by a form of ConSE (Norouzi et al., 2014): the cosine of a picture and a
description is the expected relevance of the picture's class to the description. Both live in the space of the
thousand ImageNet classes; two more coordinates, one for pictures and one for texts, bring every vector to
length 1. That of pictures is long where the network is unsure: the more classes a description has, the more its
product is lowered by that, as "animal" would else be found in whatever is nothing at all.
"""

import logging
from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retake_core.encoders.base import EncodedFrames
from retake_core.encoders.concepts import CLASSES, Concepts, Description
from retake_core.encoders.packaged import LITE0_WEIGHTS, check_installed
from retake_core.encoders.scale import shift_odds
from retake_core.system.nvidia import has_nvidia_card

log = logging.getLogger(__name__)
PICTURE_REST, TEXT_REST = CLASSES, CLASSES + 1
DIMENSION = 1008
"""Rounded up to a multiple of 16, which vector indexes are fast with."""
CUTOFF = 0.05
"""The expected relevance from which a scene counts as a match; a small thing in half of its frames reaches it."""
BROADEST = 398
"""The classes of "animal", which no other concept has more of."""
DOUBT, DOUBT_SLOPE = 0.5, 0.5
"""What the broadest description loses with a picture that could be anything, and how fast that falls with fewer
classes. Calibrated, as the cut-off: `python -m tests.benchmarks.calibration`."""
MANY = 0.15
"""What it loses with such a picture if it names very many things, of which one alone is little."""
BEST_FRAMES = 3
"""One frame of a scene in so many tells what can be seen: the others are blurred, or show something else."""
MAX_LENGTH = 20.0
"""No description is longer: "animal" is 19.96."""

ALIKE, ALIKE_SLOPE = 0.55, 0.06
"""Real frames and themselves cropped, brightened and compressed share more in 95 % of the cases; frames of
different videos in 2 %."""


class Classifier(Protocol):
    """What runs the picture network."""

    def classify(self, images: Sequence[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return class probabilities, float32 [batch, 1000], and spatial maps, float32 [batch, 49, 320].

        Args:
            images: RGB frames, uint8 [height, width, 3] of any size.
        """
        ...


class BuiltinEncoder:
    """Knows the thousand ImageNet classes, the concepts above them, and what is near them."""

    id = "builtin-lite0-57934424-concepts-2"
    dimension = DIMENSION

    def __init__(self, device: str | None = None) -> None:
        """Check what it needs; the network is loaded by the first picture.

        Args:
            device: where the picture network runs; None takes the GPU when there is one.

        Raises:
            UserError: a package is missing, or the picture network's file is not the one that was measured.
        """
        self._device = device
        check_installed()
        LITE0_WEIGHTS.read_verified()

    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        """Encode RGB frames, uint8 [height, width, 3] of any size."""
        probabilities, maps = self._classifier.classify(images)
        return EncodedFrames(picture_vectors(probabilities), maps)

    def pool(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """Average the probabilities of each class over the third of the frames that show it best.

        Over all frames, what is seen in some of them is lost; in the surest one alone, there is something of
        everything.
        """
        best = -(-len(embeddings) // BEST_FRAMES)
        probabilities = np.sort(embeddings[:, :CLASSES], axis=0)[-best:].mean(axis=0, keepdims=True)
        pooled: NDArray[np.float32] = picture_vectors(probabilities)[0]
        return pooled / max(1.0, float(np.linalg.norm(pooled)))

    def encode_text(self, text: str) -> NDArray[np.float32]:
        """Encode a description, float32 [1008], length 1."""
        vector = np.zeros(DIMENSION, np.float32)
        description = self._concepts.describe(text)
        vector[:CLASSES] = description.relevance
        vector[PICTURE_REST] = -_doubt(description)
        # A bouncy castle is not every castle: of what is known, a picture must be as sure as much is missing.
        missing = description.missing / max(1, description.missing + description.things)
        vector *= CUTOFF / max(CUTOFF, missing) / MAX_LENGTH
        vector[TEXT_REST] = np.sqrt(max(0.0, 1 - float(vector @ vector)))
        return vector

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """Return the words of a description that no class has anything to do with."""
        return self._concepts.describe(text).unknown

    def names_something(self, text: str) -> bool:
        """Whether a description names anything that has a class."""
        return self._concepts.describe(text).things > 0

    def confidence(self, cosine: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map text-to-image cosines to 0..1; below 0.5 a frame does not count as a match."""
        relevance = np.clip(np.asarray(cosine, np.float32) * MAX_LENGTH, 1e-6, 1 - 1e-6)
        return shift_odds(np.log(relevance / (1 - relevance)), CUTOFF)

    def picture_query(self, embedding: NDArray[np.float32]) -> NDArray[np.float32]:
        """Leave out how unsure the network was, which is what most pictures have in common."""
        query = np.zeros(DIMENSION, np.float32)
        query[:CLASSES] = embedding[:CLASSES]
        return query / max(float(np.linalg.norm(query)), 1e-12)

    def likeness(self, embedding: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compare class probabilities as distributions, by Bhattacharyya's coefficient."""
        shared = np.sqrt(_distributions(others)) @ np.sqrt(_distributions(embedding[None])[0])
        return np.asarray(1 / (1 + np.exp((ALIKE - shared) / ALIKE_SLOPE)), np.float32)

    @cached_property
    def _classifier(self) -> Classifier:
        if self._device == "cpu" or (self._device is None and not has_nvidia_card()):
            try:
                from retake_core.encoders.lite0_graph import GraphClassifier

                return GraphClassifier()
            except (ImportError, AttributeError) as error:  # it is not there, or is an older one
                log.info("PyTorch classifies pictures, as ONNX Runtime cannot: %s", error)
        from retake_core.encoders.lite0 import TorchClassifier  # PyTorch takes seconds to load

        return TorchClassifier(self._device)

    @cached_property
    def _concepts(self) -> Concepts:
        return Concepts()


def _doubt(description: Description) -> float:
    """Return how much a description loses with a picture that could be anything."""
    doubt = 0.0
    if description.things:
        doubt += MANY * (1 - 1 / description.things)
    if description.breadth > 1:
        doubt += DOUBT * (description.breadth / BROADEST) ** DOUBT_SLOPE
    return doubt


def _distributions(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return class probabilities, [batch, 1000], of which those of a scene with several things are more than 1."""
    probabilities = np.maximum(vectors[:, :CLASSES], 0)
    shares: NDArray[np.float32] = probabilities / np.maximum(1, probabilities.sum(1, keepdims=True))
    return shares


def picture_vectors(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring class probabilities [batch, 1000] to vectors of length 1, [batch, 1008]."""
    vectors = np.zeros((len(probabilities), DIMENSION), np.float32)
    vectors[:, :CLASSES] = probabilities
    vectors[:, PICTURE_REST] = np.sqrt(np.maximum(0, 1 - np.square(vectors).sum(1)))
    return vectors
