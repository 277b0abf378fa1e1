"""`retake backup` and `restore`."""

from pathlib import Path

import click

from retake_core.cli.context import Context, command
from retake_core.system.files import absolute
from retake_core.system.writer_lock import only_writer


@command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--memories", is_flag=True, help="Also what is remembered of videos.")
@click.option("--faces", is_flag=True, help="Also the faces that were found, and who they are.")
def backup(context: Context, file: Path, memories: bool, faces: bool) -> None:
    """Write the library and the settings into FILE, also while indexing runs."""
    from retake_core.cli.show.maintenance import backup_document, print_backup
    from retake_core.maintenance.backup import write_backup

    with context.library():
        contents = write_backup(context.data_dir, absolute(file), memories=memories, faces=faces)
    context.show(backup_document("Backed up", file, contents), print_backup)


@command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Also when there are videos in the library.")
def restore(context: Context, file: Path, replace: bool) -> None:
    """Put the backup in FILE in the place of the library, which stays as it is unless all goes well."""
    from retake_core.cli.show.maintenance import backup_document, print_backup
    from retake_core.maintenance.backup import restore_backup

    context.data_dir.create()
    with only_writer(context.data_dir):
        contents = restore_backup(context.data_dir, absolute(file), replace=replace)
    context.show(backup_document("Restored", file, contents), print_backup)
