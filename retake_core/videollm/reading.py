"""How a video is read: everything that decides what its memory holds."""

from dataclasses import dataclass, replace

from retake_core.videollm.kv.pivotkv import PIVOT_SHARE
from retake_core.videollm.kv.policy import Policy

CODE_VERSION = 6
"""Raised whenever the same settings would give other keys and values, or another baseline."""

DEFAULT_BUDGET = 32_000
MAX_RATE = 2.0
"""Frames a second that are read at most; where there are fewer, the index knows more than one sees."""
MOST_RATE = 4.0
"""Frames a second where a short video leaves room for more than `MAX_RATE`."""
LONG_SIDES = (448, 512, 672, 868, 1008)
"""Pixels of the longer side at which frames may be read: the first for a long video, the others where there is
room."""
MIN_KEEP_RATIO = 0.1
MIN_FRAMES = 16
CHUNKS = (32, 16)
"""Frames that may be read at once, the best number first: fewer take less memory. With 8, the demo model's answers
fall from 97.6 to 90.7 % right at a keep ratio of 1/10."""


@dataclass(frozen=True)
class Detail:
    """How closely a video may be read where its budget and the memory leave room.

    Attributes:
        long_side: pixels of the longer side of a frame.
        rate: frames per second.
    """

    long_side: int = LONG_SIDES[-1]
    rate: float = MOST_RATE

    def at_most(self, other: "Detail") -> "Detail":
        """Return the lower of both, side and rate apart."""
        return Detail(min(self.long_side, other.long_side), min(self.rate, other.rate))


PLAIN = Detail(LONG_SIDES[0], MAX_RATE)
"""As a long video is read."""


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
    long_side: int = LONG_SIDES[0]
    keep_ratio: float = 1.0
    budget: int = DEFAULT_BUDGET
    chunk_frames: int = CHUNKS[0]
    timestamps: bool = True
    policy: Policy = Policy.PIVOTKV
    pivot_share: float = PIVOT_SHARE
    reforge: bool | None = None
    guided: bool = False


def lowered(reading: Reading) -> Reading | None:
    """Return the next smaller reading, None at the end.

    Detail beyond the plain one goes first, then half of the keep ratio, then half of the frames.
    """
    if reading.rate / 2 >= MAX_RATE:
        return replace(reading, frames=max(1, reading.frames // 2), rate=reading.rate / 2)
    if smaller := [side for side in LONG_SIDES if side < reading.long_side]:
        return replace(reading, long_side=smaller[-1])
    if reading.keep_ratio / 2 >= MIN_KEEP_RATIO:
        return replace(reading, keep_ratio=reading.keep_ratio / 2)
    if reading.frames // 2 >= MIN_FRAMES:
        return replace(reading, frames=reading.frames // 2, rate=reading.rate / 2)
    return None


def keep_ratio_for(budget: int, visual_tokens: int) -> float:
    """Return r = min(1, budget / visual tokens). It knows nothing of the question, nor does the cache."""
    return min(1.0, budget / max(1, visual_tokens))
