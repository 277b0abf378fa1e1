"""The levels of an encoder for the library that is searched, measured as often as that has changed much."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from retake_core.encoders.base import Encoder
from retake_core.encoders.calibrated import CalibratedEncoder, Levels, Vectors, alike_levels, measured
from retake_core.encoders.noise_words import read_noise
from retake_core.library.schema import keyframe
from retake_core.library.vectors.stored import OF_KEYFRAMES

SAMPLE = 2048
"""Keyframes that stand for all."""
CHANGED = 0.1
"""The part of the keyframes by which a library grows or shrinks before it is measured again."""


class Calibration:
    """Remembers what was measured, by the encoder.

    Args:
        directory: where the words lie that were encoded for it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._measured: dict[str, tuple[int, Levels]] = {}

    def adjust(self, connection: Connection, encoder: Encoder, keyframes: int) -> None:
        """Give an encoder the levels of the library.

        Args:
            connection: sees the library.
            encoder: keeps its levels if they depend on no library, or if there is nothing to measure by.
            keyframes: how many it embedded.
        """
        if not isinstance(encoder, CalibratedEncoder):
            return
        before = self._measured.get(encoder.id)
        if before is None or abs(keyframes - before[0]) > CHANGED * before[0]:
            levels = self._measure(connection, encoder, keyframes)
            if levels is None:
                return
            self._measured[encoder.id] = before = (keyframes, levels)
        encoder.levels = before[1]

    def _measure(self, connection: Connection, encoder: CalibratedEncoder, keyframes: int) -> Levels | None:
        words = read_noise(self._directory, encoder)
        if words is None or not keyframes:
            return None
        pictures, videos = _sample(connection, encoder.id)
        return measured(encoder.levels, words, pictures, videos, keyframes)


def alike_in_library(connection: Connection, encoder_id: str) -> tuple[float, float] | None:
    """Return from which cosine on two pictures are alike, for `chance`, by what an encoder made of the library.

    Its model is not needed. None where the library is too small to tell.
    """
    return alike_levels(*_sample(connection, encoder_id))


def _sample(connection: Connection, encoder_id: str) -> tuple[Vectors, NDArray[np.int64]]:
    """Return some of the vectors that an encoder made, and the ids of their videos."""
    ids = OF_KEYFRAMES.ids(connection, encoder_id, 0)
    some = ids[np.linspace(0, len(ids) - 1, min(SAMPLE, len(ids))).astype(np.int64)]
    ((numbers, pictures),) = OF_KEYFRAMES.vectors(connection, encoder_id, some)
    rows = connection.execute(
        select(keyframe.c.id, keyframe.c.video_id).where(keyframe.c.id.in_(numbers.tolist()))
    )
    video_of = {row.id: row.video_id for row in rows}
    return pictures, np.array([video_of[number] for number in numbers.tolist()], np.int64)
