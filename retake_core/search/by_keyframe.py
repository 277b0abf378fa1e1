"""Finding moments that look like a keyframe, by the vectors that are stored: no model is loaded."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from retake_core.errors import UserError
from retake_core.library.catalog import keyframe_at, keyframe_spans, videos
from retake_core.library.embeddings import embedded_by
from retake_core.library.indexing import MICROSECONDS, to_microseconds
from retake_core.library.schema import embedding, keyframe
from retake_core.library.vectors import VectorIndex
from retake_core.search.all_sources import among
from retake_core.search.by_picture import is_beside
from retake_core.search.filters import videos_in_scope
from retake_core.search.fusion import Joined
from retake_core.search.moments import Moment
from retake_core.search.query import Query

CANDIDATES = 200  # keyframes
BESIDE = 30.0  # seconds: what is so near in the same video looks alike because it is the same scene
MOST_ENCODERS = 8  # that a keyframe may have vectors of
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
    query: Query = Query(()),  # noqa: B008 - it cannot be changed
    beside: Sequence[Joined] | None = None,
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
        query: its filters narrow the search down.
        beside: only where these moments are, of `moments_beside`; None is everywhere.

    Raises:
        UserError: the video has no keyframe yet.
    """
    origin, encoder, vector = _nearest_keyframe(connection, video_id, time)
    vectors = VectorIndex(directory, encoder, len(vector))
    vectors.refresh(connection)
    scope = videos_in_scope(connection, query, folder=folder, video_id=within)
    ids, cosines = vectors.search(vector, CANDIDATES, among(connection, scope))
    likeness = {i: score for i, score in zip(ids.tolist(), cosines.tolist(), strict=True) if score >= ALIKE}
    spans = sorted(keyframe_spans(connection, list(likeness)), key=lambda span: -likeness[span.id])
    entries = {entry.id: entry for entry in videos(connection, {span.video_id for span in spans})}
    chosen: list[Moment] = []
    taken = [(video_id, origin)]
    for span in spans:
        if any(v == span.video_id and abs(t - span.time) <= BESIDE for v, t in taken):
            continue
        if not is_beside(span.video_id, span.time, span.end, beside):
            continue
        taken.append((span.video_id, span.time))
        best = keyframe_at(connection, span.video_id, span.time)
        assert best is not None  # of the same reading
        chosen.append(Moment(entries[span.video_id], span.time, span.end, best, min(likeness[span.id], 1.0)))
        if len(chosen) == limit:
            break
    return chosen


def _nearest_keyframe(
    connection: Connection, video_id: int, time: float
) -> tuple[float, str, NDArray[np.float32]]:
    """Return its time in seconds, the encoder that knows most keyframes, and its embedding by that."""
    rows = connection.execute(
        select(keyframe.c.time_us, embedding.c.encoder, embedding.c.vector)
        .join(embedding)
        .where(keyframe.c.video_id == video_id)
        .order_by(func.abs(keyframe.c.time_us - to_microseconds(time)))
        .limit(MOST_ENCODERS)
    ).all()
    if not rows:
        raise UserError("This video has no keyframes yet; wait until it has been indexed.")
    known = embedded_by(connection)
    row = max((row for row in rows if row.time_us == rows[0].time_us), key=lambda row: known[row.encoder])
    return row.time_us / MICROSECONDS, row.encoder, np.frombuffer(row.vector, "<f2").astype(np.float32)
