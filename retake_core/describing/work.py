"""How much work it is to describe a video, in a unit that is known before a model is loaded."""

from typing import Final

from retake_core.indexing.passes.speeds import PassSpeed
from retake_core.protocol.indexing_events import PassName

LONG: Final = 1020.0
"""Seconds: of longer videos no more is read, only more sparsely."""


def work_of(duration: float) -> float:
    """Return what it takes to describe a video of so many seconds, in seconds of video."""
    return min(max(duration, 1.0), LONG)


def whole_speed(model: str) -> PassSpeed:
    """Return under which name it is remembered how long a model takes; what is usual nobody knows."""
    return PassSpeed(f"{PassName.DESCRIBE} whole {model}", 0.0)
