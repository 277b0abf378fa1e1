"""What is said in a video, as a list of lines and as the files that other programs read."""

from collections import defaultdict
from collections.abc import Iterable

import pysubs2
from sqlalchemy import Connection, select

from retake_core.clock import clock
from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import text
from retake_core.library.texts import SPEECH, Kind, TextEntry

_BESIDE = "beside:"
# Both formats take these for markup, and neither has a way to write them that all players understand.
_PLAIN = str.maketrans("{}<>", "()‹›")


def spoken(connection: Connection, video_id: int) -> list[TextEntry]:
    """Return what is said in a video, in order of time.

    One source speaks at a time: the subtitles beside the file, else those in it, else what a model heard; of
    several of a kind, the one that says most.
    """
    statement = (
        select(text)
        .where(text.c.video_id == video_id, text.c.kind == Kind.SPOKEN, text.c.start_us.is_not(None))
        .order_by(text.c.start_us, text.c.id)
    )
    sources: dict[str, list[TextEntry]] = defaultdict(list)
    for row in connection.execute(statement):
        end = row.start_us if row.end_us is None else row.end_us
        times = row.start_us / MICROSECONDS, end / MICROSECONDS
        sources[row.source].append(TextEntry(row.id, video_id, Kind.SPOKEN, *times, row.content))
    if not sources:
        return []
    best = max(sources, key=lambda name: (name.startswith(_BESIDE), name != SPEECH, len(sources[name])))
    return sources[best]


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
