"""`retake search`."""

import os
from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.cli.moments import describe_moments, parse_moment, search_library
from retake_core.cli.options import written
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.protocol.requests import Search, Similar
from retake_core.system.files import absolute


@command
@click.argument("query", type=written, required=False)
@click.option("--picture", type=click.Path(path_type=Path), help="Find what looks like this picture.")
@click.option("--like", metavar="VIDEO@TIME", help="What looks like this moment, such as party.mp4@1:05.")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="At most.")
@click.option("--folder", type=click.Path(path_type=Path), help="Only videos in this folder.")
@click.option("--weaker", is_flag=True, help="Also what matches too little to be shown otherwise.")
def search(
    context: Context,
    query: str | None,
    picture: Path | None,
    like: str | None,
    limit: int,
    folder: Path | None,
    weaker: bool,
) -> None:
    """Find the moments that match QUERY: what is shown, said, written on screen or in a title.

    "exact words", folder:NAME, title:WORD, said:WORD, screen:WORD, note:WORD, person:NAME, people:2 (or more),
    type:mp4, after:2023-05, before:2024, longer:10m, shorter:90s, tag:NAME, stars:3 (or more), is:favourite,
    is:hidden and -WORD narrow it down. Hidden videos are found only with is:hidden. After -- a query may begin
    with a dash.
    """
    from retake_core.cli.show.search import print_moments

    if picture is None and like is None and not (query or "").strip():
        raise UserError("The query is empty; give a QUERY that describes what is to be found, or a --picture.")
    if [query, picture, like].count(None) < 2:
        raise UserError("Search with words, with --picture or with --like, not with two of them.")
    place = None if folder is None else os.fspath(absolute(folder))
    with context.library() as database:
        request = (
            Search(
                id=0,
                query=query or "",
                limit=limit,
                folder=place,
                weaker=weaker,
                picture=None if picture is None else os.fspath(picture),
            )
            if like is None
            else _similar(database, like, limit, place)
        )
        document = describe_moments(database, search_library(context, database, request))
    context.show(document, print_moments)


def _similar(database: Database, like: str, limit: int, folder: str | None) -> Similar:
    from retake_core.library.catalog import find_video

    name, time = parse_moment(like)
    with database.reading() as connection:
        video_id = find_video(connection, name).id
    return Similar(id=0, like=video_id, time=time, limit=limit, folder=folder)
