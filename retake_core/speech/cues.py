"""From words with times to lines that a person reads, and search finds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PAUSE = 0.8  # seconds of silence that end a line
LONGEST = 8.0  # seconds of a line, unless a single word is longer
_ENDS = tuple(".?!。？！…।؟")


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as it was heard, with the space before it if there is one: seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Words that belong together: seconds."""

    start: float
    end: float
    text: str


def lines(words: Iterable[HeardWord]) -> list[SpokenLine]:
    """Split words into lines: at the end of a sentence, at a pause, and where a line becomes too long."""
    return [
        SpokenLine(group[0].start, max(word.end for word in group), text)
        for group in _groups(words)
        if (text := " ".join("".join(word.text for word in group).split()))
    ]


def _groups(words: Iterable[HeardWord]) -> Iterator[list[HeardWord]]:
    group: list[HeardWord] = []
    for word in words:
        if group:
            last = group[-1]
            ended = last.text.rstrip("\"'”’»)").endswith(_ENDS)
            if ended or word.start - last.end > PAUSE or word.end - group[0].start > LONGEST:
                yield group
                group = []
        group.append(word)
    if group:
        yield group
