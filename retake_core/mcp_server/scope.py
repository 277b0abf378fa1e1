"""Which videos other programs get to see: all but those that are hidden and those that are left out."""

from sqlalchemy import Connection

from retake_core.errors import UserError
from retake_core.library.catalog import VideoEntry, find_video
from retake_core.protocol.search_events import FoundMoment
from retake_core.search.query import HIDDEN, Field, Query, as_state, parse

NOT_SHOWN = "Hidden videos are not shown to other programs; leave is:hidden out."


def visible_video(connection: Connection, name: int | str) -> VideoEntry:
    """Return the video of an id, a path or a file name.

    Raises:
        UserError: there is none, or more than one.
    """
    return find_video(connection, str(name), hidden=False)


def visible_query(text: str) -> Query:
    """Read a query.

    Raises:
        UserError: it asks for what is hidden.
    """
    query = parse(text)
    if any(as_state(term.value) == HIDDEN for term in query.having(Field.IS)):
        raise UserError(NOT_SHOWN)
    return query


def videos_of(moments: tuple[FoundMoment, ...]) -> set[int]:
    """Return the ids of the videos of moments, and of their copies."""
    return {moment.video_id for moment in moments} | {copy.video_id for m in moments for copy in m.copies}
