"""What a search tells the window: plain data, without torch."""

import msgspec

from retake_core.protocol.events import Event


class Copy(msgspec.Struct, frozen=True):
    """A moment of another video that shows the same as a hit; see `FoundMoment`."""

    video_id: int
    keyframe_id: int
    time: float


class FoundMoment(msgspec.Struct, frozen=True):
    """A moment that was found.

    Attributes:
        keyframe_id: the one that is shown for it.
        time: seconds where it matches best, which is where to go to.
        start: seconds.
        end: seconds.
        score: confidence 0..1.
        why: what matches, the surest first: "picture", "said", "on screen", "title", "chapter", "described",
            "note", "person".
        snippet: the sentence that matches, cut to its surroundings; empty when only the picture does.
        marks: spans (start, end) of the matching words in the snippet.
        by_meaning: whether the snippet says it in other words, so that none of them is marked.
        shows: what the picture has of colours, brightness and shapes that were asked for, such as "red circle".
        copies: what shows the same moment in other videos, and is left out for that.
        weaker: whether it lies below the calibrated cut-off.
    """

    video_id: int
    keyframe_id: int
    time: float
    start: float
    end: float
    score: float
    why: tuple[str, ...] = ()
    snippet: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    copies: tuple[Copy, ...] = ()
    weaker: bool = False
    by_meaning: bool = False
    shows: tuple[str, ...] = ()


class FoundSoFar(Event, frozen=True, tag=True):
    """What a search found by words, while the pictures are still to be looked at."""

    hits: tuple[FoundMoment, ...]
