"""`retake remove`."""

from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.system.files import absolute
from retake_core.system.writer_lock import only_writer


@command
@click.argument("target", metavar="DIR_OR_VIDEO")
def remove(context: Context, target: str) -> None:
    """Forget a folder, or a video whose file is gone, with all that was made of it. No video file is touched."""
    from retake_core.cli.show.maintenance import print_freed
    from retake_core.library.catalog import find_video
    from retake_core.library.folders import folders
    from retake_core.maintenance import removal

    with context.library() as database, only_writer(context.data_dir):
        with database.reading() as connection:
            folder = absolute(Path(target))
            is_folder = folder in [path for _, path in folders(connection)]
            entry = None if is_folder else find_video(connection, target)
        if entry is None:
            freed = removal.remove_folder(database, context.data_dir, folder)
        else:
            freed = removal.remove_video(database, context.data_dir, entry)
    context.show(freed, print_freed)
