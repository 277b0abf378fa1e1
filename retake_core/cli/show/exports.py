"""How the command line shows exports: progress, what was written, and what is not as one might think."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from retake_core.cli.show.text import Document, shown
from retake_core.display import clock, data_size
from retake_core.library.history import StoredMessage
from retake_core.protocol.export_order import Note, Report
from retake_core.protocol.indexing_events import CopyProgress


@contextmanager
def export_bar() -> Iterator[Callable[[CopyProgress], None]]:
    """Show the progress of an export on standard error."""
    errors = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as display:
        task = display.add_task("Writing", total=1.0)
        yield lambda progress: display.update(task, completed=progress.fraction)


def export_document(report: Report) -> Document:
    """Return what was written as plain data."""
    document: Document = msgspec.to_builtins(report)
    document["notes"] = [{**note, "text": sentence(Note(**note))} for note in document["notes"]]
    return document


def print_export(document: Document) -> None:
    """Print what was written."""
    console = Console()
    console.print(f"Wrote {shown(document['target'])}, {data_size(document['size'])}.", soft_wrap=True)
    for part in document["parts"]:
        span = f"{clock(part['start'])} to {clock(part['end'])}"
        console.print(f"At {clock(part['at'])}: {span}, {part['end'] - part['start']:.2f} s.", soft_wrap=True)
    for note in document["notes"]:
        console.print(f"[yellow]{shown(note['text'])}[/yellow]", soft_wrap=True)


def sentence(note: Note) -> str:
    """Return a note as a sentence."""
    rate = f"{note.value:.5g}"
    return {
        "starts earlier": f"It begins {note.value:.1f} s earlier, at the recording's key frame; see --exact.",
        "encoded": "It was encoded anew: this recording cannot be cut by copying, or not into one file.",
        "tone-mapped": "Its high dynamic range became what every screen shows; without --exact it is kept.",
        "without subtitles": "The recording's subtitles are left out; `retake export transcript` writes them.",
        "without other sound": "Only the recording's first sound is in it.",
        "without data": "Other streams of the recording, such as its own data, are left out.",
        "variable rate": f"The frames come at odd times; they were counted at {rate} a second, to the nearest.",
        "other rate": f"Editing programs do not know the recording's frame rate; it was counted at {rate}.",
        "several rates": f"The recordings differ in their frame rates; the sequence counts at {rate}.",
        "drop frame": f"Time codes at {rate} frames a second leave out numbers, so that they keep to the clock.",
        "moved to the start": f"The first chapter starts {note.value:.0f} s early, at 0:00, as YouTube wants it.",
        "added a start": "An entry at 0:00 with the recording's name comes first, as YouTube wants it.",
        "joined": f"YouTube wants 10 s for a chapter; so many joined the one before: {note.value:.0f}.",
        "few entries": f"YouTube wants three chapters of 10 s, and {note.value:.0f} are so long: it shows none.",
        "left out": f"{note.value:.0f} moments were left out: their videos are no longer in the library.",
    }[note.kind]


def answers_document(messages: Sequence[StoredMessage]) -> list[Document]:
    """Return questions of the history as plain data."""
    return [
        {"id": message.id, "question": message.question, "state": str(message.state), "answer": message.answer}
        for message in messages
    ]


def print_answers(answers: Sequence[Document]) -> None:
    """Print questions with their numbers."""
    console = Console()
    if not answers:
        console.print("No question is in the history yet; ask one: retake ask QUESTION")
    for answer in answers:
        console.print(f"{answer['id']:5}  {shown(answer['question'])}", soft_wrap=True)
