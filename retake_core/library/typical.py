"""What videos of this library are like: what is not known of a new one yet is guessed by it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from retake_core.library.indexing import MICROSECONDS, Depth
from retake_core.library.schema import keyframe, video
from retake_core.media.video_info import Span

NEWEST = 200  # videos that are looked at: those that come are more like them than like old ones


@dataclass(frozen=True, slots=True)
class TypicalVideo:
    """What a second of video comes to.

    Attributes:
        bytes: of its file.
        decoded: seconds of it that the refining pass decodes.
        keyframes: that all passes find.
        audible: seconds of it in videos that have sound.
    """

    bytes: float = 600_000.0
    decoded: float = 0.6
    keyframes: float = 0.15
    audible: float = 1.0


def typical_video(connection: Connection) -> TypicalVideo:
    """Return what the newest videos that were looked at are like, or what is usual while there is none."""
    usual = TypicalVideo()
    known = (video.c.duration_us > 0) & (video.c.depth > Depth.NONE) & video.c.error.is_(None)
    found = select(func.count()).where(keyframe.c.video_id == video.c.id).scalar_subquery()
    columns = (
        video.c.size,
        video.c.duration_us,
        video.c.spans,
        video.c.depth,
        video.c.has_sound,
        found.label("keyframes"),
    )
    rows = connection.execute(select(*columns).where(known).order_by(video.c.id.desc()).limit(NEWEST)).all()
    planned = [row for row in rows if row.spans is not None]
    settled = [row for row in rows if row.depth > Depth.QUICK]
    heard = [row for row in rows if row.has_sound is not None]
    return TypicalVideo(
        bytes=_rate(rows, lambda row: row.size, usual.bytes),
        decoded=_rate(planned, lambda row: _length(row.spans), usual.decoded),
        keyframes=_rate(settled, lambda row: row.keyframes, usual.keyframes),
        audible=_rate(heard, lambda row: row.has_sound * row.duration_us / MICROSECONDS, usual.audible),
    )


def _rate(rows: Sequence[Any], count: Callable[[Any], float], usual: float) -> float:
    """Return what a second of these videos comes to, or what is usual while there is none."""
    seconds = sum(row.duration_us for row in rows) / MICROSECONDS
    return sum(map(count, rows)) / seconds if rows else usual


def _length(stored: bytes) -> float:
    return sum(end - start for start, end in msgspec.json.decode(stored, type=list[Span]))
