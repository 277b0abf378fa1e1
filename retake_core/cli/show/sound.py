"""How the command line shows the sound tracks of a video."""

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.text import Document, shown
from retake_core.display import readable
from retake_core.library.catalog import VideoEntry
from retake_core.media.ffmpeg.audio_tracks import AudioTracks


def sound_document(entry: VideoEntry, found: AudioTracks) -> Document:
    """Return the sound tracks of a video as plain data."""
    return {
        "video": readable(entry.path),
        "reason": found.reason.value,
        "tracks": [
            {
                "track": track.number,
                "language": track.language,
                "title": track.title,
                "channels": track.channels,
                "codec": track.codec,
                "listened": track.listened,
            }
            for track in found.tracks
        ],
    }


def print_sound(document: Document) -> None:
    """Print the sound tracks of a video, and why one is listened to."""
    if not document["tracks"]:
        Console().print("It has no sound.")
        return
    table = Table("track", "language", "title", "channels", "codec", "listened to", box=None, header_style="bold")
    for track in document["tracks"]:
        table.add_row(
            str(track["track"]),
            shown(track["language"] or ""),
            shown(track["title"] or ""),
            str(track["channels"] or ""),
            track["codec"],
            f"yes: {document['reason']}" if track["listened"] else "",
        )
    Console().print(table)
