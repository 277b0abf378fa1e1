"""Pictures that carry a number, legible after compression and scaling, and only when upright."""

import numpy as np
from numpy.typing import NDArray

_HEADER = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))
_COLUMNS = 4
_ROWS = 4
_POINTS = 5
COLOUR_ERROR = 16  # a wrong colour matrix or range is further off
TONE_ERROR = 96  # what is brought from high dynamic range may be off by so much


class IllegibleError(Exception):
    """The picture is not one of ours, not upright, or too damaged."""


def draw(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """Return an RGB image: a row of four colours, eight bits, and a check of four bits."""
    cells = np.zeros((_ROWS, _COLUMNS, 3), np.uint8)
    cells[0] = _HEADER
    cells[1:] = 255 * np.array(_bits(number), np.uint8).reshape(_ROWS - 1, _COLUMNS, 1)
    rows = np.arange(height) * _ROWS // height
    columns = np.arange(width) * _COLUMNS // width
    return cells[rows][:, columns]


def read(image: NDArray[np.uint8], colour_error: int = COLOUR_ERROR) -> int:
    """Return the number in an image."""
    means = image[_centres(image.shape[0], _ROWS)][:, _centres(image.shape[1], _COLUMNS)]
    means = means.reshape(_ROWS, _POINTS, _COLUMNS, _POINTS, 3).mean(axis=(1, 3))
    if (np.abs(means[0] - _HEADER) > colour_error).any():
        raise IllegibleError(f"the colours are {means[0].round().tolist()}")
    bits = (means[1:].mean(axis=2) > 127).ravel()
    number = int(np.packbits(bits[:8])[0])
    if bits.tolist() != [bool(bit) for bit in _bits(number)]:
        raise IllegibleError(f"the bits are {bits.astype(int).tolist()}")
    return number


def _centres(length: int, cells: int) -> NDArray[np.intp]:
    """Return the places of a few pixels in the middle of each cell."""
    inside = (np.arange(_POINTS) + 2) / (_POINTS + 3)
    return ((np.arange(cells)[:, None] + inside) * length / cells).astype(np.intp).ravel()


def _bits(number: int) -> list[int]:
    value = [number >> place & 1 for place in range(7, -1, -1)]
    check = [a ^ b for a, b in zip(value[:4], value[4:], strict=True)]
    return value + check
