"""A few words around those that match."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LENGTH = 100  # characters; a subtitle is shorter
LEAD = 30  # characters before the first match
_WHITE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Words to show, and where in them the matching ones are, as (start, end)."""

    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()


NOTHING = Snippet()


def snippet(text: str, marks: Sequence[tuple[int, int]]) -> Snippet:
    """Cut a text down to one line of what stands around its first match, at spaces where there are some."""
    text = _WHITE.sub(" ", text)  # one for one: the marks stay where they are
    if len(text) <= LENGTH:
        return Snippet(text, _joined(marks))
    first = min((start for start, _ in marks), default=0)
    start = max(0, min(first - LEAD, len(text) - LENGTH))
    if start and (space := text.find(" ", start, first)) >= 0:
        start = space + 1
    end = min(len(text), start + LENGTH)
    if end < len(text) and (space := text.rfind(" ", first, end)) > 0:
        end = space
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    inside = [(a + shift, min(b, end) + shift) for a, b in marks if start <= a < end]
    return Snippet(before + text[start:end] + after, _joined(inside))


def _joined(marks: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return marks in order, with none over another."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
