"""The limits of how many keyframes there are: plain numbers, which cost nothing to import."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How many keyframes a stretch of video may have and must have.

    Attributes:
        spacing: seconds; on average over a window, at most one keyframe in as many.
        gap: seconds; every cell of this length that has frames has a keyframe, but for a picture that stays.
        reach: seconds; frames that are further apart are not compared; one and a half sampling intervals.
        window: seconds; a multiple of `gap`.
        noise: a peak counts when it is above this many times the lower quartile of its window's distances...
        ceiling: ...or above this distance, whatever moves around it...
        floor: ...and never below this one, unless what changes stays as it is:
        lasting: it counts when its `lasting_changes` are above this distance...
        steady: ...which is what a position changes beyond this many times...
        stay: ...the most that it does within so many seconds.
        still: a picture whose unit vectors have gone less far since the last keyframe stays the same one...
        rest: seconds; ...and gets a keyframe only once in as many.
    """

    spacing: float = 2.0
    gap: float = 30.0
    reach: float = 0.75
    noise: float = 2.0
    ceiling: float = 0.3
    floor: float = 0.05
    lasting: float = 0.005
    steady: float = 3.0
    stay: float = 2.6
    still: float = 0.1
    rest: float = 600.0

    @property
    def window(self) -> float:
        """Seconds that are decided together."""
        return self.gap * max(1, round(60 / self.gap))
