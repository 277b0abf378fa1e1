"""What a person writes about a recording: what `retake chapters --json` prints, or lines of times and titles."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from retake_core.display import clock, readable
from retake_core.errors import UserError
from retake_core.library.catalog import VideoEntry
from retake_core.library.description import (
    LONGEST_TEXT,
    MOST_CHAPTERS,
    Chapter,
    DescribedBy,
    Description,
    arranged,
    describe,
    description,
    undo_description,
)

LARGEST: Final = 1 << 20
"""Bytes of such a file at most."""

NO_CHAPTERS: Final = (
    "Each line wants a time and a title, such as “1:30 The cake”, of 2,000 letters and 1,000 lines at most."
)
_LINE = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d(?:\.\d+)?)\s+(?:[-–—|]\s+)?(\S.*)")


def parse_file(content: bytes, name: str) -> Description:
    """Return what a file says of a recording; a chapter without an end lasts until the next one.

    Raises:
        UserError: it says nothing of the kind.
    """
    try:
        told = content.decode("utf-8-sig").strip()
        found = _of_json(json.loads(told)) if told[:1] in ("{", "[") else Description(chapters=_of_lines(told))
        if not (found.title or found.summary or found.chapters):
            raise ValueError
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        raise UserError(
            f"{name} holds no chapters: a line for each, such as “1:30 The cake”, or what `retake chapters "
            "--json` prints. Nothing was changed."
        ) from None
    return replace(found, by=DescribedBy.HAND)


def parse_typed(title: str, summary: str, lines: str) -> Description:
    """Return what a person typed.

    Raises:
        UserError: a line is no chapter, or a text is too long.
    """
    try:
        return Description(_line(title), _text(summary), _of_lines(lines), DescribedBy.HAND)
    except ValueError:
        raise UserError(NO_CHAPTERS) from None


def to_lines(chapters: Sequence[Chapter]) -> str:
    """Return a line for each chapter, as video sites read them, too."""
    return "\n".join(f"{clock(each.start)} {each.title}" for each in chapters)


def keep_description(connection: Connection, video: VideoEntry, told: Description) -> list[str]:
    """Keep what a person wrote of a recording, in a writing transaction; nothing at all forgets it.

    Returns:
        A sentence about each thing that had to be put right.

    Raises:
        UserError: how long the recording lasts is not known, or all chapters begin after its end.
    """
    if not (told.title or told.summary or told.chapters):
        undo_description(connection, video.id)
        return []
    if not video.duration:
        raise UserError(f"How long {readable(video.path.name)} lasts is not known yet; index it first.")
    chapters, remarks = arranged(told.chapters, video.duration)
    if not (chapters or told.title or told.summary):
        raise UserError(
            f"{readable(video.path.name)} ends at {clock(video.duration)}, before the first chapter begins. "
            "Nothing was changed."
        )
    describe(connection, video.id, replace(told, chapters=tuple(chapters)))
    return remarks


def with_sentences(connection: Connection, video: VideoEntry, told: Description) -> Description:
    """Return what was typed with the sentences of the chapters that begin where one did before."""
    before = description(connection, video.id, video.duration or 0.0).chapters
    sentences = {int(each.start): each.text for each in before}
    chapters = (replace(each, text=sentences.get(int(each.start), "")) for each in told.chapters)
    return replace(told, chapters=tuple(chapters))


def _of_lines(told: str) -> tuple[Chapter, ...]:
    matches = [_LINE.fullmatch(line.strip()) for line in told.splitlines() if line.strip()]
    chapters: list[Chapter] = []
    for match in matches[: MOST_CHAPTERS + 1]:
        if match is None or len(chapters) == MOST_CHAPTERS:
            raise ValueError
        hours, minutes, seconds, title = match.groups()
        start = int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
        chapters.append(Chapter(start, math.inf, _line(title)))
    return tuple(chapters)


def _of_json(told: Any) -> Description:
    if isinstance(told, list):
        told = {"chapters": told}
    parts = told.get("chapters", [])
    if len(parts) > MOST_CHAPTERS:
        raise ValueError
    return Description(
        _line(told.get("title") or ""), _text(told.get("summary") or ""), tuple(_chapter(each) for each in parts)
    )


def _chapter(told: Mapping[str, Any]) -> Chapter:
    start, end, title = _seconds(told.get("start")), told.get("end"), _line(told.get("title") or "")
    if start < 0 or math.isinf(start) or not title:
        raise ValueError
    return Chapter(start, math.inf if end is None else _seconds(end), title, _text(told.get("text") or ""))


def _seconds(told: Any) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or math.isnan(told):
        raise ValueError
    return float(told)


def _line(text: Any) -> str:
    return " ".join(_text(text).split())


def _text(text: Any) -> str:
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise ValueError
    text.encode()  # lone halves of surrogates cannot be stored
    return text.strip()
