"""How the command line shows things: tables and progress for people, plain data for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from retake_core.display import clock, data_size, printable, readable
from retake_core.hub.recommended import RECOMMENDED_VIDEOLLM
from retake_core.library.catalog import KeyframeEntry, VideoEntry
from retake_core.maintenance.backup import BackupContents
from retake_core.models.catalogue import encoder_title
from retake_core.protocol import events, indexing_events
from retake_core.protocol.indexing_events import PassName
from retake_core.search.moments import Moment
from retake_core.speech.model import INSTALL

Document = dict[str, Any]
_NO_VIDEOLLM = {
    "name": "(none)",
    "available": False,
    "detail": f"get one with: retake models download {RECOMMENDED_VIDEOLLM}",
}

_PASSES = {PassName.SCREEN: "Reading text on screen", PassName.SPEECH: "Listening"}


def shown(text: str) -> str:
    """Return a text so that neither Rich nor the terminal takes any of it for a command."""
    return escape(printable(text))


def follow_indexing(events: Iterator[events.Event]) -> Document:
    """Show a run's progress on standard error and return its summary."""
    summary: Document = {"scanned": [], "failed": [], "deferred": [], "remarks": [], "read": []}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[numbers]}"))
    errors = Console(stderr=True)
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as display:
        task = display.add_task("Looking for videos", total=1.0, numbers="")
        for event in events:
            _collect(event, summary, display.console)
            match event:
                case (
                    indexing_events.Scanning()
                    | indexing_events.Switching()
                    | indexing_events.PassStarted()
                    | indexing_events.PassProgress()
                ):
                    display.update(task, **_bar(event))
    return summary


def _collect(event: events.Event, summary: Document, console: Console) -> None:
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
        case indexing_events.Remarked():
            summary["remarks"].append(event)
            about = f"{shown(event.path)}: " if event.path else ""
            console.print(f"{about}[yellow]{shown(event.text)}[/yellow]")
        case indexing_events.Indexed():
            summary["result"] = event


def describe_switch(switch: indexing_events.Switch) -> str:
    """Say which encoder search uses, and how much the chosen one knows."""
    ready = f"{switch.percent} % of the keyframes are ready for {encoder_title(switch.wanted)}."
    return f"Search still uses {encoder_title(switch.using)}: {ready}" if switch.using else ready


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
    return {"description": "Looking for videos", "completed": 0.0, "numbers": f"{event.found:,} files"}


def _switching(event: indexing_events.Switching) -> dict[str, Any]:
    switch = event.switch
    left = "" if event.time_left is None else f", {clock(event.time_left)} left"
    return {
        "description": f"Getting ready to search with {encoder_title(switch.wanted)}",
        "completed": switch.ready / max(1, switch.keyframes),
        "numbers": f"{switch.ready:,} of {switch.keyframes:,} keyframes{left}",
    }


def _numbers(event: indexing_events.PassProgress) -> str:
    left = "" if event.time_left is None else f", {clock(event.time_left)} left"
    speed = f"{event.speed:.0f}" if event.speed >= 10 else f"{event.speed:.1f}"
    name = f" in {shown(Path(event.working[0].path).name)}" if event.name in _PASSES and event.working else ""
    return f"{event.done} of {event.videos} videos{name}, {speed}x realtime{left}"


def print_indexed(summary: Document) -> None:
    """Print what a run did."""
    console = Console()
    for scan in summary["scanned"]:
        counts = [f"{scan.found} videos", f"{scan.new} new"]
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
        for path in scan.deferred:
            console.print(f"Still being written, left for the next run: {shown(path)}")
        for problem in scan.problems:
            console.print(f"[yellow]Cannot be read:[/yellow] {shown(problem)}")
        if scan.unknown:
            console.print(f"{scan.unknown} files were passed over: neither name nor content tells what they are.")
    for path in summary["deferred"]:
        console.print(f"Changed while it was read, left for the next run: {shown(path)}")
    result = summary["result"]
    speed = result.video_seconds / max(result.seconds, 1e-3)
    console.print(
        f"Indexed in {result.seconds:.1f} s: {result.keyframes} keyframes in the library"
        + (f", {speed:.0f}x realtime." if result.videos else "; nothing was left to do.")
    )
    for name, what in ((PassName.SCREEN, "Text on screen read in"), (PassName.SPEECH, "Listened to")):
        if texts := [event.texts for event in summary["read"] if event.name == name]:
            console.print(f"{what} {len(texts)} videos: {sum(texts)} texts.")


def video_document(entry: VideoEntry) -> Document:
    """Return a video as plain data."""
    return {
        "id": entry.id,
        "path": readable(entry.path),
        "copies": [readable(path) for path in entry.paths[1:]],
        "state": entry.state,
        "duration": entry.duration,
        "width": entry.width,
        "height": entry.height,
        "codec": entry.codec,
        "recorded": entry.dated or entry.recorded,
        "recorded_by": entry.dated_by,
        "keyframes": entry.keyframes,
        "error": entry.error,
    }


def print_videos(entries: Sequence[Document]) -> None:
    """Print a table of videos."""
    if not entries:
        Console().print("The library is empty; add a folder: retake index DIR")
        return
    table = Table("id", "video", "length", "size", "keyframes", "state", box=None, header_style="bold")
    for entry in entries:
        length = "" if entry["duration"] is None else clock(entry["duration"])
        size = f"{entry['width']} x {entry['height']}" if entry["width"] else ""
        state = entry["state"] + (f": {entry['error']}" if entry["error"] else "")
        name = shown(Path(entry["path"]).name)
        table.add_row(str(entry["id"]), name, length, size, str(entry["keyframes"]), shown(state))
    Console().print(table)


def keyframes_document(entry: VideoEntry, found: Sequence[KeyframeEntry], sheet: Path | None) -> Document:
    """Return keyframes as plain data."""
    return {
        "video": video_document(entry),
        "sheet": None if sheet is None else readable(sheet),
        "keyframes": [{"time": keyframe.time, "prominence": keyframe.prominence} for keyframe in found],
    }


def print_keyframes(document: Document) -> None:
    """Print a table of keyframes."""
    console = Console()
    table = Table("time", "seconds", "prominence", box=None, header_style="bold")
    for keyframe in document["keyframes"]:
        bar = "█" * round(20 * keyframe["prominence"])
        table.add_row(clock(keyframe["time"]), f"{keyframe['time']:.2f}", f"{keyframe['prominence']:.2f} {bar}")
    console.print(f"[bold]{shown(Path(document['video']['path']).name)}[/bold]")
    if document["keyframes"]:
        console.print(table)
    else:
        console.print("No keyframes yet; run: retake index")
    if document["sheet"]:
        console.print(f"Contact sheet: {shown(document['sheet'])}")


def moment_document(moment: Moment) -> Document:
    """Return a moment as plain data."""
    return {
        "video": readable(moment.video.path),
        "start": moment.start,
        "end": moment.end,
        "time": moment.time,
        "score": round(moment.score, 3),
        "why": [str(why) for why in moment.why],
        "snippet": moment.snippet.text,
        "marks": list(moment.snippet.marks),
        "copies": [readable(copy.video.path) for copy in moment.copies],
        "offline": moment.video.offline,
    }


def print_moments(moments: Sequence[Document]) -> None:
    """Print moments, best first."""
    if not moments:
        Console().print("Nothing matches.")
        return
    table = Table("score", "time", "span", "video", "why", box=None, header_style="bold")
    for moment in moments:
        span = f"{clock(moment['start'])}-{clock(moment['end'])}"
        name = shown(Path(moment["video"]).name) + (" (offline)" if moment["offline"] else "")
        if moment["copies"]:
            name += f" (and {len(moment['copies'])} more that show the same)"
        table.add_row(f"{moment['score']:.2f}", clock(moment["time"]), span, name, _reason(moment))
    Console().print(table)


def _reason(moment: Document) -> Text:
    """Say why a moment matches, with the matching words in bold."""
    reason = Text(", ".join(moment["why"]))
    if moment["snippet"]:
        # Each sign on its own, so that the places of the words stay right.
        text = Text("".join(sign if sign.isprintable() else " " for sign in moment["snippet"]))
        for start, end in moment["marks"]:
            text.stylize("bold", start, end)
        reason.append(": ").append_text(text)
    return reason


def print_searches(kept: Sequence[Document]) -> None:
    """Print the searches that are kept."""
    if not kept:
        Console().print("No search is kept yet; keep one: retake searches --save NAME QUERY")
        return
    table = Table("name", "query", box=None, header_style="bold")
    for entry in kept:
        table.add_row(shown(entry["name"]), shown(entry["query"]))
    Console().print(table)


def backup_document(did: str, file: Path, contents: BackupContents) -> Document:
    """Return what a backup holds, and what was done with it, as plain data."""
    return {"did": did, "file": readable(file), **asdict(contents)}


def print_backup(document: Document) -> None:
    """Print what a backup holds."""
    memories = f" and {document['memories']} memories" if document["memories"] else ""
    size = data_size(document["size"])
    _line(f"{document['did']} {document['videos']} videos{memories}: {document['file']}, {size}.")


def print_freed(freed: indexing_events.Freed) -> None:
    """Print what a removal brought."""
    _line(f"Removed {freed.videos} videos from the library; {data_size(freed.size)} of disk are free again.")


def _line(text: str) -> None:
    Console().print(escape(text), soft_wrap=True)


def _speech(report: Document) -> str:
    if report["faster_whisper"] is None:
        return f"missing: {INSTALL}"
    return f"faster-whisper {report['faster_whisper']}, model {report['model'] or '(none)'}"


def print_report(report: Document) -> None:
    """Print what `retake doctor` found."""
    console = Console()
    table = Table(box=None, show_header=False)
    torch = report["torch"]
    devices = [
        f"{d['name']}: {d['memory_gb']} GB, {d['free_gb']} GB free, bfloat16 {'yes' if d['bfloat16'] else 'no'}"
        for d in torch.get("devices", [])
    ]
    rows = [
        ("retake", report["retake"]),
        ("python", f"{report['python']} on {report['system']}"),
        (
            "torch",
            f"{torch['version']} (CUDA {torch['cuda_build'] or 'none'})" if torch["version"] else "missing",
        ),
        ("GPU", "; ".join(devices) or "none that torch can use: everything runs on the CPU"),
        *((f"decoder {name}", found or "missing") for name, found in report["decoders"].items()),
        *(
            (
                f"encoder {encoder['name']}",
                f"{'ready' if encoder['available'] else 'missing'}: {encoder['detail']}",
            )
            for encoder in report["encoders"]
        ),
        *(
            (f"text on screen {ocr['name']}", f"{'ready' if ocr['available'] else 'missing'}: {ocr['detail']}")
            for ocr in report["screen_text"]
        ),
        ("speech", _speech(report["speech"])),
        *(
            (f"VideoLLM {model['name']}", f"{'ready' if model['available'] else 'missing'}: {model['detail']}")
            for model in report["videollms"] or [_NO_VIDEOLLM]
        ),
        ("data directory", report["data_dir"]),
        ("free disk", f"{report['free_disk_gb']} GB"),
        *((finding.part, f"{finding.state}: {finding.detail}") for finding in report["findings"]),
    ]
    for name, value in rows:
        table.add_row(f"[bold]{name}[/bold]", shown(str(value)))
    console.print(table)
