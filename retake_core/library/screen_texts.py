"""Which videos have text on screen to be read, and how far that has come: in stretches of keyframes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from retake_core.library.indexing import MICROSECONDS, Depth, to_microseconds
from retake_core.library.keyframes import KeyframeEntry
from retake_core.library.schema import Presence, file, keyframe, text, video
from retake_core.library.texts import NewText, TextKind, forget_texts, readings, replace_texts
from retake_core.media.video_file import FoundFile

SOURCE = "screen"
LEAST_SIDE = 100  # pixels of a video's shorter side: in smaller ones nothing can be read


@dataclass(frozen=True, slots=True)
class DueScreen:
    """A video whose text on screen is to be read.

    Attributes:
        file: one that holds it.
        duration: seconds.
        keyframes: how many there are.
        stamp: names them and what reads them.
    """

    video_id: int
    file: FoundFile
    duration: float
    keyframes: int
    stamp: str


def due_screens(connection: Connection, engine: str) -> list[DueScreen]:
    """Return the present, sound videos whose keyframes are settled and were not all read by this engine."""
    stamps = readings(connection, SOURCE)
    number, times = func.count().label("keyframes"), func.sum(keyframe.c.time_us).label("times")
    counted = select(keyframe.c.video_id, number, times).group_by(keyframe.c.video_id).subquery()
    side = func.min(func.coalesce(video.c.width, LEAST_SIDE), func.coalesce(video.c.height, LEAST_SIDE))
    statement = (
        select(video.c.id, video.c.duration_us, counted.c.keyframes, counted.c.times, file.c.path, file.c.size)
        .add_columns(file.c.mtime_ns)
        .join(counted, counted.c.video_id == video.c.id)
        .join(file, file.c.video_id == video.c.id)
        .where(
            file.c.missing == Presence.HERE,
            video.c.error.is_(None),
            video.c.depth > Depth.QUICK,
            side >= LEAST_SIDE,
        )
        .order_by(video.c.id, file.c.path.desc())
    )
    due: dict[int, DueScreen] = {}
    for row in connection.execute(statement):
        stamp = f"{engine} {row.keyframes} {row.times}"
        if stamps.get((row.id, SOURCE)) != stamp:
            due[row.id] = DueScreen(
                video_id=row.id,
                file=FoundFile(row.path, row.size, row.mtime_ns),
                duration=(row.duration_us or 0) / MICROSECONDS,
                keyframes=row.keyframes,
                stamp=stamp,
            )
    return list(due.values())


@dataclass(frozen=True, slots=True)
class KeyframeStretch:
    """Keyframes of a video that are read, and stored, in one go.

    Attributes:
        source: under which its texts are stored until the whole video is read.
        stamp: names the keyframes and what reads them.
        keyframes: in order of time.
        end: seconds at which the next stretch begins, or the video ends.
    """

    source: str
    stamp: str
    keyframes: Sequence[KeyframeEntry]
    end: float


def stretches(
    due: DueScreen, keyframes: Sequence[KeyframeEntry], engine: str, length: int
) -> list[KeyframeStretch]:
    """Divide a video's keyframes into stretches of so many."""
    parts = []
    for first in range(0, len(keyframes), length):
        part, following = keyframes[first : first + length], keyframes[first + length : first + length + 1]
        end = following[0].time if following else max(due.duration, part[-1].time)
        times = " ".join(str(to_microseconds(time)) for time in (*(entry.time for entry in part), end))
        digest = hashlib.blake2b(times.encode(), digest_size=16).hexdigest()
        parts.append(KeyframeStretch(f"{SOURCE}:{first // length}", f"{engine} {digest}", part, end))
    return parts


def read_stretches(connection: Connection, video_id: int) -> dict[str, str]:
    """Return the stamps of the stretches that an interrupted run has stored, by source."""
    stamps = readings(connection, f"{SOURCE}:*")
    return {source: stamp for (video, source), stamp in stamps.items() if video == video_id}


def store_stretch(
    connection: Connection, video_id: int, stretch: KeyframeStretch, texts: Sequence[NewText]
) -> None:
    """Store what stands on screen in a stretch."""
    replace_texts(connection, video_id, stretch.source, TextKind.SCREEN, stretch.stamp, texts)


def stretch_texts(connection: Connection, video_id: int, stretch: KeyframeStretch) -> list[NewText]:
    """Return what was stored of a stretch, in order."""
    statement = (
        select(text.c.content, text.c.start_us, text.c.end_us)
        .where(text.c.video_id == video_id, text.c.source == stretch.source)
        .order_by(text.c.id)
    )
    return [
        NewText(row.content, row.start_us / MICROSECONDS, row.end_us / MICROSECONDS)
        for row in connection.execute(statement)
    ]


def finish_screen(connection: Connection, due: DueScreen, texts: Sequence[NewText]) -> None:
    """Store the texts of a whole video, in place of its stretches and of what an earlier reading found."""
    for source in read_stretches(connection, due.video_id):
        forget_texts(connection, due.video_id, source)
    replace_texts(connection, due.video_id, SOURCE, TextKind.SCREEN, due.stamp, texts)
