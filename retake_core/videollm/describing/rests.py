"""What the lines of an answer rest on: whether what a line tells was seen at the time that it names."""

from bisect import bisect_left
from collections.abc import Sequence

from torch import Tensor

from retake_core.videollm.describing.told import Happening
from retake_core.videollm.evidence import EvidenceCollector, cite, evidence, step_seconds
from retake_core.videollm.memory.memory import Memory

STRONGEST = 3
"""Stretches of video that a line rests on, of which one must be where it says."""
NEAR_STEPS = 2
"""Time steps before and after a line's own time that are near it."""
SNAP = 1.0
"""Seconds from a line's start to a keyframe that may stand for it: models write whole seconds."""


class LineEvidence:
    """The attention that each line of an answer pays to every time step.

    Args:
        collector: that watches the answer.
    """

    def __init__(self, collector: EvidenceCollector) -> None:
        self._collector = collector
        self._before: Tensor | None = None
        self._tokens = 0
        self._lines: list[Tensor] = []

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


def snapped(start: float, keyframes: Sequence[float]) -> float:
    """Return the keyframe that a start may be moved to, or the start where none is near."""
    right = bisect_left(keyframes, start)
    near = [time for time in keyframes[max(0, right - 1) : right + 1] if abs(time - start) <= SNAP]
    return min(near, key=lambda time: abs(time - start), default=start)
