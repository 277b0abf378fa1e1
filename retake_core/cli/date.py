"""`retake date`."""

import click

from retake_core.cli.context import Context, command
from retake_core.system.writer_lock import only_writer


@command
@click.argument("video")
@click.argument("date", required=False)
@click.option("--forget", is_flag=True, help="Go by what the recording says again, from the next index on.")
def date(context: Context, video: str, date: str | None, forget: bool) -> None:
    """Tell when VIDEO was recorded, or set it: DATE is 2019, 2019-07-14 or 2019-07-14T15:30."""
    from retake_core.cli.show.dates import date_document, print_date
    from retake_core.library.catalog import find_video
    from retake_core.library.indexing import set_date

    with context.library() as database:
        if date is not None or forget:
            with only_writer(context.data_dir), database.writing() as connection:
                set_date(connection, find_video(connection, video).id, date)
        with database.reading() as connection:
            entry = find_video(connection, video)
    context.show(date_document(entry), print_date)
