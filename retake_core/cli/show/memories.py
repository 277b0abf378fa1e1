"""How the command line shows what is remembered of videos."""

import time
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.text import Document, shown
from retake_core.display import data_size, readable
from retake_core.questions.memories import MemoryEntry


def memories_document(entries: Sequence[MemoryEntry], quota: int) -> Document:
    """Return the memories as plain data."""
    return {
        "memories": [
            {
                "video": None if entry.video is None else readable(entry.video),
                "model": entry.stored.model,
                "bytes": entry.stored.size,
                "used": entry.stored.used,
                "pinned": entry.stored.pinned,
            }
            for entry in entries
        ],
        "total_bytes": sum(entry.stored.size for entry in entries),
        "quota_bytes": quota,
    }


def print_memories(document: Document) -> None:
    """Print a table of memories."""
    console = Console()
    if document["memories"]:
        table = Table("video", "model", "size", "last used", "pinned", box=None, header_style="bold")
        for entry in document["memories"]:
            used = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry["used"]))
            video = "not in the library" if entry["video"] is None else entry["video"].rpartition("/")[2]
            pinned = "yes" if entry["pinned"] else ""
            model = entry["model"].rpartition("/")[2]
            table.add_row(shown(video), shown(model), data_size(entry["bytes"]), used, pinned)
        console.print(table)
    else:
        console.print("No video is remembered yet; the first question about one makes a memory.")
    console.print(f"{data_size(document['total_bytes'])} of {data_size(document['quota_bytes'])} used.")
