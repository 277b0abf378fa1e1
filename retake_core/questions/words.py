"""The words of recordings that a question gets along with it, the most telling first."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np
from sqlalchemy import Connection

from retake_core.display import one_line, readable
from retake_core.library.catalog import VideoEntry
from retake_core.library.dates import DateSource
from retake_core.library.texts import Phrase, TextEntry, TextKind, find_texts, timed_texts
from retake_core.library.transcript import spoken
from retake_core.library.words import common_stems
from retake_core.questions.asked_video import AskedVideo
from retake_core.search.by_words import units_of
from retake_core.search.query import in_plain_words, parse
from retake_core.videollm.costs import MOST_WORDS
from retake_core.videollm.families.prompt import Prompt
from retake_core.videollm.words import Line, Words, write_words

AROUND = 20.0  # seconds before and after a line that matches: what it answers, and what answers it
LONGEST = 400  # characters of a line
LONGEST_NAME = 120

Stretch = tuple[AskedVideo, float, float]
"""A video, and from when to when it is asked about, in seconds."""


@dataclass(frozen=True)
class FoundWords:
    """The words of recordings, before a model says how many of them it has room for.

    Attributes:
        headings: a line about each stretch of the prompt.
        lines: what is said and written there, the most telling first; they may be found as they are asked for.
    """

    headings: Sequence[str] = ()
    lines: Iterable[Line] = ()

    def write(self, prompt: Prompt, room: int) -> Words:
        """Return what a model is given of them, in `room` tokens at most."""
        return write_words(prompt, self.headings, self.lines, room)

    def found(self) -> "FoundWords":
        """Return the same, with all lines found that a model may have room for: each takes a token at least."""
        return replace(self, lines=tuple(islice(self.lines, MOST_WORDS)))


NO_FOUND_WORDS = FoundWords()


def find_words(
    connection: Connection, question: str, stretches: Sequence[Stretch], *, clips: bool = False
) -> FoundWords:
    """Return the words of recordings.

    Args:
        connection: sees the library; what is returned does not need it any more.
        question: as the user wrote it.
        stretches: of the prompt, in its order.
        clips: whether they are numbered, as they are in a prompt of several.
    """
    headings = [
        heading(video.entry, number if clips else None) for number, (video, _, _) in enumerate(stretches, start=1)
    ]
    return FoundWords(headings, find_lines(connection, question, stretches))


def heading(video: VideoEntry, clip: int | None = None) -> str:
    """Return a line that tells a recording's file name and date; `clip` is its number in the prompt, from 1."""
    name = one_line(readable(video.path.name), LONGEST_NAME)
    date = _date(video)
    title = "Recording" if clip is None else f"Clip {clip}"
    return f"{title}: {name}, recorded on {date}" if date else f"{title}: {name}"


def find_lines(connection: Connection, question: str, stretches: Sequence[Stretch]) -> Iterator[Line]:
    """Return what is said and written in stretches of videos.

    First come the lines that match the question, best first, each with those around it; then the others, each
    furthest in time from all before it, so that as many as there is room for are spread over the recording.
    """
    found: dict[int, list[Line]] = {}  # by the ids of texts
    for clip, (video, start, end) in enumerate(stretches):
        written = timed_texts(connection, video.entry.id, TextKind.SCREEN)
        for entry in (*spoken(connection, video.entry.id), *written):
            line = _line(clip, entry)
            if line.text and line.start <= end + AROUND and line.end >= start - AROUND:
                found.setdefault(entry.id, []).append(line)
    matching = find_texts(
        connection,
        _telling(connection, question),
        every=False,
        kinds=(TextKind.SPOKEN, TextKind.SCREEN),
        videos={video.entry.id for video, _, _ in stretches},
    )
    matches = [line for entry in matching for line in found.get(entry.id, ())]
    return _in_turn(matches, list(chain.from_iterable(found.values())))


def _in_turn(matches: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
    taken: dict[Line, None] = {}
    for match in matches:
        for line in (match, *_around(match, lines)):
            if line not in taken:
                taken[line] = None
                yield line
    yield from spread(lines, taken)


def _telling(connection: Connection, question: str) -> list[Phrase]:
    """Return what of a question to look for; words that every question has would match anything."""
    phrases = [unit.phrase for unit in units_of(connection, in_plain_words(parse(question)))]
    return [phrase for phrase in phrases if not common_stems().issuperset(word.stem for word in phrase)]


def _line(clip: int, entry: TextEntry) -> Line:
    start = entry.start or 0.0
    end = max(start, entry.end or 0.0)
    return Line(clip, start, end, one_line(entry.shown, LONGEST), entry.kind is TextKind.SCREEN)


def _around(match: Line, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines of the same clip that are near in time."""
    first, last = match.start - AROUND, match.end + AROUND
    return (line for line in lines if line.clip == match.clip and line.start <= last and line.end >= first)


def spread(lines: Sequence[Line], taken: Collection[Line] = ()) -> Iterator[Line]:
    """Yield the lines that are not taken, each furthest in time from all before it in the same clip."""
    left = [line for line in lines if line not in taken]
    clips = np.array([line.clip for line in left])
    times = np.array([line.start for line in left])
    distance = np.full(len(left), np.inf)

    def passed(line: Line) -> None:
        same = clips == line.clip
        distance[same] = np.minimum(distance[same], np.abs(times[same] - line.start))

    for line in taken:
        passed(line)
    for _ in left:
        best = int(distance.argmax())
        yield left[best]
        passed(left[best])
        distance[best] = -1.0


def _date(video: VideoEntry) -> str:
    """Return the day and time of a recording, "" where nothing but its file's date of change tells them."""
    told = video.dated or video.recorded
    if told is None or video.when is None or video.dated_by == DateSource.CHANGE:
        return ""
    if len(told) == len("2019"):
        return told
    return f"{video.when:%Y-%m-%d %H:%M}" if "T" in told else f"{video.when:%Y-%m-%d}"
