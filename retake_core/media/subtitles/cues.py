"""Cues, whatever they were read from: in order, without markup, each phrase once. Sizes are bounded."""

import html
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

MAX_CUES = 50_000
MAX_TEXT = 2_000  # characters of one cue, or of one value of the metadata
MAX_SPEAKER = 80
MAX_TIME = 1e7  # seconds: no recording lasts four months
DEFAULT_LENGTH = 4.0  # seconds that a cue of unknown length is shown
_ADJACENT = 0.1  # seconds between two cues that follow each other
_ROLLING = 0.3  # share of cues that begin with the line before, from which on captions roll
_ROLLED = 2  # such cues at least
_READINGS = 0.4  # share of a line's words that hold a digit, from which on it is an instrument's
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_BREAK = re.compile(r"\\[Nn]|[\r\n\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Cue:
    """A text that is shown for some seconds, counted from the container's start; who says it, or None."""

    start: float
    end: float
    text: str
    speaker: str | None = None


def clean(cues: Iterable[Cue]) -> list[Cue]:
    """Return the words of cues in order of time, one line each.

    Markup, character references, impossible times, lines that only roll on, and the readings of a camera's
    instruments go.
    """
    lined = [(cue, _lines(cue.text)) for cue in sorted(cues, key=lambda cue: cue.start)]
    lined = [(cue, lines) for cue, lines in lined if lines and 0 <= cue.start < MAX_TIME]
    if _is_telemetry([" ".join(lines) for _, lines in lined]):
        return []
    if _rolls(lined):
        lined = _unrolled(lined)
    found: list[Cue] = []
    for cue, lines in lined:
        text = " ".join(lines)[:MAX_TEXT].strip()
        end = cue.end if cue.start <= cue.end < MAX_TIME else cue.start + DEFAULT_LENGTH
        speaker = " ".join(html.unescape(_TAG.sub("", cue.speaker or "")).split())[:MAX_SPEAKER] or None
        last = found[-1] if found else None
        if last and (last.text, last.speaker) == (text, speaker) and cue.start <= last.end + _ADJACENT:
            found[-1] = replace(last, end=max(end, last.end))
        elif len(found) < MAX_CUES:
            found.append(Cue(cue.start, end, text, speaker))
    return found


def _lines(text: str) -> list[str]:
    """Return the lines of a cue as a person reads them."""
    # References last: what they stand for is no markup.
    plain = (" ".join(html.unescape(_TAG.sub(" ", line)).split()) for line in _BREAK.split(text))
    return [line for line in plain if line]


_Lined = tuple[Cue, list[str]]


def _rolls(lined: Sequence[_Lined]) -> bool:
    """Return whether captions roll: most begin with what the one before ended with, and go on."""
    rolled = sum(
        cue.start <= before.end + _ADJACENT and _overlap(shown, lines) > 0
        for (before, shown), (cue, lines) in itertools.pairwise(lined)
    )
    return rolled >= _ROLLED and rolled >= _ROLLING * len(lined)


def _overlap(shown: Sequence[str], lines: Sequence[str]) -> int:
    """Return how many lines stand at the end of the one and at the beginning of the other."""
    for length in range(min(len(shown), len(lines)), 0, -1):
        if shown[-length:] == lines[:length]:
            return length
    return 0


def _unrolled(lined: Sequence[_Lined]) -> list[_Lined]:
    """Keep each line of rolling captions once, from when it appears until the next one does."""
    found: list[_Lined] = []
    shown: list[str] = []
    until = 0.0
    for cue, lines in lined:
        old = _overlap(shown, lines) if cue.start <= until + _ADJACENT else 0
        grown = not old and len(lines) == 1 and shown and lines[0].startswith(shown[-1] + " ")
        if found and (grown or old == len(lines)):
            last, kept = found[-1]
            found[-1] = (replace(last, end=cue.end), lines if grown else kept)
        else:
            found.append((cue, lines[old:]))
        shown, until = lines, cue.end
    return found


def _is_telemetry(lines: Sequence[str]) -> bool:
    """Return whether most lines are readings, such as those that a drone writes for each frame."""
    readings = 0
    for line in lines:
        words = line.split()
        numbers = sum(any(sign.isdigit() for sign in word) for word in words)
        readings += numbers >= 3 and numbers >= _READINGS * len(words)
    return readings >= 3 and readings > len(lines) / 2
