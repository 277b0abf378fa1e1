"""How the command line shows that recordings are described."""

from pathlib import Path

from rich.console import Console

from retake_core.cli.show.text import Document, shown
from retake_core.display import counted, data_size
from retake_core.protocol.indexing_events import (
    DescribingFailed,
    DescribingPlanned,
    IndexingEvent,
    VideoDescribed,
)


def collect_described(event: IndexingEvent, summary: Document, console: Console) -> None:
    """Put what was described into the summary, and tell at once what it takes and what went wrong."""
    match event:
        case DescribingPlanned():
            console.print(_plan(event))
        case VideoDescribed():
            summary["described"].append(event)
        case DescribingFailed():
            summary["not_described"].append(event)
            console.print(f"{shown(event.path)}: [red]could not be described: {shown(event.reason)}[/red]")


def print_described(summary: Document, console: Console) -> None:
    """Print how many videos were described, and how many could not be."""
    if described := summary["described"]:
        chapters = counted(sum(event.chapters for event in described), "chapter")
        left_out = sum(event.unsupported for event in described)
        without = f" Left out, as nothing to be seen supports them: {left_out}." if left_out else ""
        console.print(
            f"Described {counted(len(described), 'video')}: {chapters}.{without} Read them: retake chapters VIDEO"
        )
    if failed := summary["not_described"]:
        videos = counted(len(failed), "video")
        console.print(f"Could not be described: {videos}. Try again: retake index --retry --describe")


def _plan(event: DescribingPlanned) -> str:
    minutes = None if event.seconds is None else counted(max(1, round(event.seconds / 60)), "minute")
    long = "" if minutes is None else f" That takes about {minutes}."
    return (
        f"{counted(event.videos, 'video')} to describe with {shown(Path(event.model).name)}.{long} Their memories "
        f"take {data_size(event.size)} of disk, as far as the limit for memories leaves room."
    )
