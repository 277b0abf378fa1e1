"""The chapters that recordings name themselves."""

from sqlalchemy import Connection, select

from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import text
from retake_core.library.texts import TextEntry, TextKind


def named_chapters(connection: Connection, video_id: int) -> list[TextEntry]:
    """Return the chapters of a video in order of time; none where the recording names none."""
    statement = (
        select(text)
        .where(text.c.video_id == video_id, text.c.kind == TextKind.CHAPTER, text.c.start_us.is_not(None))
        .order_by(text.c.start_us, text.c.id)
    )
    return [
        TextEntry(
            row.id,
            video_id,
            TextKind.CHAPTER,
            row.start_us / MICROSECONDS,
            (row.start_us if row.end_us is None else row.end_us) / MICROSECONDS,
            row.content,
        )
        for row in connection.execute(statement)
    ]
