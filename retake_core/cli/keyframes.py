"""`retake keyframes`."""

from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.system.files import absolute


@command
@click.argument("video")
@click.option("--top", type=click.IntRange(min=1), help="Only the most prominent ones.")
@click.option(
    "--sheet", type=click.Path(path_type=Path, dir_okay=False), help="Also draw them into this PNG or PDF."
)
def keyframes(context: Context, video: str, top: int | None, sheet: Path | None) -> None:
    """List the keyframes of VIDEO (a path, a file name or an id): times and prominence."""
    from retake_core.cli.show.videos import keyframes_document, print_keyframes
    from retake_core.export.sheet import write_keyframes
    from retake_core.library import catalog
    from retake_core.library.keyframes import keyframes as keyframes_of

    with context.library() as database, database.reading() as connection:
        entry = catalog.find_video(connection, video)
        entries = keyframes_of(connection, entry.id, top)
        if sheet is not None:
            write_keyframes(connection, absolute(sheet), entry.id, top)
    context.show(keyframes_document(entry, entries, sheet), print_keyframes)
