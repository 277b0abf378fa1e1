"""What other programs may ask for, with the limits that their calls must keep; the schemas come from here."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from retake_core.protocol.fields import Seconds

MOST_LETTERS = 1000
LONGEST_MESSAGE = 1 << 20
"""Bytes that a program may send at once; a call has some thousands."""
QUERY = (
    'Words for what is to be seen, said, written on screen or in a title; "exact words" in quotes. Filters: '
    "folder:NAME title:WORD said:WORD screen:WORD note:WORD person:NAME people:2 type:mp4 after:2023-05 "
    "before:2024 longer:10m shorter:90s tag:NAME stars:3 is:favourite; -WORD excludes."
)

Query = Annotated[str, Meta(max_length=MOST_LETTERS, description=QUERY)]
Video = Annotated[
    int | Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS)],
    Meta(description="The video: its id, or its path or file name."),
]
Start = Annotated[Seconds, Meta(description="Seconds.")]


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a tool; the limits keep an answer small enough to be read."""


class SearchArguments(Arguments, frozen=True):
    """What is looked for."""

    query: Annotated[Query, Meta(min_length=1)]
    limit: Annotated[int, Meta(ge=1, le=50, description="At most so many moments.")] = 10
    weaker: Annotated[bool, Meta(description="Also what matches too little to be shown otherwise.")] = False


class ListArguments(Arguments, frozen=True):
    """Which videos are listed."""

    query: Annotated[Query, Meta(description=f"Only videos that match. Plain words stand in titles. {QUERY}")] = ""
    sort: Annotated[
        Literal["name", "date", "length", "size", "added", "stars"],
        Meta(description="Names from A to Z, else what is newest or most first."),
    ] = "name"
    limit: Annotated[int, Meta(ge=1, le=100, description="At most so many videos.")] = 50
    skip: Annotated[int, Meta(ge=0, le=10_000_000, description="Leave out so many from the beginning.")] = 0


class VideoArguments(Arguments, frozen=True):
    """Which video is meant."""

    video: Video


class KeyframesArguments(Arguments, frozen=True):
    """Which keyframes are listed."""

    video: Video
    top: Annotated[int, Meta(ge=1, le=200, description="The most prominent ones, so many at most.")] = 20
    pictures: Annotated[
        int, Meta(ge=0, le=20, description="Of how many of them the picture itself comes along, as a JPEG.")
    ] = 0


class TranscriptArguments(Arguments, frozen=True):
    """Which part of what is said is read."""

    video: Video
    start: Annotated[Seconds, Meta(description="Seconds from which on.")] = 0.0
    end: Annotated[Seconds | None, Meta(description="Seconds up to which; null is the end.")] = None


class NoArguments(Arguments, frozen=True):
    """Nothing is to be said."""


class AskArguments(Arguments, frozen=True):
    """A question, and what it is about."""

    question: Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS, description="In plain words.")]
    videos: Annotated[
        tuple[Video, ...],
        Meta(max_length=50, description="About these; without any, about the moments of the library that match."),
    ] = ()
    thorough: Annotated[
        bool, Meta(description="Of one video: look again, more closely, at what a first answer points at.")
    ] = False
    max_tokens: Annotated[int, Meta(ge=1, le=2048, description="How long the answer may be.")] = 512


class ClipArguments(Arguments, frozen=True):
    """What is cut out, and how the file is called."""

    video: Video
    start: Annotated[Seconds, Meta(description="Seconds where the clip begins.")]
    end: Annotated[Seconds, Meta(description="Seconds where it ends.")]
    name: Annotated[
        str, Meta(min_length=1, max_length=200, description="A new file's name, such as cake.mp4 (.mov, .mkv).")
    ]
    exact: Annotated[
        bool, Meta(description="Begin and end exactly there, by encoding anew; else at a key frame before.")
    ] = False
