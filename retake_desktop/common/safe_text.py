"""Names and texts that come from files: data to show, never mark-up to read or marks to obey."""

from pathlib import Path

from PySide6.QtGui import Qt

from retake_core.display import printable, readable


def stem(path: Path) -> str:
    """Return a video's name."""
    return printable(readable(path.stem))


def name(path: Path) -> str:
    """Return the name of a file or folder; a drive has none and is shown whole."""
    return printable(readable(path.name or path))


def whole(path: Path) -> str:
    """Return a path."""
    return printable(readable(path))


def line(text: str) -> str:
    """Return a text on one line."""
    return printable(text)


def tip(text: str) -> str:
    """Return a tool tip that shows a text of one or more lines as it is: Qt reads a tip that looks like HTML."""
    text = printable(text, keep="\n")
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text
