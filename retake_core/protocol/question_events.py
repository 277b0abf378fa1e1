"""What a question tells while it is answered: plain data, without torch. Parts of it stand in the history."""

from typing import Literal

import msgspec

from retake_core.protocol.events import Event
from retake_core.protocol.search_events import FoundMoment

Stage = Literal["search", "model", "load", "read", "draft", "look", "answer"]
"""Looking for moments, loading the model, loading the memory of the video, reading it, writing a first answer that
is not told, looking again at what it points at, writing the answer."""

STAGES: dict[Stage, str] = {
    "search": "looking for moments",
    "model": "loading the model",
    "load": "looking for a memory",
    "read": "reading",
    "draft": "a first answer",
    "look": "looking again",
    "answer": "thinking",
}
"""What a program without a window says of each."""


class Cited(msgspec.Struct, frozen=True):
    """A stretch of a video that an answer rests on, or that matches a question.

    Attributes:
        keyframe_id: of the keyframe at `time`, None where there is none.
        time: seconds of what is to be looked at.
        start: seconds.
        end: seconds.
        strength: 0..1.
        confirmed: whether a second look shows it, too; None where there was none.
    """

    video_id: int
    keyframe_id: int | None
    time: float
    start: float
    end: float
    strength: float
    confirmed: bool | None = None


class WrittenTime(msgspec.Struct, frozen=True):
    """A time that the model wrote in its answer.

    Attributes:
        text: as it was written.
        seconds: what it means.
        supported: whether the evidence agrees.
        video_id: where it lies; None where that cannot be told.
        keyframe_id: of the last keyframe before it.
    """

    text: str
    seconds: float
    supported: bool
    video_id: int | None = None
    keyframe_id: int | None = None


class CitedLine(msgspec.Struct, frozen=True):
    """A line that an answer cites: what is said in a video, or stands on its screen.

    Attributes:
        start: seconds.
        end: seconds.
        text: as the model was given it.
        on_screen: whether it stands on the screen.
    """

    video_id: int
    start: float
    end: float
    text: str
    on_screen: bool = False


class WordsGiven(msgspec.Struct, frozen=True):
    """What a model is given of the words of recordings.

    Attributes:
        said: lines of what is said.
        screen: lines of what stands on the screen.
        tokens: that they take, with the names and dates of the recordings.
    """

    said: int = 0
    screen: int = 0
    tokens: int = 0


class SecondLookPlan(msgspec.Struct, frozen=True):
    """What a second look takes at most; where it goes, the first answer says.

    Attributes:
        frames: that are read.
        rate: frames a second.
        long_side: pixels of a frame's longer side, at most.
        seconds: how long reading takes; None where it was not measured yet.
    """

    frames: int
    rate: float
    long_side: int
    seconds: float | None = None


class QuestionPlan(msgspec.Struct, frozen=True):
    """How a question will be read, and what it takes.

    Attributes:
        model: its name.
        frames: that are read.
        visual_tokens: before compression.
        kept_tokens: after it.
        keep_ratio: of both.
        peak_bytes: of memory, the model included.
        seconds: how long reading takes; None where it was not measured yet.
        from_memory: whether the video is known already, so that nothing is read.
        lowered: whether less is read or kept than was asked for, so that it fits.
        rate: frames a second.
        kv_bytes: of the compressed cache.
        phases: the seconds by phase: decode, vision, prefill.
        words: what the model is given of what is said and written.
        stored_bytes: of the memory's file on the disk; 0 where none is kept.
        long_side: pixels of a frame's longer side, at most.
        second: what is looked at again; None where nothing is.
        computer: that answers, "" for this one.
    """

    model: str
    frames: int
    visual_tokens: int
    kept_tokens: int
    keep_ratio: float
    peak_bytes: int
    seconds: float | None
    from_memory: bool
    lowered: bool
    rate: float = 0.0
    kv_bytes: int = 0
    phases: dict[str, float] = msgspec.field(default_factory=dict)
    words: WordsGiven = WordsGiven()
    stored_bytes: int = 0
    long_side: int = 0
    second: SecondLookPlan | None = None
    computer: str = ""


class Asked(Event, frozen=True, tag=True):
    """The question is in the history."""

    conversation_id: int
    message_id: int


class PlanMade(Event, frozen=True, tag=True):
    """How the question is read; the moments are those of the library that are read."""

    plan: QuestionPlan
    moments: tuple[FoundMoment, ...] = ()


class StageBegun(Event, frozen=True, tag=True):
    """A new part of the work begins."""

    stage: Stage


class FramesRead(Event, frozen=True, tag=True):
    """How many frames of how many the model has read."""

    frames: int
    total: int


class Noticed(Event, frozen=True, tag=True):
    """One sentence that the user should know."""

    text: str


class Wrote(Event, frozen=True, tag=True):
    """The next piece of the answer's text."""

    text: str


class SourcesFound(Event, frozen=True, tag=True):
    """What the answer rests on, strongest first, the times in its text, and the lines that it cites."""

    citations: tuple[Cited, ...]
    written: tuple[WrittenTime, ...] = ()
    lines: tuple[CitedLine, ...] = ()


class MomentsFound(Event, frozen=True, tag=True):
    """What is told where no model can answer: where to look, best first.

    Attributes:
        reason: one sentence that says why.
        without_model: whether it is for want of a model.
    """

    moments: tuple[FoundMoment, ...]
    reason: str
    without_model: bool = False


class Measured(Event, frozen=True, tag=True):
    """The account of an answer.

    Attributes:
        seconds: of everything.
        keep_ratio: the fraction of visual tokens that was to be kept.
        phases: the seconds by phase: model_load, load, decode, vision, prefill, first_token, answer.
        cut: whether the answer ended because it may not be longer; it can go on.
        frames_again: that a second look read.
    """

    from_memory: bool
    frames: int
    tokens_read: int
    tokens_kept: int
    kv_bytes: int
    answer_tokens: int
    seconds: float
    keep_ratio: float = 1.0
    phases: dict[str, float] = msgspec.field(default_factory=dict)
    cut: bool = False
    frames_again: int = 0


QuestionEvent = (
    Asked | PlanMade | StageBegun | FramesRead | Noticed | Wrote | SourcesFound | MomentsFound | Measured
)
