"""`retake searches`."""

import dataclasses

import click

from retake_core.cli.context import Context, command
from retake_core.cli.moments import describe_moments, search_library
from retake_core.cli.options import written
from retake_core.protocol.requests import ChangeSearch, Search


@command
@click.option(
    "--save", type=(written, written), metavar="NAME QUERY", help="Keep a search; one of that name goes."
)
@click.option("--delete", metavar="NAME", help="Forget a search.")
@click.option("--run", metavar="NAME", help="Search again.")
def searches(context: Context, save: tuple[str, str] | None, delete: str | None, run: str | None) -> None:
    """List the searches that are kept, as albums: with the number of videos that each lets through."""
    from retake_core.cli.show.search import print_moments, print_searches
    from retake_core.library.searches import find_search
    from retake_core.maintenance.service import MaintenanceService
    from retake_core.search.listing import albums

    with context.library() as database:
        service = MaintenanceService(database, context.data_dir)
        if save is not None:
            service.change(ChangeSearch(id=0, name=save[0], query=save[1]))
        if delete is not None:
            service.change(ChangeSearch(id=0, name=delete))
        with database.reading() as connection:
            query = None if run is None else find_search(connection, run).query
            entries = albums(connection)
        if query is not None:
            moments = search_library(context, database, Search(id=0, query=query, limit=10))
            context.show(describe_moments(database, moments), print_moments)
        else:
            context.show([dataclasses.asdict(entry) for entry in entries], print_searches)
