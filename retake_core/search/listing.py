"""Videos, not moments: those that a query lets through, and the orders of a list of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from retake_core.library.catalog import VideoEntry, videos
from retake_core.search.all_sources import EXACT
from retake_core.search.by_words import find_exactly
from retake_core.search.filters import videos_in_scope
from retake_core.search.query import Field, Query, Term


class Order(StrEnum):
    """What a list of videos goes by."""

    NAME = "name"
    DATE = "date"
    LENGTH = "length"
    SIZE = "size"
    ADDED = "added"
    STARS = "stars"


_KEYS: dict[Order, Callable[[VideoEntry], Any]] = {
    Order.DATE: lambda entry: entry.when or datetime.fromtimestamp(entry.modified).astimezone(),
    Order.LENGTH: lambda entry: entry.duration or 0.0,
    Order.SIZE: lambda entry: entry.size,
    Order.ADDED: lambda entry: entry.id,
    Order.STARS: lambda entry: entry.stars,
}


def videos_matching(connection: Connection, query: Query) -> list[VideoEntry]:
    """Return the videos that a query lets through, in order of path.

    Its plain words are looked for in titles, its exact ones in all that is said and written in a video. Hidden
    videos are left out unless the query asks for them.
    """
    titles = [_in_titles(term) for term in query.terms]
    scope = videos_in_scope(connection, Query(tuple(titles)))
    entries = videos(connection)
    ids = {entry.id for entry in entries} if scope is None else scope
    for term in query.having(*EXACT):
        ids = ids & {hit.video_id for hit in find_exactly(connection, term, None)}
    for term in query.having(*EXACT, excluded=True):
        ids = ids - {hit.video_id for hit in find_exactly(connection, term, None)}
    return [entry for entry in entries if entry.id in ids]


def ordered(entries: Sequence[VideoEntry], order: Order, *, backwards: bool = False) -> list[VideoEntry]:
    """Return videos in an order: names from A to Z, everything else from the newest, longest or largest on."""
    if order == Order.NAME:
        return sorted(entries, key=lambda entry: entry.path.name.casefold(), reverse=backwards)
    return sorted(entries, key=_KEYS[order], reverse=not backwards)


def _in_titles(term: Term) -> Term:
    return replace(term, field=Field.TITLE) if term.field == Field.WORD else term
