"""What other programs get to see of a library: plain data, whose schemas are declared. Times are seconds."""

from typing import Annotated

import msgspec
from msgspec import Meta

KEYFRAME = "retake://keyframe/"
"""What the address of a keyframe's picture begins with; its id follows."""

Picture = Annotated[str | None, Meta(description="The resource that is its picture; null where there is none.")]


def picture_of(keyframe_id: int | None) -> str | None:
    """Return the address of a keyframe's picture."""
    return None if keyframe_id is None else f"{KEYFRAME}{keyframe_id}"


class ListedVideo(msgspec.Struct, frozen=True):
    """A video of the library."""

    id: int
    name: str
    path: str
    seconds: float | None
    recorded: str | None
    width: int | None
    height: int | None
    keyframes: int
    state: Annotated[str, Meta(description="offline: its file is not there now; waiting: not indexed yet.")]
    stars: int
    favourite: bool
    tags: tuple[str, ...]
    picture: Picture


class Videos(msgspec.Struct, frozen=True):
    """The videos that match, of all that do."""

    videos: tuple[ListedVideo, ...]
    total: int
    remarks: tuple[str, ...] = ()


class FoundMoment(msgspec.Struct, frozen=True):
    """A moment that matches."""

    video_id: int
    video: str
    time: Annotated[float, Meta(description="Where it matches best.")]
    start: float
    end: float
    score: Annotated[float, Meta(description="Confidence, 0 to 1.")]
    why: tuple[str, ...]
    snippet: Annotated[str, Meta(description="The words that match.")]
    picture: Picture
    copies: Annotated[tuple[str, ...], Meta(description="Other videos that show the same.")]
    offline: bool


class FoundMoments(msgspec.Struct, frozen=True):
    """What a search finds, best first."""

    moments: tuple[FoundMoment, ...]
    remarks: tuple[str, ...] = ()


class ListedKeyframe(msgspec.Struct, frozen=True):
    """A keyframe of a video."""

    time: float
    prominence: Annotated[float, Meta(description="How much changes there, 0 to 1.")]
    picture: Picture


class Keyframes(msgspec.Struct, frozen=True):
    """Keyframes of a video, in order of time."""

    video_id: int
    video: str
    keyframes: tuple[ListedKeyframe, ...]
    total: int


class Line(msgspec.Struct, frozen=True):
    """A line of what is said."""

    start: float
    end: float
    text: str
    speaker: str | None


class Transcript(msgspec.Struct, frozen=True):
    """What is said in a video, in order of time."""

    video_id: int
    video: str
    lines: tuple[Line, ...]
    goes_on_at: Annotated[float | None, Meta(description="The start to read on from; null at the end.")]


class ListedChapter(msgspec.Struct, frozen=True):
    """A chapter of a video."""

    start: float
    end: float
    title: str
    text: str


class Chapters(msgspec.Struct, frozen=True):
    """What a video is about."""

    video_id: int
    video: str
    title: str
    summary: str
    chapters: tuple[ListedChapter, ...]
    total: int


class PersonMoment(msgspec.Struct, frozen=True):
    """Where somebody is seen."""

    video_id: int
    video: str
    start: float
    end: float


class ListedPerson(msgspec.Struct, frozen=True):
    """Somebody who is seen in videos."""

    id: int
    name: str | None
    faces: int
    moments: Annotated[tuple[PersonMoment, ...], Meta(description="The first of them; person:NAME finds all.")]


class People(msgspec.Struct, frozen=True):
    """Who is seen: those with names first, then those who are seen most."""

    people: tuple[ListedPerson, ...]
    total: int


class Citation(msgspec.Struct, frozen=True):
    """A moment that an answer rests on."""

    video_id: int
    video: str
    time: float
    start: float
    end: float
    strength: Annotated[float, Meta(description="0 to 1.")]
    confirmed: Annotated[bool | None, Meta(description="Whether a second look shows it; null without one.")]
    picture: Picture


class CitedWords(msgspec.Struct, frozen=True):
    """A line that an answer cites: said, or on the screen."""

    video_id: int
    video: str
    start: float
    end: float
    text: str
    on_screen: bool


class Answer(msgspec.Struct, frozen=True):
    """What came of a question."""

    answer: Annotated[str | None, Meta(description="Null where there are only moments to look at.")]
    cut: Annotated[bool, Meta(description="Whether it ended because it may not be longer.")]
    citations: tuple[Citation, ...]
    lines: tuple[CitedWords, ...]
    moments: Annotated[tuple[FoundMoment, ...], Meta(description="That were read, or are to be looked at.")]
    notices: tuple[str, ...]
    model: str | None
    frames: int
    from_memory: bool


class Clip(msgspec.Struct, frozen=True):
    """A file that was written."""

    path: str
    bytes: int
    start: float
    end: float
    remarks: tuple[str, ...] = ()
