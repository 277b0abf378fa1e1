"""What is said in a video, as a list of lines and as the files that other programs read."""

import html
from collections.abc import Iterable

import pysubs2
import webvtt

from retake_core.display import clock
from retake_core.library.texts import TextEntry

# SubRip takes these for markup, and has no way to write them that all players understand.
_PLAIN = str.maketrans("{}<>", "()‹›")


def to_srt(cues: Iterable[TextEntry]) -> str:
    """Return a SubRip file; who speaks stands before the words."""
    document = pysubs2.SSAFile()
    for cue in cues:
        start, end = _span(cue)
        event = pysubs2.SSAEvent(start=round(start * 1000), end=round(end * 1000))
        event.plaintext = cue.shown.translate(_PLAIN)
        document.append(event)
    return document.to_string("srt")


def to_vtt(cues: Iterable[TextEntry]) -> str:
    """Return a WebVTT file, with the voices of those who speak."""
    document = webvtt.WebVTT()
    for cue in cues:
        start, end = _span(cue)
        words = html.escape(cue.content, quote=False)
        voice = f"<v {html.escape(cue.speaker, quote=False)}>" if cue.speaker else ""
        times = (webvtt.models.Timestamp.from_seconds(time) for time in (start, end))
        begin, finish = map(str, times)
        document.captions.append(webvtt.Caption(begin, finish, voice + words))
    return str(document.content) + "\n"


def to_text(cues: Iterable[TextEntry]) -> str:
    """Return a line for each cue: when it begins, who speaks, and what is said."""
    return "".join(f"{clock(cue.start or 0.0)}  {' '.join(cue.shown.split())}\n" for cue in cues)


def _span(cue: TextEntry) -> tuple[float, float]:
    start = cue.start or 0.0
    return start, max(cue.end or start, start)
