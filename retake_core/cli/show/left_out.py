"""How the patterns of what is left out are printed."""

import click

from retake_core.cli.show.text import Document
from retake_core.display import printable


def print_left_out(document: Document) -> None:
    """Print the patterns, one a line."""
    for pattern in document["leave_out"] or ("No pattern leaves anything out.",):
        click.echo(printable(pattern))
