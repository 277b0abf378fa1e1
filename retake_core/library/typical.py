"""What videos of this library are like: what is not known of a new one yet is guessed by it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from retake_core.library.indexing import MICROSECONDS, Depth, DueVideo
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
        closely: keyframes that a pass finds which decodes it all.
        audible: seconds of it in videos that have sound.
    """

    bytes: float = 600_000.0
    decoded: float = 0.6
    keyframes: float = 0.15
    closely: float = 0.3
    audible: float = 1.0

    def keyframes_in(self, video: DueVideo) -> float:
        """Return how many keyframes all passes will have found in a video of which the length is known."""
        if video.found is None:
            return video.duration * self.keyframes
        decoded = video.duration if video.spans is None else _length(video.spans)
        return _expected(video.found, video.duration, decoded, self.closely)


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
    refined = [row for row in settled if row.spans is not None]
    decoded = sum(map(_decoded, refined))
    within = sum(row.keyframes * _decoded(row) / row.duration_us * MICROSECONDS for row in refined)
    closely = within / decoded if decoded else usual.closely

    def keyframes(row: Any) -> float:
        if row.depth > Depth.QUICK or row.spans is None:
            return float(row.keyframes)
        return _expected(row.keyframes, row.duration_us / MICROSECONDS, _decoded(row), closely)

    return TypicalVideo(
        bytes=_rate(rows, lambda row: row.size, usual.bytes),
        decoded=_rate(planned, _decoded, usual.decoded),
        keyframes=_rate(rows, keyframes, usual.keyframes),
        closely=closely,
        audible=_rate(heard, lambda row: row.has_sound * row.duration_us / MICROSECONDS, usual.audible),
    )


def found_quickly(connection: Connection) -> dict[int, int]:
    """Return how many keyframes the quick pass found in videos that no other one has finished, by their ids."""
    rows = connection.execute(
        select(video.c.id, func.count(keyframe.c.id))
        .select_from(video.outerjoin(keyframe, keyframe.c.video_id == video.c.id))
        .where(video.c.depth == Depth.QUICK)
        .group_by(video.c.id)
    )
    return {row.id: row[1] for row in rows}


def _expected(found: int, duration: float, decoded: float, closely: float) -> float:
    """Return how many keyframes a video has in the end: where nothing is decoded, the quick pass's stay."""
    share = min(decoded / duration, 1.0) if duration else 0.0
    return found * (1 - share) + decoded * closely


def _rate(rows: Sequence[Any], count: Callable[[Any], float], usual: float) -> float:
    """Return what a second of these videos comes to, or what is usual while there is none."""
    seconds = sum(row.duration_us for row in rows) / MICROSECONDS
    return sum(map(count, rows)) / seconds if rows else usual


def _decoded(row: Any) -> float:
    return _length(msgspec.json.decode(row.spans, type=list[Span]))


def _length(spans: list[Span]) -> float:
    return sum(end - start for start, end in spans)
