"""How a video is read: everything that decides what its memory holds."""

from dataclasses import dataclass, replace

from retake_core.videollm.kv.pivotkv import PIVOT_SHARE
from retake_core.videollm.kv.policy import Policy

CODE_VERSION = 5
"""Raised whenever the same settings would give other keys and values, or another baseline."""

DEFAULT_BUDGET = 32_000
MAX_RATE = 2.0
"""Frames a second that are read at most; where there are fewer, the index knows more than one sees."""
MIN_KEEP_RATIO = 0.1
MIN_FRAMES = 16
CHUNKS = (32, 16)
"""Frames that may be read at once, the best number first: fewer take less memory. With 8, the demo model's answers
fall from 97.6 to 90.7 % right at a keep ratio of 1/10."""


@dataclass(frozen=True)
class Reading:
    """The settings of one prefill.

    Attributes:
        rate: frames per second.
        frames: at most so many frames are read.
        long_side: pixels that the longer side of a frame is scaled down to.
        keep_ratio: the fraction of visual tokens that stays in the cache.
        budget: visual entries for each layer that the keep ratio was made for.
        chunk_frames: frames that are read at once.
        timestamps: whether times are written between the frames.
        policy: which entries stay.
        pivot_share: the part of the budget that pivots may take; 1 is the paper's plain form.
        reforge: whether compressed segments are squeezed in time; None leaves it to the family's prompt.
        guided: whether the index says which frame of a sampling cell is read, not the clock alone.
    """

    rate: float
    frames: int
    long_side: int = 448
    keep_ratio: float = 1.0
    budget: int = DEFAULT_BUDGET
    chunk_frames: int = CHUNKS[0]
    timestamps: bool = True
    policy: Policy = Policy.PIVOTKV
    pivot_share: float = PIVOT_SHARE
    reforge: bool | None = None
    guided: bool = False


def lowered(reading: Reading) -> Reading | None:
    """Return the next smaller reading: half of the keep ratio, then of the frames; None at the end."""
    if reading.keep_ratio / 2 >= MIN_KEEP_RATIO:
        return replace(reading, keep_ratio=reading.keep_ratio / 2)
    if reading.frames // 2 >= MIN_FRAMES:
        return replace(reading, frames=reading.frames // 2, rate=reading.rate / 2)
    return None


def keep_ratio_for(budget: int, visual_tokens: int) -> float:
    """Return r = min(1, budget / visual tokens). It knows nothing of the question, nor does the cache."""
    return min(1.0, budget / max(1, visual_tokens))
