"""What is to be exported and what came of it: plain data, which the window and the workers speak of."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from retake_core.protocol.fields import Id, Seconds

What = Literal["clip", "frame", "sheet", "chapters", "timeline", "transcript", "page"]

SUFFIXES: dict[What, tuple[str, ...]] = {
    "clip": (".mp4", ".mov", ".mkv", ".m4v"),
    "frame": (".png", ".jpg", ".jpeg"),
    "sheet": (".png", ".pdf"),
    "chapters": (".vtt", ".txt", ".ffmetadata"),  # .txt is a list for YouTube
    "timeline": (".otio", ".fcpxml", ".edl"),
    "transcript": (".srt", ".vtt", ".txt"),
    "page": (".html", ".md"),
}
"""The endings of files that each kind can be written to; they choose the format."""

NoteKind = Literal[
    "starts earlier",
    "encoded",
    "tone-mapped",
    "without subtitles",
    "without other sound",
    "without data",
    "variable rate",
    "other rate",
    "several rates",
    "drop frame",
    "left out",
    "moved to the start",
    "added a start",
    "joined",
    "few entries",
]


class Note(msgspec.Struct, frozen=True):
    """Something that is not as one might think.

    Attributes:
        kind: "starts earlier": a copy begins so many seconds before what was asked for, at a key frame.
            "encoded": the packets could not be copied.
            "tone-mapped": high dynamic range became what every screen shows.
            "without …": what the recording has and the clip has not.
            "variable rate": frames come at odd times, and were counted at so many a second.
            "other rate": editors do not know the recording's rate, so frames were counted at this one.
            "several rates": the recordings differ, and all were counted at this one.
            "drop frame": time codes leave out numbers, so that they keep to the clock.
            "left out": so many moments whose video is gone.
            "moved to the start": a list for YouTube starts at 0:00, so many seconds before its first chapter.
            "added a start": so many seconds before the first chapter have an entry with the recording's name.
            "joined": so many chapters are too short for YouTube, and belong to the one before now.
            "few entries": so many are long enough for YouTube, which shows none of so few.
        value: seconds, frames per second, or a count.
    """

    kind: NoteKind
    value: float = 0.0


class Wanted(msgspec.Struct, frozen=True):
    """A moment: seconds; the time is that of the frame that stands for it.

    Attributes:
        end: where it is not after the start, the moment lasts to the next keyframe, but not for long.
        label: what it is called; "" asks for what is said then, or the time.
    """

    video_id: Id
    time: Seconds
    start: Seconds
    end: Seconds
    label: str = ""


class Order(msgspec.Struct, frozen=True):
    """What is to be written.

    Attributes:
        what: the kind of file.
        target: the file; its ending chooses the format.
        moments: what goes into it, in this order.
        video_ids: where no moment is named, all of these: for chapters and timelines the chapters of those that
            have any, else the keyframes.
        top: of each of these videos, only so many, the most prominent ones.
        keyframes: of each of these videos, also where it has chapters.
        notes: of each of these videos, the notes about a time in place of keyframes.
        name: title of sheets and timelines; "" takes the video's name.
        message_id: the question whose answer makes a page.
        replace: whether a file of that name may be lost.
        exact: of a clip, begin and end exactly there, by encoding anew.
        before: seconds that a clip begins before each moment.
        after: seconds that it ends after each.
        place: of a clip, tell where it was recorded, if the recording does.
        date: of a clip, tell when it was recorded, if that is known.
        language: of a page, a tag of BCP 47.
        words: of a page, what it says in that language for what is said in English.
    """

    what: What
    target: str
    moments: tuple[Wanted, ...] = ()
    video_ids: tuple[Id, ...] = ()
    top: Annotated[int, msgspec.Meta(ge=1)] | None = None
    name: str = ""
    message_id: Id | None = None
    replace: bool = False
    exact: bool = False
    before: Seconds = 0.0
    after: Seconds = 0.0
    place: bool = True
    keyframes: bool = False
    notes: bool = False
    date: bool = True
    language: str = "en"
    words: tuple[tuple[str, str], ...] = ()


class ClipPart(msgspec.Struct, frozen=True):
    """A part of a clip: seconds in its video, and in the clip where it begins."""

    video_id: int
    start: float
    end: float
    at: float


class Report(msgspec.Struct, frozen=True):
    """What was written.

    Attributes:
        target: the file.
        size: of it and what belongs to it, in bytes.
        parts: of a clip.
    """

    target: str
    size: int
    notes: tuple[Note, ...] = ()
    parts: tuple[ClipPart, ...] = ()


def is_written_as(what: What, target: Path) -> bool:
    """Whether a file of this name can be of this kind."""
    return target.suffix.lower() in SUFFIXES[what]
