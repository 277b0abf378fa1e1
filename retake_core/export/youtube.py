"""Chapters as the list that a video's description on YouTube holds."""

from collections.abc import Sequence

from retake_core.display import clock
from retake_core.library.description import Chapter
from retake_core.protocol.export_order import Note

LEAST = 10  # seconds that YouTube wants a chapter to last
FEWEST = 3  # chapters that it wants
_PLAIN = str.maketrans("<>", "‹›")  # it takes no description with angle brackets


def to_youtube(parts: Sequence[Chapter], duration: float, name: str) -> tuple[str, tuple[Note, ...]]:
    """Return a line for each chapter, and what was changed. Each lasts to the next one; the first starts at 0:00.

    Args:
        parts: in order of time, at least one.
        duration: seconds that the video lasts; 0.0 while unknown.
        name: stands for what comes before the first chapter, where that is long.
    """
    entries = [(int(part.start), part.title) for part in parts]  # the list knows whole seconds only
    notes: list[Note] = []
    before, title = entries[0]
    if before >= LEAST:
        entries.insert(0, (0, name))
        notes.append(Note("added a start", before))
    elif before:
        entries[0] = (0, title)
        notes.append(Note("moved to the start", before))
    long_enough = _long_enough(entries, int(duration))
    if len(long_enough) < FEWEST:  # to join what YouTube shows none of would only lose names
        notes.append(Note("few entries", len(long_enough)))
    elif len(long_enough) < len(entries):
        notes.append(Note("joined", len(entries) - len(long_enough)))
        entries = long_enough
    lines = (f"{clock(start)} {' '.join(title.translate(_PLAIN).split())}\n" for start, title in entries)
    return "".join(lines), tuple(notes)


def _long_enough(entries: Sequence[tuple[int, str]], end: int) -> list[tuple[int, str]]:
    """Return start and title of those that last long enough; others become part of the one before."""
    kept = list(entries[:1])
    for start, title in entries[1:]:
        if start - kept[-1][0] >= LEAST:
            kept.append((start, title))
    if end and len(kept) > 1 and end - kept[-1][0] < LEAST:
        kept.pop()
    return kept
