"""The videos that a command is about: named one by one, or all that a query lets through."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click
from sqlalchemy import Connection

from retake_core.cli.options import written
from retake_core.errors import UserError

if TYPE_CHECKING:
    from retake_core.library.catalog import VideoEntry
    from retake_core.search.query import Query


def selecting(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the argument and the option that say which videos are meant."""
    query = click.option("--query", type=written, metavar="QUERY", help="All that `retake videos QUERY` lists.")
    return click.argument("videos", nargs=-1, metavar="[VIDEO]...")(query(function))


def read_query(text: str) -> "Query":
    """Read a query, and say on standard error what of it has no effect."""
    from retake_core.search.query import parse

    query = parse(text)
    for complaint in query.complaints:
        click.echo(f"retake: {complaint.remark}", err=True)
    return query


def selected(connection: Connection, names: Sequence[str], query: str | None) -> "list[VideoEntry]":
    """Return the videos that are named, and those that a query lets through.

    Raises:
        UserError: there is no such video.
    """
    from retake_core.library.catalog import find_video
    from retake_core.search.listing import videos_matching

    entries = [find_video(connection, name) for name in names]
    if query is not None:
        matching = videos_matching(connection, read_query(query))
        if not matching:
            raise UserError(f"No video matches {query}; `retake videos` lists them.")
        entries += matching
    return list({entry.id: entry for entry in entries}.values())
