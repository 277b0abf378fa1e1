"""What an answer in the form of a description tells, also where it was cut short or does not keep to the form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from retake_core.display import one_line
from retake_core.videollm.describing.form import BETWEEN, LONGEST, PICTURES, SUMMARY, TITLE, asked_times

_TIME: Final = r"(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)"
_EVENT = re.compile(rf"{_TIME}\s*[-–—]\s*{_TIME} (.*?)(?:{re.escape(BETWEEN)}(.*))?")
_PICTURE = re.compile(rf"({_TIME}) (.*)")
_AGAIN = re.compile(r"(\S.{2,}?)(?:\s*\1){2,}")
"""A stretch of text that comes three times or more in a row."""


@dataclass(frozen=True)
class Happening:
    """A line about something that happens.

    Attributes:
        start: seconds.
        end: seconds, not before the start.
        title: on one line.
        text: a sentence, or empty.
        line: its place among the lines of the answer, from 0 on.
    """

    start: float
    end: float
    title: str
    text: str
    line: int


@dataclass(frozen=True)
class Told:
    """What an answer tells.

    Attributes:
        title: on one line, or empty.
        summary: some sentences, or empty.
        happenings: as they were told; not in order, maybe, and beyond the end.
        pictures: by the time that was asked for: a line about it.
        picture_lines: by the same times: its place among the lines of the answer, from 0 on.
    """

    title: str = ""
    summary: str = ""
    happenings: list[Happening] = field(default_factory=list)
    pictures: dict[float, str] = field(default_factory=dict)
    picture_lines: dict[float, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is told at all."""
        return not (self.title or self.summary or self.happenings or self.pictures)


def parse(answer: str, times: Sequence[float], *, cut: bool = False) -> Told:
    """Return what of an answer can be used.

    Args:
        answer: as the model wrote it.
        times: seconds of the pictures that were asked for.
        cut: whether it ended early: of its last line, if that has no end, only a title or a summary is kept.
    """
    lines = answer.split("\n")
    told = _Lines(times)
    for number, line in enumerate(lines):
        told.take(line.strip(), number, whole=not cut or number < len(lines) - 1)
    return Told(told.title, told.summary, list(told.happenings()), told.pictures, told.picture_lines)


class _Lines:
    """Takes the lines of an answer; a line that says what another said already is left out."""

    def __init__(self, times: Sequence[float]) -> None:
        self.title = self.summary = ""
        self.pictures: dict[float, str] = {}
        self.picture_lines: dict[float, int] = {}
        self._found: dict[tuple[float, float, str], Happening] = {}
        written = asked_times(times)
        self._asked = {name: time for time, name in zip(_first_of(times, written), written, strict=True)}
        self._at_pictures = False

    def take(self, line: str, number: int, *, whole: bool) -> None:
        if line.startswith(TITLE) and not self.title:
            self.title = cleaned(line.removeprefix(TITLE))
        elif line.startswith(SUMMARY) and not self.summary:
            self.summary = cleaned(line.removeprefix(SUMMARY))
        elif line == PICTURES:
            self._at_pictures = True
        elif whole and self._at_pictures:
            self._take_picture(line, number)
        elif whole:
            self._take_happening(line, number)

    def happenings(self) -> Iterator[Happening]:
        return iter(self._found.values())

    def _take_picture(self, line: str, number: int) -> None:
        match = _PICTURE.fullmatch(line)
        if match is None or (time := self._asked.get(match[1])) is None or time in self.pictures:
            return
        if text := cleaned(match[5]):
            self.pictures[time], self.picture_lines[time] = text, number

    def _take_happening(self, line: str, number: int) -> None:
        match = _EVENT.fullmatch(line)
        if match is None:
            return
        start, end = _seconds(*match.group(1, 2, 3)), _seconds(*match.group(4, 5, 6))
        title, text = cleaned(match[7]), cleaned(match[8] or "")
        if title and end >= start:
            self._found.setdefault((start, end, title), Happening(start, end, title, text, number))


def cleaned(text: str) -> str:
    """Return a text on one line, without what would steer a screen; what it says over and over is said once."""
    return one_line(_AGAIN.sub(r"\1", text.replace("\N{REPLACEMENT CHARACTER}", "")), LONGEST)


def _first_of(times: Sequence[float], written: Sequence[str]) -> list[float]:
    """Return the first time that is written so, of each."""
    first: dict[str, float] = {}
    for time in times:
        first.setdefault(asked_times([time])[0], time)
    return [first[name] for name in written]


def _seconds(hours: str | None, minutes: str, seconds: str) -> float:
    return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + int(seconds)
