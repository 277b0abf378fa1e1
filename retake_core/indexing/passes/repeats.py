"""Pictures that stay are encoded once: slides, screens, and the stills of animations."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retake_core.encoders.base import EncodedFrames, Encoder

SAME = 1.0  # grey levels (0..255) by which each block may differ; a letter that is typed moves one by two
_BLOCK = 16  # pixels


def encode_once(encoder: Encoder, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
    """Encode pictures in their order; each that repeats the one encoded last has what that one has.

    Args:
        encoder: for the pictures.
        images: RGB, uint8 [height, width, 3].
    """
    chosen: list[NDArray[np.uint8]] = []
    places: list[int] = []
    for image in images:
        if not chosen or not repeats(image, chosen[-1]):
            chosen.append(image)
        places.append(len(chosen) - 1)
    encoded = encoder.encode_frames(chosen)
    return EncodedFrames(encoded.embeddings[places], encoded.maps[places])


def repeats(image: NDArray[np.uint8], earlier: NDArray[np.uint8]) -> bool:
    """Return whether a picture shows what an earlier one does, but for what compression leaves behind."""
    if image.shape != earlier.shape:
        return False
    differences = np.maximum(image, earlier) - np.minimum(image, earlier)
    rows, columns = (np.arange(0, side, _BLOCK) for side in image.shape[:2])
    sums = np.add.reduceat(np.add.reduceat(differences, rows, axis=0, dtype=np.uint32), columns, axis=1)
    return bool(sums.max() < SAME * _BLOCK**2)
