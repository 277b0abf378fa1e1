"""What finds and describes faces: the interface of all face models, and what is the same for them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from retake_core.errors import UserError
from retake_core.media.boxes import Box

if TYPE_CHECKING:  # the window reads this module, and starts faster without
    import numpy as np
    from numpy.typing import NDArray


class FaceModelError(UserError):
    """No faces can be found on this computer. Its text says what to do."""


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture.

    Attributes:
        box: where it is.
        vector: float32 [dimension]; of one person where two are no further apart than the model's `same`.
    """

    box: Box
    vector: "NDArray[np.float32]"


class FaceModel(Protocol):
    """Finds faces, and describes each by a vector."""

    def faces(self, pictures: "Sequence[NDArray[np.uint8]]") -> list[list[Face]]:
        """Return the faces of each picture, RGB [height, width, 3]."""
        ...


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a face model, as it was measured.

    Attributes:
        name: of the file.
        sha256: its digest; another one is of another version, or damaged.
    """

    name: str
    sha256: str


def checked(folder: Path, file: ModelFile) -> Path | None:
    """Return the path of a model's file after a look at its digest; None if it is missing or another one."""
    path = folder / file.name
    try:
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None
    return path if digest == file.sha256 else None
