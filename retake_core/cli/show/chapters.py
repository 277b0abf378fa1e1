"""How the command line shows what a recording is about."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.text import Document, print_line, shown
from retake_core.display import clock, printable, readable
from retake_core.library.catalog import VideoEntry
from retake_core.library.description import DescribedBy, Description


def description_document(
    video: VideoEntry, found: Description, remarks: Sequence[str], reason: str = ""
) -> Document:
    """Return what a recording is about as plain data; times are seconds.

    Args:
        video: the recording.
        found: what is told of it.
        remarks: sentences about what was done.
        reason: why no model could describe it.
    """
    return {
        "video": readable(video.path),
        "title": found.title,
        "summary": found.summary,
        "chapters": [
            {"start": each.start, "end": each.end, "title": each.title, "text": each.text}
            for each in found.chapters
        ],
        "by": found.by,
        "model": found.model or None,
        "not_described": reason or None,
        "remarks": list(remarks),
    }


def print_description(document: Document) -> None:
    """Print title, summary and a line for each chapter."""
    for text in (document["title"], document["summary"]):
        if text:
            print_line(printable(text, "\n"))
    if document["chapters"]:
        table = Table(box=None, show_header=False, pad_edge=False)
        for each in document["chapters"]:
            told = f"[dim]{shown(each['text'])}[/dim]" if each["text"] else ""
            table.add_row(clock(each["start"]), shown(each["title"]), told)
        Console().print(table)
    elif not document["title"] and not document["summary"]:
        print_line("It has no chapters; write some: retake chapters VIDEO --edit FILE")
    if document["model"]:
        what = "Title and summary" if document["by"] == DescribedBy.FILE else "Described"
        print_line(f"{what} by {printable(Path(document['model']).name)}")
    if document["not_described"]:
        print_line(f"It could not be described: {printable(document['not_described'])}")
    for remark in document["remarks"]:
        print_line(remark)
