"""Faces that are colours: a cheap face model for made videos, which need no package."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retake_core.people import faces_task
from retake_core.people.model import Face, FaceModel
from retake_core.people.registry import InstalledFaces

INSTALLED = InstalledFaces("fake", (Path("/nowhere"),), 0.5, "fake-faces")
DIMENSION = 8
SEEN = {"red": (0,), "green": (1,), "blue": (0, 1), "yellow": (2,)}
"""Who is to be seen in a picture of a colour, by number; in those of other colours nobody is."""
_LOOKS = {"red": (220, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 220), "yellow": (220, 220, 20)}


def vector(person: int, spread: float = 0.0) -> NDArray[np.float32]:
    """Return the vector of a face of somebody: those of one person are `spread` apart at most."""
    found = np.zeros(DIMENSION, np.float32)
    found[person] = 1.0
    found[-1] = spread
    return found


class ColourFaces:
    """Sees the people of a colour, side by side."""

    def __init__(self, shift: float = 0.0) -> None:
        self.shift = shift  # of all vectors, as another version of a model might make them

    def faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[list[Face]]:
        return [self._of_one(picture) for picture in pictures]

    def _of_one(self, picture: NDArray[np.uint8]) -> list[Face]:
        mean = picture.mean(axis=(0, 1))
        for look, colour in _LOOKS.items():
            if np.abs(mean - colour).max() < 40:
                return [
                    Face((0.1 + 0.4 * i, 0.2, 0.4 + 0.4 * i, 0.8), vector(person, self.shift))
                    for i, person in enumerate(SEEN[look])
                ]
        return []


def use_fake_faces(patch: pytest.MonkeyPatch, model: FaceModel | None = None) -> InstalledFaces:
    """Let `find_face_model` find a model that sees colours. Decode in threads."""
    made = model or ColourFaces()
    patch.setattr(faces_task, "_opened", lambda *_: made)
    patch.setattr("retake_core.indexing.run.find_face_model", lambda _: INSTALLED)
    patch.setattr("os.nice", lambda _: 0)
    return INSTALLED
