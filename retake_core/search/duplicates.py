"""Telling whether two keyframes show the same picture: a black intro, a title card, a clip in two files."""

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SAME_COSINE = 0.97  # of embeddings; a filter, as encoders see likeness of content rather than of pictures
SAME_PICTURE = 6.0  # mean difference of grey levels, 0..255, on a grid
GRID = 16


class Pictures:
    """Compares keyframes; pictures are only looked at where embeddings agree."""

    def __init__(
        self,
        embeddings: dict[int, NDArray[np.float32]],
        thumbnail: Callable[[int], bytes | None],
    ) -> None:
        """Take what keyframes are compared by.

        Args:
            embeddings: by keyframe id, float32 [dimension], length 1.
            thumbnail: returns a keyframe's encoded picture.
        """
        self._keyframes = list(embeddings)
        self._rows = {keyframe: row for row, keyframe in enumerate(embeddings)}
        self._alike = np.empty((0, 0), bool)
        if embeddings:
            vectors = np.stack(list(embeddings.values()))
            self._alike = vectors @ vectors.T >= SAME_COSINE
        self._thumbnail = thumbnail
        self._grids: dict[int, NDArray[np.float32] | None] = {}

    def alike(self, keyframe: int) -> set[int]:
        """Return the other keyframes whose embeddings agree with that of one."""
        row = self._rows.get(keyframe)
        if row is None:
            return set()
        return {self._keyframes[other] for other in np.flatnonzero(self._alike[row]).tolist() if other != row}

    def same(self, one: int, other: int) -> bool:
        """Return whether two keyframes show the same picture."""
        first, second = self._rows.get(one), self._rows.get(other)
        if first is None or second is None or not self._alike[first, second]:
            return False
        left, right = self._grid(one), self._grid(other)
        return left is not None and right is not None and float(np.abs(left - right).mean()) <= SAME_PICTURE

    def _grid(self, keyframe_id: int) -> NDArray[np.float32] | None:
        if keyframe_id not in self._grids:
            data = self._thumbnail(keyframe_id)
            self._grids[keyframe_id] = grid(data) if data else None
        return self._grids[keyframe_id]


def grid(picture: bytes) -> NDArray[np.float32]:
    """Return an encoded picture's grey levels on a grid, float32 [GRID, GRID], 0..255."""
    with Image.open(io.BytesIO(picture)) as image:
        small = image.convert("L").resize((GRID, GRID), Image.Resampling.BOX)
        return np.asarray(small, np.float32)
