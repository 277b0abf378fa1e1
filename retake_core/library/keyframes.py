"""What readers of the library ask it of keyframes: their times, what they stand for, their pictures."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, not_, or_, select

from retake_core.library.indexing import MICROSECONDS
from retake_core.library.schema import keyframe, video
from retake_core.library.written import LISTED, written

OPENING = 1  # seconds
# What the bytes of a thumbnail tell: how much its encoder found to write down.
EMPTY = 300  # a single colour takes 160 to 200, what shows something 400 and more
RICH = 4000  # half of a sharp photo; more of them, often grain or leaves, tell no more
SNOW = 16_000  # a busy photo takes at most 15,000, a television without a signal 19,000 to 39,000


@dataclass(frozen=True, slots=True)
class KeyframeEntry:
    """A keyframe of the library: seconds, and prominence 0..1."""

    id: int
    video_id: int
    time: float
    prominence: float


def keyframes(connection: Connection, video_id: int, top: int | None = None) -> list[KeyframeEntry]:
    """Return a video's keyframes in order of time: all, or the `top` most prominent."""
    statement = (
        select(keyframe.c.id, keyframe.c.video_id, keyframe.c.time_us, keyframe.c.prominence)
        .where(keyframe.c.video_id == video_id)
        .order_by(keyframe.c.prominence.desc(), keyframe.c.time_us)
        .limit(top)
    )
    entries = [
        KeyframeEntry(row.id, row.video_id, row.time_us / MICROSECONDS, row.prominence)
        for row in connection.execute(statement)
    ]
    return sorted(entries, key=lambda entry: entry.time)


@dataclass(frozen=True, slots=True)
class KeyframeSpan:
    """A keyframe and the time that it stands for: seconds, to the next keyframe or the end of the video."""

    id: int
    video_id: int
    time: float
    end: float


def keyframe_spans(connection: Connection, keyframe_ids: Sequence[int]) -> list[KeyframeSpan]:
    """Return what keyframes stand for, in order of video and time; ids that are gone are left out."""
    # As one text: a search asks for five hundred.
    query = (
        "SELECT keyframe.id, keyframe.video_id, time_us, coalesce((SELECT min(time_us) FROM keyframe AS later "
        "WHERE later.video_id = keyframe.video_id AND later.time_us > keyframe.time_us), "
        "max(coalesce(duration_us, 0), time_us)) FROM json_each(?) AS chosen "
        "CROSS JOIN keyframe ON keyframe.id = chosen.value JOIN video ON video.id = keyframe.video_id "
        "ORDER BY keyframe.video_id, time_us"
    )
    return [
        KeyframeSpan(number, video_id, time_us / MICROSECONDS, end_us / MICROSECONDS)
        for number, video_id, time_us, end_us in connection.exec_driver_sql(
            query, (json.dumps(list(keyframe_ids)),)
        ).cursor.fetchall()
    ]


def keyframe_ids(connection: Connection, video_ids: Collection[int]) -> NDArray[np.int64]:
    """Return the ids of all keyframes of some videos, int64 [n]."""
    # As one text: a filter may let most of a large library through, and a row for each takes four times as long.
    query = (
        "SELECT group_concat(keyframe.id) FROM json_each(?) AS chosen "
        "JOIN keyframe ON keyframe.video_id = chosen.value"
    )
    text = connection.exec_driver_sql(query, (json.dumps(list(video_ids)),)).scalar_one()
    return np.fromstring(text or "", np.int64, sep=",")


def keyframe_at(connection: Connection, video_id: int, time: float) -> KeyframeEntry | None:
    """Return the keyframe that stands for a time, or the first one; None if the video has none."""
    return keyframes_at(connection, [(video_id, time)])[0]


def keyframes_at(connection: Connection, places: Sequence[tuple[int, float]]) -> list[KeyframeEntry | None]:
    """Return the keyframes that stand for some times, each of a video and in seconds; see `keyframe_at`."""
    # As one text: a search asks for a hundred, and SQLAlchemy takes longer to write it than SQLite to answer.
    own = "SELECT id FROM keyframe WHERE video_id = json_extract(place.value, '$[0]')"
    query = (
        "SELECT place.key, keyframe.id, keyframe.time_us, keyframe.prominence "  # noqa: S608
        "FROM json_each(?) AS place CROSS JOIN keyframe ON keyframe.id = coalesce("
        f"({own} AND time_us <= json_extract(place.value, '$[1]') ORDER BY time_us DESC LIMIT 1), "
        f"({own} ORDER BY time_us LIMIT 1))"
    )
    asked = json.dumps([(video_id, round(time * MICROSECONDS)) for video_id, time in places])
    rows = {row[0]: row for row in connection.exec_driver_sql(query, (asked,)).cursor.fetchall()}
    return [
        KeyframeEntry(rows[at][1], places[at][0], rows[at][2] / MICROSECONDS, rows[at][3]) if at in rows else None
        for at in range(len(places))
    ]


def next_keyframe(connection: Connection, video_id: int, time: float) -> float | None:
    """Return the time of the first keyframe after a time, in seconds; None if there is none."""
    later = select(func.min(keyframe.c.time_us)).where(keyframe.c.video_id == video_id)
    time_us = connection.scalar(later.where(keyframe.c.time_us > round(time * MICROSECONDS)))
    return None if time_us is None else time_us / MICROSECONDS


def poster(connection: Connection, video_id: int) -> KeyframeEntry | None:
    """Return the keyframe that stands for a video; None if it has none."""
    return posters(connection, [video_id]).get(video_id)


def posters(connection: Connection, video_ids: Collection[int]) -> dict[int, KeyframeEntry]:
    """Return the keyframes that stand for videos, by these; without those that have none."""
    rows = connection.exec_driver_sql(_posters(), (json.dumps(list(video_ids)),)).cursor.fetchall()
    return {
        video_id: KeyframeEntry(number, video_id, time_us / MICROSECONDS, prominence)
        for number, video_id, time_us, prominence in rows
    }


@cache
def _posters() -> str:
    """Write the query for posters, whose parameter is a list of videos in JSON."""
    own = keyframe.alias()
    best = select(own.c.id).where(own.c.video_id == video.c.id).order_by(*most_telling(own)).limit(1)
    statement = (
        select(keyframe.c.id, keyframe.c.video_id, keyframe.c.time_us, keyframe.c.prominence)
        .join_from(video, keyframe, keyframe.c.id == best.correlate(video).scalar_subquery())
        .where(video.c.id.in_(LISTED))
    )
    return written(statement)


def most_telling(keyframe: FromClause = keyframe) -> tuple[ColumnElement[Any], ...]:
    """The order of keyframes as posters: first what is both prominent and rich.

    A cut to a plain wall, a blurred pan or a fade is prominent and shows little; the bytes of its thumbnail say so
    without decoding it. The first frame, often black, differs from nothing before it, and a picture of a single
    colour or of snow tells nothing: these stand for a video only without a rival.
    """
    size = func.length(keyframe.c.thumbnail)
    opening = keyframe.c.time_us < OPENING * MICROSECONDS
    empty = or_(size <= EMPTY, size > SNOW, and_(keyframe.c.prominence <= 0, not_(opening)))
    return empty, opening, (keyframe.c.prominence * func.min(size, RICH)).desc(), keyframe.c.time_us


def thumbnails(connection: Connection, keyframe_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the encoded pictures of keyframes by id; ids that are gone are left out."""
    pictures: dict[int, bytes] = {}
    for start in range(0, len(keyframe_ids), 500):  # SQLite limits how many parameters a statement has
        part = keyframe_ids[start : start + 500]
        rows = connection.execute(select(keyframe.c.id, keyframe.c.thumbnail).where(keyframe.c.id.in_(part)))
        pictures |= {row.id: row.thumbnail for row in rows}
    return pictures
