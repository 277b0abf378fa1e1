"""Text for a terminal, and plain data for programs."""

from typing import Any

from rich.console import Console
from rich.markup import escape

from retake_core.display import printable

Document = dict[str, Any]
"""What `--json` prints; every command has one, and prints a person's text from it."""


def shown(text: str) -> str:
    """Return a text so that neither Rich nor the terminal takes any of it for a command."""
    return escape(printable(text))


def print_line(text: str) -> None:
    """Print a sentence, however long it is."""
    Console().print(escape(text), soft_wrap=True)
