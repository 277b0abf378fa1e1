"""How the command line shows notes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.text import Document, shown
from retake_core.display import clock, readable
from retake_core.library.catalog import VideoEntry
from retake_core.library.notes import NoteEntry


def notes_document(notes: Sequence[NoteEntry], videos: Mapping[int, VideoEntry]) -> list[Document]:
    """Return notes as plain data."""
    return [
        {
            "id": note.id,
            "video": readable(videos[note.video_id].path),
            "time": note.time,
            "text": note.content,
            "created": _date(note.created),
            "changed": _date(note.changed),
        }
        for note in notes
        if note.video_id in videos
    ]


def print_notes(notes: Sequence[Document]) -> None:
    """Print notes with their numbers."""
    if not notes:
        Console().print('There is no note yet; write one: retake note VIDEO@TIME "TEXT"')
        return
    table = Table("id", "video", "time", "note", box=None, header_style="bold")
    for note in notes:
        time = "" if note["time"] is None else clock(note["time"])
        text = "\n".join(shown(line) for line in note["text"].splitlines())
        table.add_row(str(note["id"]), shown(Path(note["video"]).name), time, text)
    Console().print(table)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")
