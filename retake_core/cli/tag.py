"""`retake tag`."""

import click

from retake_core.cli.context import Context, command
from retake_core.cli.selection import selected, selecting
from retake_core.errors import UserError


@command
@selecting
@click.option("--add", multiple=True, metavar="TAG", help="Give them this tag; can be repeated.")
@click.option("--remove", multiple=True, metavar="TAG", help="Take this tag from them; can be repeated.")
@click.option("--rename", nargs=2, metavar="TAG NEW", help="Call a tag otherwise, wherever it is.")
@click.option("--delete", metavar="TAG", help="Take a tag from all videos.")
def tag(
    context: Context,
    videos: tuple[str, ...],
    query: str | None,
    add: tuple[str, ...],
    remove: tuple[str, ...],
    rename: tuple[str, str] | None,
    delete: str | None,
) -> None:
    """Give tags to videos or take them away; without VIDEO, list all tags and how many videos have each.

    A tag is a word or some, the same in capitals and small letters. The search knows it as tag:NAME.

    \b
    retake tag party.mp4 lake.mp4 --add holiday --add "summer 2024"
    retake tag --query 'folder:2024 longer:1m' --add long
    """  # noqa: D301 - click reads it
    from retake_core.cli.show.marks import marks_document, print_marks, print_tags, tags_document
    from retake_core.library.catalog import videos as videos_of
    from retake_core.library.tags import add_tags, remove_tags, rename_tag, tag_counts

    named = bool(videos) or query is not None
    if (add or remove) and not named:
        raise UserError("Name the videos of the tags, or say which ones with --query.")
    with context.library() as database, database.writing() as connection:
        if rename is not None:
            rename_tag(connection, *rename)
        if delete is not None:
            rename_tag(connection, delete, None)
        ids = [entry.id for entry in selected(connection, videos, query)]
        remove_tags(connection, ids, remove)
        add_tags(connection, ids, add)
        entries, counts = videos_of(connection, ids), tag_counts(connection)
    if named:
        context.show(marks_document(entries), print_marks)
    else:
        context.show(tags_document(counts), print_tags)
