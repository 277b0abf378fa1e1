"""From the lines of one keyframe after another to texts that stand on screen for a while."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby

import regex

from retake_core.media.video_info import Span
from retake_core.ocr.reader import ScreenLine

SURE = 0.75  # confidence from which a line is taken
SURE_SHORT = 0.9  # the same of lines of so few signs that noise looks like them
SHORT = 3
SAME = 0.9  # likeness of two readings of one line
LONGEST_MISS = 10.0  # seconds for which a line may be overlooked, at one keyframe, and still be the same one
_SIGN = regex.compile(r"[\p{L}\p{N}]")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class ScreenReading:
    """The lines of the keyframe at `time` seconds, in reading order."""

    time: float
    lines: tuple[ScreenLine, ...]


@dataclass(frozen=True, slots=True)
class LastingText:
    """Lines that come and go together, in reading order, and the seconds in which they are on screen."""

    content: str
    span: Span


@dataclass(slots=True)
class _Track:
    """A line at the keyframes `first` to `last`, by number."""

    best: ScreenLine
    key: str
    first: int
    last: int
    row: int = field(compare=False, default=0)


def lasting_texts(readings: Sequence[ScreenReading], end: float) -> list[LastingText]:
    """Return what stands on screen, each line once for as long as it does.

    Args:
        readings: of keyframes that follow each other, in order of time. A keyframe stands for what is shown until
            the next one.
        end: seconds; until there, the last one does.
    """
    times = [reading.time for reading in readings] + [end]
    tracks = sorted(_tracks(readings), key=lambda track: (track.first, track.last, track.row))
    return [
        LastingText("\n".join(track.best.text for track in together), (times[first], times[last + 1]))
        for (first, last), together in groupby(tracks, key=lambda track: (track.first, track.last))
    ]


def joined(stretches: Sequence[Sequence[LastingText]]) -> list[LastingText]:
    """Return the texts of stretches that follow each other; a line that stands at a border is one, not two."""
    lines: list[tuple[str, Span]] = []
    for stretch in stretches:
        going_on = {(line, end): number for number, (line, (_, end)) in enumerate(lines)}
        for text in stretch:
            for line in text.content.split("\n"):
                number = going_on.get((line, text.span[0]))
                if number is None:
                    lines.append((line, text.span))
                else:
                    lines[number] = (line, (lines[number][1][0], text.span[1]))
    lines.sort(key=lambda entry: entry[1])  # stable: the lines of a picture stay in their order
    return [
        LastingText("\n".join(line for line, _ in together), span)
        for span, together in groupby(lines, key=lambda entry: entry[1])
    ]


def _tracks(readings: Sequence[ScreenReading]) -> Iterator[_Track]:
    live: list[_Track] = []
    for number, reading in enumerate(readings):
        for row, (line, key) in enumerate(_worth_keeping(reading.lines)):
            waiting = (track for track in live if track.last < number and _is_same(track.key, key))
            track = max(waiting, key=lambda track: track.key == key, default=None)
            if track is None:
                live.append(_Track(line, key, number, number, row))
                continue
            track.last = number
            if line.confidence > track.best.confidence:
                track.best, track.key = line, key
        following = readings[number + 1].time if number + 1 < len(readings) else reading.time
        over = [
            track
            for track in live
            if track.last < number - 1
            or (track.last < number and following - readings[track.last].time > LONGEST_MISS)
        ]
        yield from over
        live = [track for track in live if track not in over]
    yield from live


def _worth_keeping(lines: Sequence[ScreenLine]) -> Iterator[tuple[ScreenLine, str]]:
    """Yield the lines that are no noise, and what they are compared by."""
    for line in lines:
        key = "".join(_SIGN.findall(line.text)).casefold()
        if len(key) >= 2 and line.confidence >= (SURE_SHORT if len(key) <= SHORT else SURE):
            yield ScreenLine(" ".join(line.text.split()), line.confidence), key


def _is_same(one: str, other: str) -> bool:
    """Tell whether two readings are of one line: letters may be misread, but another number is another text."""
    if one == other:
        return True
    if min(len(one), len(other)) <= SHORT or _DIGITS.findall(one) != _DIGITS.findall(other):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= SAME and matcher.quick_ratio() >= SAME and matcher.ratio() >= SAME
