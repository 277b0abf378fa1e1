"""Which videos have text on screen to be read, and how far that has come: in stretches of keyframes."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import text
from retake_core.library.settled import KeyframeStretch, SettledVideo, settled_videos
from retake_core.library.texts import NewText, TextKind, forget_texts, readings, replace_texts

SOURCE = "screen"


def due_screens(connection: Connection, engine: str) -> list[SettledVideo]:
    """Return the present, sound videos whose keyframes are settled and were not all read by this engine."""
    stamps = readings(connection, SOURCE)
    return [
        entry
        for entry in settled_videos(connection, engine)
        if stamps.get((entry.video_id, SOURCE)) != entry.stamp
    ]


def read_stretches(connection: Connection, video_id: int) -> dict[str, str]:
    """Return the stamps of the stretches that an interrupted run has stored, by source."""
    stamps = readings(connection, f"{SOURCE}:*")
    return {source: stamp for (video, source), stamp in stamps.items() if video == video_id}


def source_of(stretch: KeyframeStretch) -> str:
    """Return under which source the texts of a stretch are stored until the whole video is read."""
    return f"{SOURCE}:{stretch.number}"


def store_stretch(
    connection: Connection, video_id: int, stretch: KeyframeStretch, texts: Sequence[NewText]
) -> None:
    """Store what stands on screen in a stretch."""
    replace_texts(connection, video_id, source_of(stretch), TextKind.SCREEN, stretch.stamp, texts)


def stretch_texts(connection: Connection, video_id: int, stretch: KeyframeStretch) -> list[NewText]:
    """Return what was stored of a stretch, in order."""
    statement = (
        select(text.c.content, text.c.start_us, text.c.end_us)
        .where(text.c.video_id == video_id, text.c.source == source_of(stretch))
        .order_by(text.c.id)
    )
    return [
        NewText(row.content, row.start_us / MICROSECONDS, row.end_us / MICROSECONDS)
        for row in connection.execute(statement)
    ]


def finish_screen(connection: Connection, due: SettledVideo, texts: Sequence[NewText]) -> None:
    """Store the texts of a whole video, in place of its stretches and of what an earlier reading found."""
    for source in read_stretches(connection, due.video_id):
        forget_texts(connection, due.video_id, source)
    replace_texts(connection, due.video_id, SOURCE, TextKind.SCREEN, due.stamp, texts)
