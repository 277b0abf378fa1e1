"""Finding moments that look like a keyframe, by the vectors that are stored: no model is loaded."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from retake_core.errors import UserError
from retake_core.library.catalog import KeyframeEntry, VideoEntry, keyframes, videos
from retake_core.library.schema import embedding, keyframe
from retake_core.library.vectors import VectorIndex, keyframes_in
from retake_core.library.videos import MICROSECONDS, to_microseconds
from retake_core.search import Moment

CANDIDATES = 200  # keyframes
BESIDE = 30.0  # seconds: what is so near in the same video looks alike because it is the same scene
ALIKE = 0.5  # cosine below which nothing is alike


def similar_moments(
    connection: Connection,
    directory: Path,
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
        directory: where the vector indexes lie.
        video_id: of the keyframe.
        time: seconds; the keyframe that is nearest counts.
        limit: how many moments at most.
        folder: only videos that have a file in it.
        within: only this video.

    Raises:
        UserError: the video has no keyframe yet.
    """
    origin, encoder, vector = _nearest_keyframe(connection, video_id, time)
    vectors = VectorIndex(directory, encoder, len(vector))
    vectors.refresh(connection)
    entries = {entry.id: entry for entry in videos(connection)}
    among = None
    if within is not None or folder is not None:
        inside = [e.id for e in entries.values() if e.id == within or (folder is not None and _is_in(e, folder))]
        among = keyframes_in(connection, inside)
    ids, cosines = vectors.search(vector, CANDIDATES, among)
    likeness = {i: score for i, score in zip(ids.tolist(), cosines.tolist(), strict=True) if score >= ALIKE}
    rows = connection.execute(
        select(keyframe.c.id, keyframe.c.video_id, keyframe.c.time_us, keyframe.c.prominence).where(
            keyframe.c.id.in_(list(likeness))
        )
    )
    found = [KeyframeEntry(row.id, row.video_id, row.time_us / MICROSECONDS, row.prominence) for row in rows]
    found.sort(key=lambda entry: -likeness[entry.id])
    chosen: list[Moment] = []
    taken = [(video_id, origin)]
    for entry in found:
        if len(chosen) < limit and all(v != entry.video_id or abs(t - entry.time) > BESIDE for v, t in taken):
            taken.append((entry.video_id, entry.time))
            video = entries[entry.video_id]
            end = _end(connection, video, entry)
            chosen.append(Moment(video, entry.time, end, entry, min(likeness[entry.id], 1.0)))
    return chosen


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
    connection: Connection, video_id: int, time: float
) -> tuple[float, str, NDArray[np.float32]]:
    """Return its time in seconds, its encoder and its embedding."""
    row = connection.execute(
        select(keyframe.c.time_us, embedding.c.encoder, embedding.c.vector)
        .join(embedding)
        .where(keyframe.c.video_id == video_id)
        .order_by(func.abs(keyframe.c.time_us - to_microseconds(time)))
    ).first()
    if row is None:
        raise UserError("This video has no keyframes yet; wait until it has been indexed.")
    return row.time_us / MICROSECONDS, row.encoder, np.frombuffer(row.vector, "<f2").astype(np.float32)


def _is_in(entry: VideoEntry, folder: Path) -> bool:
    return any(path.is_relative_to(folder) for path in entry.paths)


def _end(connection: Connection, video: VideoEntry, entry: KeyframeEntry) -> float:
    """Return where the next keyframe shows something else."""
    later = [other.time for other in keyframes(connection, video.id) if other.time > entry.time]
    return min(later, default=max(video.duration or 0.0, entry.time))
