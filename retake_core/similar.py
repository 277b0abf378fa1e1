"""Finding moments that look like a keyframe, by the vector that is stored with it."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from retake_core.errors import UserError
from retake_core.library.schema import embedding, keyframe
from retake_core.library.videos import MICROSECONDS, to_microseconds
from retake_core.query import Query
from retake_core.scope import videos_in_scope
from retake_core.search import Finder, Moment, Span, moments_like

BESIDE = 30.0  # seconds: what is so near in the same video looks alike because it is the same scene


def similar_moments(
    connection: Connection,
    finder: Finder,
    video_id: int,
    time: float,
    *,
    limit: int = 20,
    folder: Path | None = None,
    within: int | None = None,
) -> list[Moment]:
    """Return the moments that look like the keyframe at `time`, best first, without it and its neighbours in time.

    Args:
        connection: sees the library.
        finder: its encoder's model is not used.
        video_id: of the keyframe.
        time: seconds; the keyframe that is nearest counts.
        limit: how many moments at most.
        folder: only videos that have a file in it.
        within: only this video.

    Raises:
        UserError: the video has no keyframe of this encoder yet.
    """
    origin, vector = _nearest_keyframe(connection, finder.encoder.id, video_id, time)
    return moments_like(
        connection,
        finder.vectors,
        finder.encoder,
        vector,
        limit=limit,
        scope=videos_in_scope(connection, Query(()), folder=folder, video_id=within),
        without=Span(video_id, origin - BESIDE, origin + BESIDE),
    )


def parse_moment(text: str) -> tuple[str, float]:
    """Return the video and the seconds that `VIDEO@TIME` names; the time as 65, 1:05 or 0:01:05.

    Raises:
        UserError: it names none.
    """
    name, _, time = text.rpartition("@")
    try:
        seconds = 0.0
        for part in time.split(":"):
            seconds = seconds * 60 + float(part)
    except ValueError:
        seconds = -1.0
    if not name or not 0 <= seconds < math.inf:
        raise UserError(f"{text} names no moment; write it as party.mp4@1:05.")
    return name, seconds


def _nearest_keyframe(
    connection: Connection, encoder: str, video_id: int, time: float
) -> tuple[float, NDArray[np.float32]]:
    """Return its time in seconds and its embedding."""
    row = connection.execute(
        select(keyframe.c.time_us, embedding.c.vector)
        .join(embedding)
        .where(keyframe.c.video_id == video_id, embedding.c.encoder == encoder)
        .order_by(func.abs(keyframe.c.time_us - to_microseconds(time)))
    ).first()
    if row is None:
        raise UserError("This video has no keyframes yet; wait until it has been indexed.")
    return row.time_us / MICROSECONDS, np.frombuffer(row.vector, "<f2").astype(np.float32)
