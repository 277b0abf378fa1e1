"""Videos whose keyframes are settled, and these in stretches that are looked at, and stored, in one go."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from retake_core.library.indexing import MICROSECONDS, Depth, to_microseconds
from retake_core.library.keyframes import KeyframeEntry
from retake_core.library.schema import Presence, file, keyframe, video
from retake_core.media.video_file import FoundFile

LEAST_SIDE = 100  # pixels of a video's shorter side: in smaller ones nothing can be made out


@dataclass(frozen=True, slots=True)
class SettledVideo:
    """A video whose keyframes are settled.

    Attributes:
        fingerprint: of its content.
        file: one that holds it.
        duration: seconds.
        keyframes: how many there are.
        pixels: of a frame, 0 where that is not known.
        stamp: names them and what looks at them.
    """

    video_id: int
    fingerprint: str
    file: FoundFile
    duration: float
    keyframes: int
    pixels: int
    stamp: str


def settled_videos(connection: Connection, engine: str, least_side: int = LEAST_SIDE) -> list[SettledVideo]:
    """Return the present, sound videos whose keyframes are settled.

    Args:
        connection: sees the library.
        engine: names what looks at them, for their stamps.
        least_side: pixels of the shorter side; smaller ones are left out.
    """
    number, times = func.count().label("keyframes"), func.sum(keyframe.c.time_us).label("times")
    counted = select(keyframe.c.video_id, number, times).group_by(keyframe.c.video_id).subquery()
    side = func.min(func.coalesce(video.c.width, least_side), func.coalesce(video.c.height, least_side))
    statement = (
        select(video.c.id, video.c.duration_us, counted.c.keyframes, counted.c.times, file.c.path, file.c.size)
        .add_columns(file.c.mtime_ns, video.c.fingerprint, video.c.width, video.c.height)
        .join(counted, counted.c.video_id == video.c.id)
        .join(file, file.c.video_id == video.c.id)
        .where(
            file.c.missing == Presence.HERE,
            video.c.error.is_(None),
            video.c.depth > Depth.QUICK,
            side >= least_side,
        )
        .order_by(video.c.id, file.c.path.desc())
    )
    settled = {
        row.id: SettledVideo(
            video_id=row.id,
            fingerprint=row.fingerprint,
            file=FoundFile(row.path, row.size, row.mtime_ns),
            duration=(row.duration_us or 0) / MICROSECONDS,
            keyframes=row.keyframes,
            pixels=(row.width or 0) * (row.height or 0),
            stamp=f"{engine} {row.keyframes} {row.times}",
        )
        for row in connection.execute(statement)
    }
    return list(settled.values())


@dataclass(frozen=True, slots=True)
class KeyframeStretch:
    """Keyframes of a video that are looked at, and stored, in one go.

    Attributes:
        number: of the stretch, from 0 on.
        stamp: names the keyframes and what looks at them.
        keyframes: in order of time.
        end: seconds at which the next stretch begins, or the video ends.
        is_last: whether it is the last of its video.
    """

    number: int
    stamp: str
    keyframes: Sequence[KeyframeEntry]
    end: float
    is_last: bool


def stretches(
    duration: float, keyframes: Sequence[KeyframeEntry], engine: str, length: int
) -> list[KeyframeStretch]:
    """Divide the keyframes of a video of `duration` seconds into stretches of so many."""
    parts = []
    for first in range(0, len(keyframes), length):
        part, following = keyframes[first : first + length], keyframes[first + length : first + length + 1]
        end = following[0].time if following else max(duration, part[-1].time)
        times = " ".join(str(to_microseconds(time)) for time in (*(entry.time for entry in part), end))
        digest = hashlib.blake2b(times.encode(), digest_size=16).hexdigest()
        parts.append(KeyframeStretch(first // length, f"{engine} {digest}", part, end, not following))
    return parts
