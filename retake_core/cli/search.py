"""`retake search` and `retake searches`."""

from pathlib import Path
from typing import Any

import click

from retake_core.cli.context import Context, command
from retake_core.cli.show import basics
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.system.files import absolute


@command
@click.argument("query", required=False)
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

    "exact words", folder:NAME, title:WORD, said:WORD, screen:WORD, type:mp4, after:2023-05, before:2024,
    longer:10m, shorter:90s and -WORD narrow it down. After -- a query may begin with a dash.
    """
    if picture is None and like is None and not (query or "").strip():
        raise UserError("The query is empty; give a QUERY that describes what is to be found, or a --picture.")
    if [query, picture, like].count(None) < 2:
        raise UserError("Search with words, with --picture or with --like, not with two of them.")
    with context.library() as database:
        if like is not None:
            _show_similar(context, database, like, limit, folder)
        else:
            _show_moments(context, database, query or "", picture, limit, folder, weaker)


def _show_similar(context: Context, database: Database, like: str, limit: int, folder: Path | None) -> None:
    from retake_core.cli.moment_argument import parse_moment
    from retake_core.library.catalog import find_video
    from retake_core.search.by_keyframe import similar_moments

    name, time = parse_moment(like)
    inside, directory = None if folder is None else absolute(folder), context.data_dir.vectors
    with database.reading() as connection:
        entry = find_video(connection, name)
        moments = similar_moments(connection, directory, entry.id, time, limit=limit, folder=inside)
    context.show([basics.moment_document(moment) for moment in moments], basics.print_moments)


def _show_moments(
    context: Context,
    database: Database,
    query: str,
    picture: Path | None = None,
    limit: int = 10,
    folder: Path | None = None,
    weaker: bool = False,
) -> None:
    from retake_core.search.all_sources import search_moments
    from retake_core.search.by_picture import search_picture
    from retake_core.search.picture_file import read_picture
    from retake_core.search.query import parse

    asked = parse(query)
    for complaint in asked.complaints:
        click.echo(f"retake: {complaint}{' It is left out.' if complaint.field else ''}", err=True)
    image = None if picture is None else read_picture(picture)
    options: Any = {"limit": limit, "folder": None if folder is None else absolute(folder), "weaker": weaker}
    with database.reading() as connection:
        chosen = context.search_encoder().choose(connection)
        if image is not None:
            moments = search_picture(connection, chosen.vectors, chosen.encoder, image, **options)
        else:
            moments = search_moments(connection, chosen.vectors, chosen.encoder, asked, **options)
    if chosen.switch is not None:
        click.echo(f"retake: {basics.describe_switch(chosen.switch)} Go on with: retake index", err=True)
    context.show([basics.moment_document(moment) for moment in moments], basics.print_moments)


@command
@click.option("--save", nargs=2, metavar="NAME QUERY", help="Keep a search, in place of one of that name.")
@click.option("--delete", metavar="NAME", help="Forget a search.")
@click.option("--run", metavar="NAME", help="Search again.")
def searches(context: Context, save: tuple[str, str] | None, delete: str | None, run: str | None) -> None:
    """List the searches that are kept."""
    from retake_core.library.searches import delete_search, find_search, save_search, saved_searches

    with context.library() as database:
        if save is not None or delete is not None:
            with database.writing() as connection:
                if save is not None:
                    save_search(connection, *save)
                if delete is not None:
                    delete_search(connection, delete)
        with database.reading() as connection:
            chosen = None if run is None else find_search(connection, run)
            kept = saved_searches(connection)
        if chosen is not None:
            _show_moments(context, database, chosen.query)
        else:
            context.show([{"name": entry.name, "query": entry.query} for entry in kept], basics.print_searches)
