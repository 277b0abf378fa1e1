"""What a recording is about: a title, a summary and chapters, as its file names them or as a person wrote them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, select, update

from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import text, text_reading
from retake_core.library.texts import (
    CHANGED,
    FILE_CHAPTERS,
    INSIDE,
    NewText,
    TextKind,
    forget_texts,
    replace_texts,
)

HAND: Final = "hand"
"""The source of what a person wrote; its parts have it in front."""

LONGEST_TEXT: Final = 2_000  # characters
MOST_CHAPTERS: Final = 1_000
_SHORTEST = 0.05  # seconds of a chapter
_TITLE, _SUMMARY, _CHAPTERS, _SENTENCES = (f"{HAND}:{part}" for part in ("title", "summary", "chapters", "told"))
_KINDS = {
    _TITLE: TextKind.TITLE,
    _SUMMARY: TextKind.DESCRIBED,
    _CHAPTERS: TextKind.CHAPTER,
    _SENTENCES: TextKind.DESCRIBED,
}
_STAMP = "1"


class DescribedBy(StrEnum):
    """Who told what a recording is about."""

    HAND = "hand"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a recording.

    Attributes:
        start: seconds.
        end: seconds.
        title: on one line.
        text: a sentence about it, or empty.
    """

    start: float
    end: float
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """What a recording is about.

    Attributes:
        title: on one line, or empty.
        summary: some sentences, or empty.
        chapters: in order; none begins before the one before it ends.
        by: who told it; None where nobody did.
    """

    title: str = ""
    summary: str = ""
    chapters: tuple[Chapter, ...] = ()
    by: DescribedBy | None = None


def description(connection: Connection, video_id: int, duration: float = 0.0) -> Description:
    """Return what a recording is about: what a person wrote, else the chapters that its file names.

    Args:
        connection: sees the library.
        video_id: the video.
        duration: seconds that it lasts; 0.0 while unknown.
    """
    rows = _rows(connection, video_id)
    if is_described(connection, video_id):
        sentences = {round(start * MICROSECONDS): content for start, _, content in rows.get(_SENTENCES, [])}
        chapters = [
            Chapter(start, end, title, sentences.get(round(start * MICROSECONDS), ""))
            for start, end, title in rows.get(_CHAPTERS, [])
        ]
        title, summary = (
            next((content for _, _, content in rows.get(part, [])), "") for part in (_TITLE, _SUMMARY)
        )
        return Description(title, summary, tuple(chapters), DescribedBy.HAND)
    named, _ = arranged([Chapter(*row) for row in rows.get(FILE_CHAPTERS, [])], duration)
    return Description(chapters=tuple(named), by=DescribedBy.FILE if named else None)


def describe(connection: Connection, video_id: int, told: Description) -> None:
    """Keep what a person wrote in place of all that was told before, in a writing transaction.

    Args:
        connection: a writing transaction.
        video_id: the video.
        told: its chapters are `arranged`.
    """
    parts: dict[str, Iterable[NewText]] = {
        _TITLE: [NewText(told.title)],
        _SUMMARY: [NewText(told.summary)],
        _CHAPTERS: [NewText(each.title, each.start, each.end) for each in told.chapters],
        _SENTENCES: [NewText(each.text, each.start, each.end) for each in told.chapters],
    }
    for source, texts in parts.items():
        replace_texts(
            connection, video_id, source, _KINDS[source], _STAMP, [each for each in texts if each.content]
        )
    forget_texts(connection, video_id, FILE_CHAPTERS)  # or the search would find both


def is_described(connection: Connection, video_id: int) -> bool:
    """Return whether a person wrote what a recording is about; the chapters of its file then count for nothing."""
    statement = select(text_reading.c.source).where(
        text_reading.c.video_id == video_id, text_reading.c.source == _CHAPTERS
    )
    return connection.execute(statement).first() is not None


def hand_description_over(connection: Connection, old: int, new: int) -> None:
    """Give what a person wrote about one video to another, in a writing transaction."""
    if is_described(connection, old):
        for table in (text, text_reading):
            of_old = (table.c.video_id == old) & table.c.source.in_(_KINDS)
            connection.execute(update(table).where(of_old).values(video_id=new))
        forget_texts(connection, new, FILE_CHAPTERS)


def undo_description(connection: Connection, video_id: int) -> bool:
    """Forget what a person wrote, in a writing transaction; the next indexing reads the file's own chapters.

    Returns:
        Whether there was something to forget.
    """
    if not is_described(connection, video_id):
        return False
    for source in _KINDS:
        forget_texts(connection, video_id, source)
    again = (text_reading.c.video_id == video_id) & (text_reading.c.source == INSIDE)
    connection.execute(update(text_reading).where(again).values(stamp=CHANGED))
    return True


def arranged(chapters: Sequence[Chapter], duration: float) -> tuple[list[Chapter], list[str]]:
    """Put chapters in order, and cut them where the next one or the end of the recording comes.

    Args:
        chapters: as they were told.
        duration: seconds that the recording lasts; 0.0 while unknown.

    Returns:
        The chapters, and a sentence about each thing that had to be changed.
    """
    ordered = sorted(chapters, key=lambda each: each.start)
    end = duration or max((each.end for each in ordered), default=0.0)
    inside = [each for each in ordered if each.start + _SHORTEST <= end]
    nexts = [each.start for each in inside[1:]] + [end] * bool(inside)
    cut = [replace(each, end=min(each.end, at)) for each, at in zip(inside, nexts, strict=True)]
    kept = [each for each in cut if each.end - each.start >= _SHORTEST]
    changes = {
        "They are put in order of time.": ordered != list(chapters),
        "What begins after the end of the recording is left out.": len(inside) < len(ordered),
        "Chapters are cut where the next one or the end comes.": any(
            at < each.end < math.inf for each, at in zip(inside, nexts, strict=True)
        ),
        "Chapters that have no time before the next one are left out.": len(kept) < len(cut),
    }
    return kept, [remark for remark, done in changes.items() if done]


def _rows(connection: Connection, video_id: int) -> dict[str, list[tuple[float, float, str]]]:
    """Return start, end and content of what each source tells of a video, in order of time."""
    statement = (
        select(text.c.source, text.c.start_us, text.c.end_us, text.c.content)
        .where(text.c.video_id == video_id, text.c.source.in_([*_KINDS, FILE_CHAPTERS]))
        .order_by(text.c.start_us, text.c.id)
    )
    rows: dict[str, list[tuple[float, float, str]]] = {}
    for source, start, end, content in connection.execute(statement):
        at = (start or 0) / MICROSECONDS
        rows.setdefault(source, []).append((at, at if end is None else end / MICROSECONDS, content))
    return rows
