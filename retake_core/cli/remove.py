"""`retake remove`."""

from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.display import counted
from retake_core.errors import UserError
from retake_core.system.files import absolute
from retake_core.system.writer_lock import only_writer


@command
@click.argument("target", metavar="DIR_OR_VIDEO", required=False)
@click.option("--gone", is_flag=True, help="All videos whose files are gone; connect your drives first.")
@click.option("--left-out", is_flag=True, help="All videos that are left out by patterns, or for where they lie.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(context: Context, target: str | None, gone: bool, left_out: bool, yes: bool) -> None:
    """Forget a folder, or a video whose file is gone, with all that was made of it. No video file is touched."""
    from retake_core.cli.show.maintenance import print_freed
    from retake_core.library.catalog import find_video
    from retake_core.library.folders import folders
    from retake_core.maintenance import removal

    if [target is not None, gone, left_out].count(True) != 1:
        raise UserError("Name a folder or a video, or forget all that is --gone or --left-out.")
    if target is None:
        if gone:
            _remove_gone(context, yes)
        else:
            _remove_left_out(context, yes)
        return
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


def _remove_gone(context: Context, yes: bool) -> None:
    from retake_core.cli.show.maintenance import print_freed
    from retake_core.library.catalog import videos
    from retake_core.maintenance import removal

    with context.library() as database, only_writer(context.data_dir):
        with database.reading() as connection:
            entries = [entry for entry in videos(connection) if entry.offline]
        if entries and not yes:
            gone = counted(len(entries), "video")
            question = f"Forget {gone} without a file, and all that was made of them?"
            click.confirm(question, abort=True)
        freed = removal.remove_gone(database, context.data_dir, entries)
    context.show(freed, print_freed)


def _remove_left_out(context: Context, yes: bool) -> None:
    from retake_core.cli.show.maintenance import print_freed
    from retake_core.library.folders import left_out_videos
    from retake_core.maintenance import removal

    with context.library() as database, only_writer(context.data_dir):
        with database.reading() as connection:
            count = len(left_out_videos(connection))
        if count and not yes:
            click.confirm(f"Forget {counted(count, 'video')} left out, and all that was made of them?", abort=True)
        freed = removal.remove_left_out(database, context.data_dir)
    context.show(freed, print_freed)
