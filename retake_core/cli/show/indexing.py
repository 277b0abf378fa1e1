"""How the command line shows indexing: progress, and what was done."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn

from retake_core.cli.show.describing import collect_described, print_described
from retake_core.cli.show.text import Document, shown
from retake_core.display import counted, time_left
from retake_core.models.catalogue import encoder_title
from retake_core.protocol import indexing_events
from retake_core.protocol.indexing_events import IndexingEvent, PassName

_PASSES = {
    PassName.ATTRIBUTES: "Measuring colours and shapes",
    PassName.MEANING: "Preparing search by meaning",
    PassName.SCREEN: "Reading text on screen",
    PassName.FACES: "Looking for faces",
    PassName.SPEECH: "Listening",
    PassName.DESCRIBE: "Describing",
}


def follow_indexing(events: Iterator[IndexingEvent]) -> Document:
    """Show a run's progress on standard error and return its summary."""
    kinds = ("scanned", "failed", "deferred", "remarks", "read", "faces", "described", "not_described")
    summary: Document = {kind: [] for kind in kinds}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[numbers]}"))
    errors = Console(stderr=True)
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as display:
        task = display.add_task("Looking for videos", total=1.0, numbers="")
        for event in events:
            _collect(event, summary, display.console)
            collect_described(event, summary, display.console)
            match event:
                case (
                    indexing_events.Scanning()
                    | indexing_events.Switching()
                    | indexing_events.PassStarted()
                    | indexing_events.PassProgress()
                ):
                    display.update(task, **_bar(event))
    return summary


def _collect(event: IndexingEvent, summary: Document, console: Console) -> None:
    """Put what is not about progress into the summary, and tell at once what went wrong."""
    match event:
        case indexing_events.Scanned():
            summary["scanned"].append(event)
        case indexing_events.Waiting():
            console.print(f"[yellow]{escape(event.reason)}[/yellow]")
        case indexing_events.VideoFailed():
            summary["failed"].append(event)
            console.print(f"{shown(event.path)}: [red]{shown(event.reason)}[/red]")
        case indexing_events.VideoDeferred():
            summary["deferred"].append(event.path)
        case indexing_events.TextRead():
            summary["read"].append(event)
        case indexing_events.FacesFound():
            summary["faces"].append(event)
        case indexing_events.Remarked():
            summary["remarks"].append(event)
            about = f"{shown(event.path)}: " if event.path else ""
            console.print(f"{about}[yellow]{shown(event.text)}[/yellow]")
        case indexing_events.Indexed():
            summary["result"] = event


def _bar(
    event: indexing_events.Scanning
    | indexing_events.Switching
    | indexing_events.PassStarted
    | indexing_events.PassProgress,
) -> dict[str, Any]:
    match event:
        case indexing_events.Scanning():
            return _scanning(event)
        case indexing_events.Switching():
            return _switching(event)
        case indexing_events.PassStarted():
            return {"description": _PASSES.get(event.name, f"{event.name} pass"), "completed": 0, "numbers": ""}
        case indexing_events.PassProgress():
            return {"completed": event.fraction, "numbers": _numbers(event)}


def _scanning(event: indexing_events.Scanning) -> dict[str, Any]:
    if event.unread:
        share, numbers = event.read / event.unread, f"{event.read:,} of {event.unread:,}"
        return {"description": "Reading new files", "completed": share, "numbers": numbers}
    return {"description": "Looking for videos", "completed": 0.0, "numbers": counted(event.found, "file")}


def _switching(event: indexing_events.Switching) -> dict[str, Any]:
    switch = event.switch
    left = "" if event.time_left is None else f", {time_left(event.time_left)}"
    return {
        "description": f"Getting ready to search with {encoder_title(switch.wanted)}",
        "completed": switch.ready / max(1, switch.keyframes),
        "numbers": f"{switch.ready:,} of {counted(switch.keyframes, 'keyframe')}{left}",
    }


def _numbers(event: indexing_events.PassProgress) -> str:
    left = "" if event.time_left is None else f", {time_left(event.time_left)}"
    speed = f"{event.speed:.0f}" if event.speed >= 10 else f"{event.speed:.1f}"
    name = f" in {shown(Path(event.working[0].path).name)}" if event.name in _PASSES and event.working else ""
    return f"{event.done} of {counted(event.videos, 'video')}{name}, {speed}x realtime{left}"


def print_indexed(summary: Document) -> None:
    """Print what a run did."""
    console = Console()
    for scan in summary["scanned"]:
        counts = [counted(scan.found, "video"), f"{scan.new} new"]
        counts += [
            f"{number} {word}"
            for number, word in (
                (scan.changed, "changed"),
                (scan.moved, "moved or copied"),
                (scan.missing, "not there now"),
            )
            if number
        ]
        console.print(f"Scanned: {', '.join(counts)}.")
        if scan.left_out:
            console.print(
                f"Left out now, and no longer shown: {counted(scan.left_out, 'known video')}. They come back when "
                "nothing leaves them out; to forget them: retake remove --left-out"
            )
        for path in scan.deferred:
            console.print(f"Still being written, left for the next run: {shown(path)}")
        for problem in scan.problems:
            console.print(f"[yellow]Cannot be read:[/yellow] {shown(problem)}")
        if scan.unknown:
            console.print(
                f"Passed over: {counted(scan.unknown, 'file')} of which neither name nor content tells what it is."
            )
    for path in summary["deferred"]:
        console.print(f"Changed while it was read, left for the next run: {shown(path)}")
    result = summary["result"]
    left = summary["deferred"] or any(scan.deferred or scan.problems for scan in summary["scanned"])
    speed = result.video_seconds / max(result.seconds, 1e-3)
    console.print(
        f"Indexed in {result.seconds:.1f} s: {counted(result.keyframes, 'keyframe')} in the library"
        + (f", {speed:.0f}x realtime." if result.videos else "." if left else "; nothing was left to do.")
    )
    for name, what in ((PassName.SCREEN, "Text on screen read in"), (PassName.SPEECH, "Listened to")):
        if texts := [event.texts for event in summary["read"] if event.name == name]:
            console.print(f"{what} {counted(len(texts), 'video')}: {counted(sum(texts), 'text')}.")
    if faces := [event.faces for event in summary["faces"]]:
        videos = counted(len(faces), "video")
        console.print(f"Looked for faces in {videos}: {sum(faces)} found. See who is there: retake people")
    print_described(summary, console)
