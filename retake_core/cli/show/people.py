"""How the command line shows people: who they are, and where they are seen."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.text import Document, print_line, shown
from retake_core.display import clock, data_size, readable
from retake_core.library.catalog import VideoEntry
from retake_core.library.persons import PersonEntry
from retake_core.protocol.indexing_events import FacesForgotten

MOST_MOMENTS = 3  # of a person in the table


def people_document(
    entries: Sequence[PersonEntry], videos: Mapping[int, VideoEntry], *, everybody: bool
) -> Document:
    """Return people as plain data.

    Args:
        entries: all of them.
        videos: that they are seen in, by id.
        everybody: also those who are hidden, and those without a name who are seen a single time.
    """
    listed = [entry for entry in entries if everybody or entry.listed]
    return {
        "people": [
            {
                "id": entry.id,
                "name": entry.name,
                "faces": entry.faces,
                "hidden": entry.hidden,
                "moments": [
                    {"video": readable(videos[moment.video_id].path), "time": moment.start}
                    for moment in entry.moments
                    if moment.video_id in videos
                ],
            }
            for entry in listed
        ],
        "others": len(entries) - len(listed),
    }


def print_people(document: Document) -> None:
    """Print who is seen, and where."""
    others = document["others"]
    if not document["people"] and not others:
        print_line("Nobody was found yet; look for faces with: retake index --faces")
        return
    table = Table("number", "name", "faces", "seen in", box=None, header_style="bold")
    for entry in document["people"]:
        name = shown(entry["name"] or "") + (" (hidden)" if entry["hidden"] else "")
        table.add_row(str(entry["id"]), name, str(entry["faces"]), shown(_places(entry["moments"])))
    Console().print(table)
    if others:
        print_line(f"{others} more are hidden, or were seen a single time: retake people --all")


def print_forgotten(forgotten: FacesForgotten) -> None:
    """Print what was forgotten."""
    print_line(f"Forgot {forgotten.faces} faces; {data_size(forgotten.size)} of disk are free again.")


def _places(moments: Sequence[Document]) -> str:
    places = [f"{Path(moment['video']).name}@{clock(moment['time'])}" for moment in moments[:MOST_MOMENTS]]
    more = len(moments) - len(places)
    return ", ".join(places) + (f" and {more} more" if more > 0 else "")
