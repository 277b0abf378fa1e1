"""How the command line shows videos and their keyframes."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.marks import marks_line
from retake_core.cli.show.text import Document, shown
from retake_core.display import clock, readable
from retake_core.library.catalog import VideoEntry
from retake_core.library.keyframes import KeyframeEntry
from retake_core.media.video_info import OWN_COLOURS


def video_document(
    entry: VideoEntry, pieces: Sequence[int] = (), *, whole: bool = False, not_described: str = ""
) -> Document:
    """Return a video as plain data.

    Args:
        entry: the video.
        pieces: the ids of its recording's pieces, where it is one of them.
        whole: whether it stands for the whole recording.
        not_described: why no model could describe it.
    """
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
        "size": entry.size,
        "stars": entry.stars,
        "favourite": entry.favourite,
        "hidden": entry.hidden,
        "tags": list(entry.tags),
        "live": entry.live,
        "pieces": list(pieces),
        "piece": pieces.index(entry.id) + 1 if pieces and not whole else None,
        "position": entry.position,
        "error": entry.error,
        "not_described": not_described or None,
        "remark": OWN_COLOURS if entry.own_colours else None,
    }


def print_videos(entries: Sequence[Document], *, filtered: bool = False) -> None:
    """Print a table of videos; `filtered` says that there may be others."""
    if not entries:
        empty = "The library is empty; add a folder: retake index DIR"
        Console().print("No video matches." if filtered else empty)
        return
    marked = any(map(marks_line, entries))
    columns = ("id", "video", "length", "size", "keyframes", *(["marks"] if marked else []), "state")
    table = Table(*columns, box=None, header_style="bold")
    for entry in entries:
        length = "" if entry["duration"] is None else clock(entry["duration"])
        size = f"{entry['width']} x {entry['height']}" if entry["width"] else ""
        state = entry["state"] + (f": {entry['error']}" if entry["error"] else "")
        state += f"; could not be described: {entry['not_described']}" if entry["not_described"] else ""
        state += "; film of a live photo" if entry["live"] else ""
        if number := len(entry["pieces"]):
            state += f"; piece {entry['piece']} of {number}" if entry["piece"] else f"; {number} pieces"
        name = shown(Path(entry["path"]).name)
        marks = [shown(marks_line(entry))] if marked else []
        table.add_row(str(entry["id"]), name, length, size, str(entry["keyframes"]), *marks, shown(state))
    Console().print(table)
    for entry in entries:
        if entry["remark"]:
            name = shown(Path(entry["path"]).name)
            Console().print(f"{name}: [yellow]{entry['remark']}[/yellow]", soft_wrap=True)


def keyframes_document(entry: VideoEntry, keyframes: Sequence[KeyframeEntry], sheet: Path | None) -> Document:
    """Return keyframes as plain data."""
    return {
        "video": video_document(entry),
        "sheet": None if sheet is None else readable(sheet),
        "keyframes": [{"time": keyframe.time, "prominence": keyframe.prominence} for keyframe in keyframes],
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
