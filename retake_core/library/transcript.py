"""What is said in a video, from the best source that the library has."""

from collections import defaultdict

from sqlalchemy import Connection, select

from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import text
from retake_core.library.texts import SPEECH, TextEntry, TextKind

_BESIDE = "beside:"


def spoken(connection: Connection, video_id: int) -> list[TextEntry]:
    """Return what is said in a video, in order of time.

    One source speaks at a time: the subtitles beside the file, else those in it, else what a model heard; of
    several of a kind, the one that says most.
    """
    statement = (
        select(text)
        .where(text.c.video_id == video_id, text.c.kind == TextKind.SPOKEN, text.c.start_us.is_not(None))
        .order_by(text.c.start_us, text.c.id)
    )
    sources: dict[str, list[TextEntry]] = defaultdict(list)
    for row in connection.execute(statement):
        end = row.start_us if row.end_us is None else row.end_us
        times = row.start_us / MICROSECONDS, end / MICROSECONDS
        sources[row.source].append(TextEntry(row.id, video_id, TextKind.SPOKEN, *times, row.content))
    if not sources:
        return []
    best = max(sources, key=lambda name: (name.startswith(_BESIDE), name != SPEECH, len(sources[name])))
    return sources[best]
