"""The trial of a device: it decodes the beginning of a file as the processor does, or it is not used."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np

from retake_core.errors import MediaError
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.frames import Frame
from retake_core.media.hardware.devices import Device
from retake_core.system.verdicts import Verdict

FRAMES = 30
ROUNDING = 2
"""Levels (0..255) by which a colour of a pixel may differ."""

_EVERY_FRAME = 1000.0  # cells a second
_SHORT_SIDE = 224


def judge(path: Path, device: Device) -> Verdict | None:
    """Compare thirty frames that a device decodes with what the processor makes of them.

    Returns:
        None where the file is too short or too damaged to tell.
    """
    try:
        with closing(PyAVSource(path, _SHORT_SIDE, strict=True)) as source:
            expected = list(_first(source))
    except MediaError:
        return None
    if len(expected) < FRAMES:
        return None
    try:
        with closing(PyAVSource(path, _SHORT_SIDE, device=device)) as source:
            found = list(_first(source))
    except MediaError:
        return Verdict(False, "It fails on this kind of video.")
    if [frame.time for frame in found] != [frame.time for frame in expected]:
        return Verdict(False, "Its frames come at other times than they should.")
    if any(map(_differ, found, expected)):
        return Verdict(False, "Its pictures are not what they should be.")
    return Verdict(True)


def _first(source: PyAVSource) -> Iterator[Frame]:
    return islice(source.frames(_EVERY_FRAME), FRAMES)


def _differ(one: Frame, other: Frame) -> bool:
    if one.image.shape != other.image.shape:
        return True
    return int(np.abs(one.image.astype(np.int16) - other.image).max()) > ROUNDING
