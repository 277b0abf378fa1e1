"""`retake videos`."""

import click

from retake_core.cli.context import Context, command
from retake_core.cli.options import written
from retake_core.cli.selection import read_query

ORDERS = ("name", "date", "length", "size", "added", "stars")


@command
@click.argument("query", type=written, required=False)
@click.option("--sort", type=click.Choice(ORDERS), help="Names from A to Z, else what is newest or most first.")
@click.option("--reverse", is_flag=True, help="The other way round.")
def videos(context: Context, query: str | None, sort: str | None, reverse: bool) -> None:
    """List the videos that QUERY lets through, or all: length, keyframes, stars, tags, state, and what failed.

    A recording that its camera wrote as several files has one line where all of them are listed.

    The query is as that of `retake search`; its plain words are looked for in titles. Hidden videos are listed
    where it says is:hidden.

    \b
    retake videos 'tag:holiday stars:4' --sort date
    """  # noqa: D301 - click reads it
    from retake_core.cli.show.videos import print_videos, video_document
    from retake_core.library.catalog import video_rows
    from retake_core.library.described import not_described
    from retake_core.library.recordings import recordings, rows_as_recordings
    from retake_core.search.listing import Order, ids_matching, ordered

    with context.library() as database, database.reading() as connection:
        ids = ids_matching(connection, read_query(query or ""))
        rows = video_rows(connection)
        reasons = not_described(connection)
    pieces = recordings(rows)
    listed = rows_as_recordings([row for row in rows if row.id in ids], pieces)
    whole = {row.id for row in listed if row.pieces}
    entries = [row.entry for row in listed]
    if sort is not None:
        entries = ordered(entries, Order(sort), backwards=reverse)
    elif reverse:
        entries.reverse()
    documents = [
        video_document(
            entry,
            pieces.get(entry.id, ()),
            whole=entry.id in whole,
            not_described=reasons.get(entry.id, ""),
        )
        for entry in entries
    ]
    context.show(documents, lambda shown: print_videos(shown, filtered=bool(query)))
