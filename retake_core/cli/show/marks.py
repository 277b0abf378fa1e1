"""How the command line shows what a person says of videos: stars, favourites, what is hidden, and tags."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.text import Document, shown
from retake_core.display import readable
from retake_core.library.catalog import VideoEntry
from retake_core.library.tags import TagCount


def marks_document(entries: Sequence[VideoEntry]) -> list[Document]:
    """Return what is said of videos as plain data."""
    return [
        {
            "video": readable(entry.path),
            "stars": entry.stars,
            "favourite": entry.favourite,
            "hidden": entry.hidden,
            "tags": list(entry.tags),
        }
        for entry in entries
    ]


def print_marks(entries: Sequence[Document]) -> None:
    """Print what is said of videos."""
    table = Table("video", "marks", box=None, header_style="bold")
    for entry in entries:
        table.add_row(shown(Path(entry["video"]).name), shown(marks_line(entry)))
    Console().print(table)


def marks_line(entry: Document) -> str:
    """Return what is said of a video in one line."""
    words = ["★" * entry["stars"]] if entry["stars"] else []
    words += [name for name in ("favourite", "hidden") if entry[name]]
    words += [", ".join(entry["tags"])] if entry["tags"] else []
    return "; ".join(words)


def tags_document(tags: Sequence[TagCount]) -> list[Document]:
    """Return tags as plain data."""
    return [{"name": tag.name, "videos": tag.videos} for tag in tags]


def print_tags(tags: Sequence[Document]) -> None:
    """Print tags, and how many videos have each."""
    if not tags:
        Console().print("No video has a tag yet; give one: retake tag VIDEO --add TAG")
        return
    table = Table("tag", "videos", box=None, header_style="bold")
    for tag in tags:
        table.add_row(shown(tag["name"]), str(tag["videos"]))
    Console().print(table)
