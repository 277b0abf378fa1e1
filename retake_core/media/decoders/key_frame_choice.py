"""Which codec key frames the quick pass passes over: many of those that come by the clock while all moves."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

EVERY = 10.0  # seconds: of what moves, key frames no further apart are enough to browse
MOVED = 6.0  # grey levels (0..255) by which a picture's blocks differ on average: more than noise and a face do
_SURE = 2  # moves in a row
_DENSE = 0.55  # seconds: key frames that come faster are all that a pass samples
_DUE = 0.93  # of the longest way between the last key frames: one that comes earlier stands at a cut
_REMEMBERED = 8  # ways between key frames
_BLOCKS = 16  # on a side


class KeyFrameChoice:
    """Passes over key frames that tell nothing of a cut, while each that is looked at differs from the last.

    What moves so is decoded later anyway, and key frames are the dearest to decode: all of them cost half of what
    decoding everything does, if there is one a second, as phones write them.

    Args:
        rate: samples per second of the pass that decodes all.
    """

    def __init__(self, rate: float) -> None:
        self._dense = max(_DENSE, 1.1 / rate)
        self._ways: deque[float] = deque(maxlen=_REMEMBERED)
        self._last: float | None = None  # time of the key frame before
        self._looked_at = -np.inf
        self._moves = 0
        self._blocks: NDArray[np.float32] | None = None

    def passes_over(self, time: float) -> bool:
        """Return whether a key frame at `time` seconds need not be decoded; asked of each, in order."""
        way = np.inf if self._last is None else time - self._last
        self._last = time
        is_due = bool(self._ways) and way > _DUE * max(self._ways)
        if np.isfinite(way):
            self._ways.append(way)
        next_is_near = time + way - self._looked_at <= EVERY
        return is_due and way > self._dense and self._moves >= _SURE and next_is_near

    def look_at(self, time: float, image: NDArray[np.uint8]) -> None:
        """Take note of a key frame that was decoded: seconds, and RGB [height, width, 3]."""
        blocks = _means(image)
        moved = self._blocks is not None and float(np.abs(blocks - self._blocks).mean()) > MOVED
        self._moves = self._moves + 1 if moved else 0
        self._blocks, self._looked_at = blocks, time


def _means(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the means of a picture's blocks in green, most of what is bright; of tiny ones, its pixels."""
    height, width = image.shape[:2]
    rows, columns = min(_BLOCKS, height), min(_BLOCKS, width)
    green = image[: height // rows * rows, : width // columns * columns, 1].astype(np.float32)
    means: NDArray[np.float32] = green.reshape(rows, height // rows, columns, width // columns).mean(axis=(1, 3))
    return means
