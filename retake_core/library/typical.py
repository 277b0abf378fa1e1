"""What videos of this library are like: what is not known of a new one yet is guessed by it."""

from collections.abc import Iterable, Sequence
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
    """

    bytes: float = 600_000.0
    decoded: float = 0.6
    keyframes: float = 0.15


def typical_video(connection: Connection) -> TypicalVideo:
    """Return what the newest videos that were looked at are like, or what is usual while there is none."""
    usual = TypicalVideo()
    known = (video.c.duration_us > 0) & (video.c.depth > Depth.NONE) & video.c.error.is_(None)
    found = select(func.count()).where(keyframe.c.video_id == video.c.id).scalar_subquery()
    columns = (video.c.size, video.c.duration_us, video.c.spans, video.c.depth, found.label("keyframes"))
    rows = connection.execute(select(*columns).where(known).order_by(video.c.id.desc()).limit(NEWEST)).all()
    planned = [row for row in rows if row.spans is not None]
    settled = [row for row in rows if row.depth > Depth.QUICK]
    return TypicalVideo(
        bytes=_rate((row.size for row in rows), rows) or usual.bytes,
        decoded=_rate((_length(row.spans) for row in planned), planned) if planned else usual.decoded,
        keyframes=_rate((row.keyframes for row in settled), settled) if settled else usual.keyframes,
    )


def _rate(counts: Iterable[float], rows: Sequence[Any]) -> float:
    """Return what a second of these videos comes to."""
    return float(sum(counts)) * MICROSECONDS / max(sum(int(row.duration_us) for row in rows), 1)


def _length(stored: bytes) -> float:
    return sum(end - start for start, end in msgspec.json.decode(stored, type=list[Span]))
