"""How the date of a recording is printed."""

import click

from retake_core.cli.show.text import Document
from retake_core.display import readable
from retake_core.library.catalog import VideoEntry

_TELLERS = {
    "hand": "set by hand",
    "file": "as the file says",
    "name": "by its name",
    "takeout": "by the description beside it",
    "change": "by the time of its file",
}


def date_document(entry: VideoEntry) -> Document:
    """Return when a video was recorded as plain data."""
    return {
        "video": readable(entry.path),
        "recorded": entry.dated or entry.recorded,
        "recorded_by": entry.dated_by,
    }


def print_date(document: Document) -> None:
    """Print when a video was recorded, and what tells it."""
    teller = _TELLERS.get(document["recorded_by"], "as far as is known")
    click.echo(f"{document['recorded'] or 'unknown'}, {teller}")
