"""Videos, not moments: those that a query lets through, the orders of a list of them, and albums."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from retake_core.library.catalog import VideoEntry, videos
from retake_core.library.schema import video
from retake_core.library.searches import saved_searches
from retake_core.search.exactly import find_exactly
from retake_core.search.filters import videos_in_scope
from retake_core.search.query import EXACT, Field, Query, Term, parse


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


@dataclass(frozen=True, slots=True)
class Album:
    """A search that is kept, as an album.

    Attributes:
        videos: how many are in it; None where it asks for what is to be seen, which only a search can tell.
    """

    name: str
    query: str
    videos: int | None


def albums(connection: Connection) -> list[Album]:
    """Return the searches that are kept as albums, in order of name."""
    found = []
    for kept in saved_searches(connection):
        query = parse(kept.query)
        count = None if query.description else len(ids_matching(connection, query))
        found.append(Album(kept.name, kept.query, count))
    return found


def videos_matching(connection: Connection, query: Query) -> list[VideoEntry]:
    """Return the videos that a query lets through, in order of path; see `ids_matching`."""
    ids = ids_matching(connection, query)
    return [entry for entry in videos(connection) if entry.id in ids]


def ids_matching(connection: Connection, query: Query) -> set[int]:
    """Return the ids of the videos that a query lets through.

    Its plain words are looked for in titles, its exact ones in all that is said and written in a video, and
    people among those who are seen. Hidden
    videos are left out unless the query asks for them.
    """
    scope = videos_in_scope(connection, Query(tuple(map(_in_titles, query.terms))))
    ids = set(connection.execute(select(video.c.id)).scalars()) if scope is None else scope
    for term in query.having(*EXACT):
        ids = ids & {hit.video_id for hit in find_exactly(connection, term, None)}
    for term in query.having(*EXACT, excluded=True):
        ids = ids - {hit.video_id for hit in find_exactly(connection, term, None)}
    return ids


def ordered(entries: Sequence[VideoEntry], order: Order, *, backwards: bool = False) -> list[VideoEntry]:
    """Return videos in an order: names from A to Z, everything else from the newest, longest or largest on."""
    if order == Order.NAME:
        return sorted(entries, key=lambda entry: entry.path.name.casefold(), reverse=backwards)
    return sorted(entries, key=_KEYS[order], reverse=not backwards)


def _in_titles(term: Term) -> Term:
    return replace(term, field=Field.TITLE) if term.field == Field.WORD else term
