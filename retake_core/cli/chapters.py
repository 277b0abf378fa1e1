"""`retake chapters`."""

from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.display import readable
from retake_core.errors import UserError


@command
@click.argument("video")
@click.option(
    "--edit", type=click.Path(path_type=Path), metavar="FILE", help="Take title, summary and chapters from FILE."
)
@click.option(
    "--undo",
    is_flag=True,
    help="Forget what --edit took; the next indexing brings what the file or the model tells.",
)
def chapters(context: Context, video: str, edit: Path | None, undo: bool) -> None:
    """Show the chapters of VIDEO: those that its file names, that a model told, or that you wrote.

    FILE holds a line for each chapter, such as "1:30 The cake", or what --json prints; - is standard input. The
    search finds what you wrote, and exports take it along. The video itself is not changed.

    \b
    retake chapters lesson.mp4
    retake chapters lesson.mp4 --json > lesson.json
    retake chapters lesson.mp4 --edit lesson.json
    """  # noqa: D301 - click reads it
    from retake_core.cli.show.chapters import description_document, print_description
    from retake_core.library.catalog import find_video
    from retake_core.library.described import described_state
    from retake_core.library.description import description, undo_description
    from retake_core.library.description_file import keep_description, parse_file

    if edit is not None and undo:
        raise UserError("Use either --edit or --undo.")
    told = None if edit is None else parse_file(_content(edit), readable(edit))
    remarks: list[str] = []
    with context.library() as database, database.writing() as connection:
        entry = find_video(connection, video)
        if told is not None:
            remarks = keep_description(connection, entry, told)
        if undo and undo_description(connection, entry.id):
            remarks = ["What the file itself names comes back with the next: retake index"]
        found = description(connection, entry.id, entry.duration or 0.0)
        reason = described_state(connection, entry.id).reason
    context.show(description_document(entry, found, remarks, reason), print_description)


def _content(file: Path) -> bytes:
    from retake_core.library.description_file import LARGEST

    try:
        with click.open_file(str(file), "rb") as stream:
            content: bytes = stream.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"{readable(file)} cannot be read: {error.strerror}.") from error
    if len(content) > LARGEST:
        raise UserError(f"{readable(file)} is too large to be a list of chapters; nothing was changed.")
    return content
