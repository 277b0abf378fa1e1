"""How the command line shows what looking after the library brought."""

from dataclasses import asdict
from pathlib import Path

from retake_core.cli.show.text import Document, print_line
from retake_core.display import counted, data_size, readable
from retake_core.maintenance.backup import BackupContents
from retake_core.protocol.indexing_events import Freed


def backup_document(did: str, file: Path, contents: BackupContents) -> Document:
    """Return what a backup holds, and what was done with it, as plain data."""
    return {"did": did, "file": readable(file), **asdict(contents)}


def print_backup(document: Document) -> None:
    """Print what a backup holds."""
    memories = f" and {counted(document['memories'], 'memory', 'memories')}" if document["memories"] else ""
    faces = f", {counted(document['faces'], 'face')}" if document["faces"] else ""
    videos, size = counted(document["videos"], "video"), data_size(document["size"])
    print_line(f"{document['did']} {videos}{faces}{memories}: {document['file']}, {size}.")


def print_freed(freed: Freed) -> None:
    """Print what a removal brought."""
    videos = counted(freed.videos, "video")
    print_line(f"Removed {videos} from the library; {data_size(freed.size)} of disk are free again.")
