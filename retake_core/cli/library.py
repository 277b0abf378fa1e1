"""`retake videos`, `keyframes` and `date` tell of videos; `remove`, `backup`, `restore`, `doctor` keep them."""

from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.cli.show import basics, dates
from retake_core.errors import UserError
from retake_core.system.files import absolute
from retake_core.system.writer_lock import only_writer


@command
@click.argument("target", metavar="DIR_OR_VIDEO", required=False)
@click.option("--gone", is_flag=True, help="All videos whose files are gone; connect your drives first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(context: Context, target: str | None, gone: bool, yes: bool) -> None:
    """Forget a folder, or a video whose file is gone, with all that was made of it. No video file is touched."""
    from retake_core.library.catalog import find_video
    from retake_core.library.folders import folders
    from retake_core.maintenance import removal

    if (target is None) != gone:
        raise UserError("Name a folder or a video, or forget all that is --gone.")
    if target is None:
        _remove_gone(context, yes)
        return
    with context.library() as database, only_writer(context.data_dir):
        with database.reading() as connection:
            folder = absolute(Path(target))
            known = folder in [path for _, path in folders(connection)]
            entry = None if known else find_video(connection, target)
        if entry is None:
            freed = removal.remove_folder(database, context.data_dir, folder)
        else:
            freed = removal.remove_video(database, context.data_dir, entry)
    context.show(freed, basics.print_freed)


def _remove_gone(context: Context, yes: bool) -> None:
    from retake_core.library.catalog import videos as all_videos
    from retake_core.maintenance import removal

    with context.library() as database, only_writer(context.data_dir):
        with database.reading() as connection:
            entries = [entry for entry in all_videos(connection) if entry.offline]
        if entries and not yes:
            question = f"Forget {len(entries)} videos whose files are gone, and all that was made of them?"
            click.confirm(question, abort=True)
        freed = removal.remove_gone(database, context.data_dir, entries)
    context.show(freed, basics.print_freed)


@command
@click.argument("video")
@click.argument("date", required=False)
@click.option("--forget", is_flag=True, help="Go by what the recording says again, from the next index on.")
def date(context: Context, video: str, date: str | None, forget: bool) -> None:
    """Tell when VIDEO was recorded, or set it: DATE is 2019, 2019-07-14 or 2019-07-14T15:30."""
    from retake_core.library.catalog import find_video
    from retake_core.library.indexing import set_date

    with context.library() as database:
        if date is not None or forget:
            with only_writer(context.data_dir), database.writing() as connection:
                set_date(connection, find_video(connection, video).id, date)
        with database.reading() as connection:
            entry = find_video(connection, video)
    context.show(dates.date_document(entry), dates.print_date)


@command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--memories", is_flag=True, help="Also what is remembered of videos.")
def backup(context: Context, file: Path, memories: bool) -> None:
    """Write the library and the settings into FILE, also while indexing runs."""
    from retake_core.maintenance.backup import write_backup

    with context.library():
        written = write_backup(context.data_dir, absolute(file), memories=memories)
    context.show(basics.backup_document("Backed up", file, written), basics.print_backup)


@command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Also when there are videos in the library.")
def restore(context: Context, file: Path, replace: bool) -> None:
    """Put the backup in FILE in the place of the library, which stays as it is unless all goes well."""
    from retake_core.maintenance.backup import restore_backup

    context.data_dir.create()
    with only_writer(context.data_dir):
        restored = restore_backup(context.data_dir, absolute(file), replace=replace)
    context.show(basics.backup_document("Restored", file, restored), basics.print_backup)


@command
@click.option("--repair", is_flag=True, help="Mend what is damaged in the data directory.")
def doctor(context: Context, repair: bool) -> None:
    """Tell what this computer offers, and whether the library is sound."""
    from retake_core.maintenance import health
    from retake_core.maintenance.doctor import examine

    if repair:
        context.data_dir.create()
        with only_writer(context.data_dir):
            findings = health.repair(context.data_dir)
    else:
        findings = health.examine(context.data_dir)
    context.show(examine(context.data_dir, findings), basics.print_report)


@command
def videos(context: Context) -> None:
    """List the videos: duration, keyframes, state, and why one failed."""
    from retake_core.library import catalog

    with context.library() as database, database.reading() as connection:
        entries = catalog.videos(connection)
    context.show([basics.video_document(entry) for entry in entries], basics.print_videos)


@command
@click.argument("video")
@click.option("--top", type=click.IntRange(min=1), help="Only the most prominent ones.")
@click.option(
    "--sheet", type=click.Path(path_type=Path, dir_okay=False), help="Also draw them into this PNG or PDF."
)
def keyframes(context: Context, video: str, top: int | None, sheet: Path | None) -> None:
    """List the keyframes of VIDEO (a path, a file name or an id): times and prominence."""
    from retake_core.export.sheet import write_keyframes
    from retake_core.library import catalog

    with context.library() as database, database.reading() as connection:
        entry = catalog.find_video(connection, video)
        found = catalog.keyframes(connection, entry.id, top)
        if sheet is not None:
            write_keyframes(connection, absolute(sheet), entry.id, top)
    context.show(basics.keyframes_document(entry, found, sheet), basics.print_keyframes)
