"""What exports are called, and what is told of them."""

from PySide6.QtCore import QCoreApplication

from retake_core.protocol.export_order import SUFFIXES, Note, NoteKind, What
from retake_desktop.common import wording

Format = tuple[What, str]
"""What is written, and the ending of the file."""


def formats(kinds: tuple[What, ...]) -> list[tuple[Format, str]]:
    """Return the formats of some kinds of files with their names."""
    names = _names()
    return [
        ((kind, suffix), names[kind, suffix])
        for kind in kinds
        for suffix in SUFFIXES[kind]
        if (kind, suffix) in names
    ]


def sentence(note: Note) -> str:
    """Say what is not as one might think."""
    texts: dict[NoteKind, str] = {
        "starts earlier": _tr("It begins {seconds} s earlier, where the recording can be cut by copying."),
        "tone-mapped": _tr("Its high dynamic range was converted, so that every screen can show it."),
        "encoded": _tr("It was encoded again, because this recording cannot be cut by copying."),
        "without subtitles": _tr("The recording's subtitles are not in it."),
        "without other sound": _tr("Only the recording's first sound is in it."),
        "without data": _tr("Other streams of the recording are not in it."),
        "variable rate": _tr("The frames are not evenly spaced; they were counted at {rate} a second."),
        "other rate": _tr("Editing programs do not support its frame rate; it was counted at {rate}."),
        "several rates": _tr("The recordings differ in frame rate; the sequence counts at {rate}."),
        "drop frame": _tr("Time codes skip some numbers (drop frame), to keep in step with the clock."),
        "moved to the start": _tr(
            "The first chapter starts at 0:00, {seconds} s early, because YouTube requires it."
        ),
        "added a start": _tr("An entry at 0:00 was added, because YouTube requires it."),
        "joined": _tr("Chapters under 10 s were joined to the one before: {count}. YouTube requires it."),
        "few entries": _tr("YouTube shows no chapters, because fewer than three last 10 s."),
        "left out": _tr("{count} moments were left out; their videos are gone."),
    }
    count = wording.number(round(note.value))
    return texts[note.kind].format(seconds=f"{note.value:.1f}", rate=f"{note.value:.5g}", count=count)


def _names() -> dict[Format, str]:
    return {
        ("clip", ".mp4"): _tr("Clip (MP4)"),
        ("clip", ".mkv"): _tr("Clip (Matroska)"),
        ("clip", ".mov"): _tr("Clip (QuickTime)"),
        ("frame", ".png"): _tr("Frame (PNG)"),
        ("frame", ".jpg"): _tr("Frame (JPEG)"),
        ("page", ".html"): _tr("Answer as a page (HTML)"),
        ("page", ".md"): _tr("Answer as text with pictures (Markdown)"),
        ("sheet", ".png"): _tr("Contact sheet, one picture (PNG)"),
        ("sheet", ".pdf"): _tr("Contact sheet, pages (PDF)"),
        ("chapters", ".vtt"): _tr("Chapters for web players (WebVTT)"),
        ("chapters", ".txt"): _tr("Chapters for YouTube (text)"),
        ("chapters", ".ffmetadata"): _tr("Chapters for FFmpeg"),
        ("timeline", ".fcpxml"): _tr("Timeline for Final Cut Pro and DaVinci Resolve (FCPXML)"),
        ("timeline", ".edl"): _tr("Timeline for any editing program (EDL)"),
        ("timeline", ".otio"): _tr("Timeline (OpenTimelineIO)"),
        ("transcript", ".srt"): _tr("What is said, as subtitles (SRT)"),
        ("transcript", ".vtt"): _tr("What is said, as subtitles (WebVTT)"),
        ("transcript", ".txt"): _tr("What is said, as text"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("export", text)
