"""`retake rename`."""

from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.display import readable
from retake_core.system.files import absolute


@command
@click.argument("video")
@click.argument("name")
def rename(context: Context, video: str, name: str) -> None:
    """Rename the file of VIDEO in its folder to NAME, with the subtitles beside it; the library follows at once.

    The ending stays. No file is overwritten. Of copies the one is renamed whose path is given, else the first.
    """
    from retake_core.cli.show.text import print_line
    from retake_core.indexing.renaming import rename_video
    from retake_core.library.catalog import find_video

    with context.library() as database:
        with database.reading() as connection:
            entry = find_video(connection, video)
        path = absolute(Path(video))
        new = rename_video(database, entry.id, name, path if path in entry.paths else None)
    context.show(
        {"id": entry.id, "path": readable(new)}, lambda document: print_line(f"It is {document['path']} now.")
    )
