"""What a recording is about: a title, a summary and chapters, as its file, a model or a person tells them."""

import json
import math
from collections.abc import Mapping, Sequence
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

MODEL: Final = "model"
"""The source of what a model told; its parts have it in front. Its own stamp tells which model that was."""

LONGEST_TEXT: Final = 2_000  # characters
MOST_CHAPTERS: Final = 1_000
_SHORTEST = 0.05  # seconds of a chapter
_PARTS = ("title", "summary", "chapters", "told")
_KINDS = (TextKind.TITLE, TextKind.DESCRIBED, TextKind.CHAPTER, TextKind.DESCRIBED)
_STAMP = "1"


class DescribedBy(StrEnum):
    """Who told what a recording is about."""

    HAND = "hand"
    FILE = "file"
    MODEL = "model"


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
        by: who told it; None where nobody did. Where a file names chapters, title and summary may be a model's.
        model: the name of the model that told it, or a part of it; "" where none did.
    """

    title: str = ""
    summary: str = ""
    chapters: tuple[Chapter, ...] = ()
    by: DescribedBy | None = None
    model: str = ""


def description(connection: Connection, video_id: int, duration: float = 0.0) -> Description:
    """Return what a recording is about: what a person wrote, else what a model told and its file names.

    Args:
        connection: sees the library.
        video_id: the video.
        duration: seconds that it lasts; 0.0 while unknown.
    """
    rows = _rows(connection, video_id)
    if is_described(connection, video_id):
        return replace(_told_by(HAND, rows), by=DescribedBy.HAND)
    told = _told_by(MODEL, rows)
    is_told = bool(told.title or told.summary or told.chapters)
    named, _ = arranged([Chapter(*row) for row in rows.get(FILE_CHAPTERS, [])], duration)
    if named:
        told = replace(told, chapters=tuple(named), by=DescribedBy.FILE)
    elif is_told:
        told = replace(told, by=DescribedBy.MODEL)
    return replace(told, model=_model(connection, video_id)) if is_told else told


def describe(connection: Connection, video_id: int, told: Description) -> None:
    """Keep what a person wrote in place of all that was told before, in a writing transaction.

    Args:
        connection: a writing transaction.
        video_id: the video.
        told: its chapters are `arranged`.
    """
    replace_description(connection, video_id, HAND, told.title, told.summary, told.chapters)
    forget_texts(connection, video_id, FILE_CHAPTERS)  # or the search would find both
    for source in (MODEL, *_sources(MODEL)):
        forget_texts(connection, video_id, source)


def replace_description(
    connection: Connection, video_id: int, by: str, title: str, summary: str, chapters: Sequence[Chapter]
) -> None:
    """Store what somebody told of a recording in place of what the same told before, in a writing transaction.

    Args:
        connection: a writing transaction.
        video_id: the video.
        by: `HAND` or `MODEL`.
        title: may be empty.
        summary: may be empty.
        chapters: `arranged`.
    """
    parts = (
        [NewText(title)],
        [NewText(summary)],
        [NewText(each.title, each.start, each.end) for each in chapters],
        [NewText(each.text, each.start, each.end) for each in chapters],
    )
    for source, kind, texts in zip(_sources(by), _KINDS, parts, strict=True):
        replace_texts(connection, video_id, source, kind, _STAMP, [each for each in texts if each.content])


def is_described(connection: Connection, video_id: int) -> bool:
    """Return whether a person wrote what a recording is about; the chapters of its file then count for nothing."""
    statement = select(text_reading.c.source).where(
        text_reading.c.video_id == video_id, text_reading.c.source == _sources(HAND)[2]
    )
    return connection.execute(statement).first() is not None


def has_file_chapters(connection: Connection, video_id: int) -> bool:
    """Return whether a recording's own file names chapters."""
    statement = select(text.c.id).where(text.c.video_id == video_id, text.c.source == FILE_CHAPTERS)
    return connection.execute(statement).first() is not None


def prefer_file_chapters(connection: Connection, video_id: int) -> None:
    """Forget a model's chapters where the file names its own, in a writing transaction: one of both is found."""
    if has_file_chapters(connection, video_id):
        for source in _sources(MODEL)[2:]:
            forget_texts(connection, video_id, source)


def hand_description_over(connection: Connection, old: int, new: int) -> None:
    """Give what a person wrote about one video to another, in a writing transaction."""
    if is_described(connection, old):
        for table in (text, text_reading):
            of_old = (table.c.video_id == old) & table.c.source.in_(_sources(HAND))
            connection.execute(update(table).where(of_old).values(video_id=new))
        forget_texts(connection, new, FILE_CHAPTERS)


def undo_description(connection: Connection, video_id: int) -> bool:
    """Forget what a person wrote, in a writing transaction; the next indexing brings what was told without them.

    Returns:
        Whether there was something to forget.
    """
    if not is_described(connection, video_id):
        return False
    for source in _sources(HAND):
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


def _sources(by: str) -> tuple[str, ...]:
    """Return the sources of title, summary, chapters and the sentences about them."""
    return tuple(f"{by}:{part}" for part in _PARTS)


def _told_by(by: str, rows: Mapping[str, Sequence[tuple[float, float, str]]]) -> Description:
    title, summary, chapters, told = (rows.get(source, ()) for source in _sources(by))
    sentences = {round(start * MICROSECONDS): content for start, _, content in told}
    found = [Chapter(*row, text=sentences.get(round(row[0] * MICROSECONDS), "")) for row in chapters]
    first, second = (next((content for _, _, content in part), "") for part in (title, summary))
    return Description(first, second, tuple(found))


def _model(connection: Connection, video_id: int) -> str:
    statement = select(text_reading.c.stamp).where(
        text_reading.c.video_id == video_id, text_reading.c.source == MODEL
    )
    stamp = connection.execute(statement).scalar()
    return "" if stamp is None else str(json.loads(stamp).get("model", ""))


def _rows(connection: Connection, video_id: int) -> dict[str, list[tuple[float, float, str]]]:
    """Return start, end and content of what each source tells of a video, in order of time."""
    statement = (
        select(text.c.source, text.c.start_us, text.c.end_us, text.c.content)
        .where(text.c.video_id == video_id, text.c.source.in_([*_sources(HAND), *_sources(MODEL), FILE_CHAPTERS]))
        .order_by(text.c.start_us, text.c.id)
    )
    rows: dict[str, list[tuple[float, float, str]]] = {}
    for source, start, end, content in connection.execute(statement):
        at = (start or 0) / MICROSECONDS
        rows.setdefault(source, []).append((at, at if end is None else end / MICROSECONDS, content))
    return rows
