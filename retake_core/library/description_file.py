"""Files that say what a recording is about: what `retake chapters --json` writes, or lines of times and titles."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from retake_core.errors import UserError
from retake_core.library.description import LONGEST_TEXT, MOST_CHAPTERS, Chapter, DescribedBy, Description

LARGEST: Final = 1 << 20
"""Bytes of such a file at most."""

_LINE = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d(?:\.\d+)?)\s+(?:[-–—|]\s+)?(\S.*)")
_NO_CHAPTERS = (
    "{name} holds no chapters. It wants a line for each, such as “1:30 The cake”, or what `retake chapters "
    "--json` writes; nothing was changed."
)


def parse_description(content: bytes, name: str) -> Description:
    """Return what a file says of a recording; a chapter without an end lasts until the next one.

    Raises:
        UserError: it says nothing of the kind.
    """
    try:
        told = content.decode("utf-8-sig").strip()
        found = _of_json(json.loads(told)) if told[:1] in ("{", "[") else _of_lines(told)
    except (ValueError, TypeError, RecursionError):
        raise UserError(_NO_CHAPTERS.format(name=name)) from None
    if not (found.title or found.summary or found.chapters) or len(found.chapters) > MOST_CHAPTERS:
        raise UserError(_NO_CHAPTERS.format(name=name))
    return found


def _of_lines(told: str) -> Description:
    matches = [_LINE.fullmatch(line.strip()) for line in told.splitlines() if line.strip()]
    chapters = []
    for match in matches:
        if match is None:
            raise ValueError
        hours, minutes, seconds, title = match.groups()
        chapters.append(
            Chapter(int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds), math.inf, _line(title))
        )
    return Description(chapters=tuple(chapters), by=DescribedBy.HAND)


def _of_json(told: Any) -> Description:
    if isinstance(told, list):
        told = {"chapters": told}
    chapters = tuple(_chapter(each) for each in told.get("chapters", []))
    title, summary = _line(told.get("title") or ""), _text(told.get("summary") or "")
    return Description(title, summary, chapters, DescribedBy.HAND)


def _chapter(told: Mapping[str, Any]) -> Chapter:
    start, end, title = told.get("start"), told.get("end"), _line(told.get("title") or "")
    if isinstance(start, bool) or not isinstance(start, int | float) or not 0 <= start < math.inf or not title:
        raise ValueError
    if end is None:
        end = math.inf
    if isinstance(end, bool) or not isinstance(end, int | float) or math.isnan(end):
        raise ValueError
    return Chapter(float(start), float(end), title, _text(told.get("text") or ""))


def _line(text: str) -> str:
    return " ".join(_text(text).split())


def _text(text: str) -> str:
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise ValueError
    text.encode()  # lone halves of surrogates cannot be stored
    return text.strip()
