"""What the lines of an answer rest on: whether what a line tells was seen at its time, and where it begins."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from torch import Tensor

from retake_core.videollm.describing.told import Happening
from retake_core.videollm.evidence import EvidenceCollector, cite, evidence, step_seconds
from retake_core.videollm.memory.memory import Memory

STRONGEST = 3
"""Stretches of video that a line rests on, of which one must be where it says."""
NEAR_STEPS = 2
"""Time steps before and after a line's own time that are near it."""
EARLY_STEPS, LATE_STEPS = 1, 3
"""Time steps before and after a line's start in which what it tells may begin: a time that stands in the prompt
stands before the frames of up to two steps, and models write that time, in whole seconds."""
FOCUS, MOST = 2.0, 0.9
"""A line rests on a stretch of video that gets so many times what an even spread would give it, or most of all."""
SNAP = 1.0
"""Seconds from a line's start to a keyframe that may stand for it where the evidence points to none."""
RISE_STEPS = 3
"""Time steps before and after a keyframe that tell whether what a line rests on begins there."""
RISE = 0.05
"""Of all that a line pays, so much more must go to the steps after a keyframe than to those before it."""


class LineEvidence:
    """The attention that each line of an answer pays to every time step.

    Args:
        collector: that watches the answer.
    """

    def __init__(self, collector: EvidenceCollector) -> None:
        self._lines: list[Tensor] = []
        self.go_on(collector)

    def go_on(self, collector: EvidenceCollector) -> None:
        """Let another collector watch the lines to come."""
        self._collector = collector
        self._before: Tensor | None = None
        self._tokens = 0

    def end_lines(self, count: int) -> None:
        """Note that lines end with the token that was predicted last; those that end in one token share it."""
        mass, tokens = self._collector.total(), self._collector.tokens
        before = mass.new_zeros(len(mass)) if self._before is None else self._before
        paid = (mass - before) / max(1, tokens - self._tokens)
        self._lines += [paid] * count
        self._before, self._tokens = mass, tokens

    def of(self, line: int) -> Tensor | None:
        """Return what a line pays, as a mean over its tokens: float32, [steps]; None where it did not end."""
        return self._lines[line] if line < len(self._lines) else None


def is_supported(happening: Happening, paid: Tensor | None, memory: Memory) -> bool:
    """Return whether what a line rests on most lies in or near the time that it names.

    Args:
        happening: the line.
        paid: see `LineEvidence.of`.
        memory: of the video.
    """
    if paid is None:
        return False
    near = NEAR_STEPS * step_seconds(memory.times)
    strongest = cite(evidence(paid, memory.baseline), memory.times, limit=STRONGEST)
    return any(
        citation.start <= happening.end + near and citation.end >= happening.start - near for citation in strongest
    )


def rests_on(paid: Tensor | None, start: float, end: float, memory: Memory) -> bool:
    """Return whether a line rests on what is seen between two times, in seconds.

    Args:
        paid: see `LineEvidence.of`.
        start: of the stretch.
        end: of the stretch.
        memory: of the video.
    """
    if paid is None:
        return False
    step = step_seconds(memory.times)
    first, last = bisect_left(memory.times, start - step / 2), bisect_right(memory.times, end + step / 2)
    share = float(evidence(paid, memory.baseline)[first:last].sum())
    return share >= min(MOST, FOCUS * (last - first) / len(memory.times))


def beginning(start: float, paid: Tensor, memory: Memory, keyframes: Sequence[float]) -> float:
    """Return when what a line tells begins: at the keyframe near its start from which on it rests on the video.

    Args:
        start: seconds, as the line says.
        paid: see `LineEvidence.of`.
        memory: of the video.
        keyframes: seconds, ascending: where the picture changes.

    Returns:
        Seconds; where the evidence points to no keyframe, one that is next to the line's start, or that start.
    """
    step, share = step_seconds(memory.times), evidence(paid, memory.baseline)

    def rise(keyframe: float) -> float:
        at = bisect_left(memory.times, keyframe - step / 2)  # a step's time is the middle of its frames
        before, after = share[max(0, at - RISE_STEPS) : at], share[at : at + RISE_STEPS]
        return float(after.sum() - before.sum())

    first = bisect_left(keyframes, start - max(SNAP, EARLY_STEPS * step))
    near = keyframes[first : bisect_right(keyframes, start + max(SNAP, LATE_STEPS * step))]
    if risen := [keyframe for keyframe in near if rise(keyframe) >= RISE]:
        return max(risen, key=rise)
    beside = [keyframe for keyframe in near if abs(keyframe - start) <= SNAP]
    return min(beside, key=lambda keyframe: abs(keyframe - start), default=start)
