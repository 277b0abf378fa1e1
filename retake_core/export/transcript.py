"""What is said in a video, as a list of lines and as the files that other programs read."""

from collections.abc import Iterable

import pysubs2

from retake_core.display import clock
from retake_core.library.texts import TextEntry

# Both formats take these for markup, and neither has a way to write them that all players understand.
_PLAIN = str.maketrans("{}<>", "()‹›")


def to_srt(cues: Iterable[TextEntry]) -> str:
    """Return a SubRip file."""
    return _subtitles(cues).to_string("srt")


def to_vtt(cues: Iterable[TextEntry]) -> str:
    """Return a WebVTT file."""
    return _subtitles(cues).to_string("vtt")


def to_text(cues: Iterable[TextEntry]) -> str:
    """Return a line for each cue: when it begins, and what is said."""
    return "".join(f"{clock(cue.start or 0.0)}  {' '.join(cue.content.split())}\n" for cue in cues)


def _subtitles(cues: Iterable[TextEntry]) -> pysubs2.SSAFile:
    document = pysubs2.SSAFile()
    for cue in cues:
        start = cue.start or 0.0
        event = pysubs2.SSAEvent(start=round(start * 1000), end=round((cue.end or start) * 1000))
        event.plaintext = cue.content.translate(_PLAIN)
        document.append(event)
    return document
