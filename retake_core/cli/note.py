"""`retake note`."""

import click
from sqlalchemy import Connection

from retake_core.cli.context import Context, command
from retake_core.cli.moments import parse_moment
from retake_core.cli.options import written
from retake_core.errors import UserError


@command
@click.argument("target", metavar="[VIDEO[@TIME]]", required=False)
@click.argument("text", type=written, required=False)
@click.option("--edit", type=(str, written), metavar="ID TEXT", help="Write the note of this number anew.")
@click.option("--delete", type=int, metavar="ID", help="Delete the note of this number.")
def note(
    context: Context, target: str | None, text: str | None, edit: tuple[str, str] | None, delete: int | None
) -> None:
    """Write TEXT down about a video or a time in it; without TEXT, list the notes of VIDEO, or all.

    The search finds notes by their words; note:WORD looks nowhere else.

    \b
    retake note party.mp4@1:05 "Grandma laughs"
    retake note party.mp4 "filmed by Ada"
    """  # noqa: D301 - click reads it
    from retake_core.cli.show.notes import notes_document, print_notes
    from retake_core.library.catalog import videos_by_id
    from retake_core.library.notes import add_note, change_note, delete_note, notes

    if text is not None and not text.strip():
        raise UserError("The note is empty; --delete ID deletes one.")
    with context.library() as database, database.writing() as connection:
        if edit is not None:
            if not edit[0].isdecimal():
                raise UserError(f"{edit[0]} is no number of a note; `retake note` shows them.")
            change_note(connection, int(edit[0]), edit[1])
        if delete is not None:
            delete_note(connection, delete)
        video_id, seconds = (None, None) if target is None else _place(connection, target)
        if text is not None and video_id is not None:
            add_note(connection, [video_id], text, seconds)
        found = notes(connection, video_id)
        entries = videos_by_id(connection, {entry.video_id for entry in found})
    context.show(notes_document(found, entries), print_notes)


def _place(connection: Connection, target: str) -> tuple[int, float | None]:
    """Return the video that is meant, and the seconds in it; the whole, where no time is told."""
    from retake_core.library.catalog import find_video

    try:
        return find_video(connection, target).id, None  # a name may have an @ of its own
    except UserError:
        if "@" not in target:
            raise
    name, seconds = parse_moment(target)
    return find_video(connection, name).id, seconds
