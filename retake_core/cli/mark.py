"""`retake mark`."""

import click

from retake_core.cli.context import Context, command
from retake_core.cli.selection import selected, selecting
from retake_core.errors import UserError


@command
@selecting
@click.option("--stars", type=click.IntRange(0, 5), help="From 1 to 5; 0 takes them away.")
@click.option("--favourite/--no-favourite", default=None, help="Make them favourites, or no longer.")
@click.option("--hide/--unhide", "hidden", default=None, help="Leave them out of lists and searches, or not.")
def mark(
    context: Context,
    videos: tuple[str, ...],
    query: str | None,
    stars: int | None,
    favourite: bool | None,
    hidden: bool | None,
) -> None:
    """Give stars to videos, make them favourites, or hide them; `retake videos` finds them by that.

    \b
    retake mark party.mp4 lake.mp4 --stars 4 --favourite
    retake mark --query 'folder:screencasts' --hide
    retake videos 'stars:4 -is:favourite'
    """  # noqa: D301 - click reads it
    from retake_core.cli.show.marks import marks_document, print_marks
    from retake_core.library.catalog import videos as videos_of
    from retake_core.library.marks import set_marks

    if not videos and query is None:
        raise UserError("Name videos, or say which ones with --query; `retake videos` lists them.")
    with context.library() as database, database.writing() as connection:
        ids = [entry.id for entry in selected(connection, videos, query)]
        set_marks(connection, ids, stars=stars, favourite=favourite, hidden=hidden)
        entries = videos_of(connection, ids)
    context.show(marks_document(entries), print_marks)
