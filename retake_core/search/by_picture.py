"""Finding moments by a picture: what looks like it, and where the words of a query match, too."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.encoders.base import Encoder
from retake_core.library.vectors import VectorIndex, embeddings_of
from retake_core.search.all_sources import CANDIDATES, COMPARED, among, moments_beside
from retake_core.search.fusion import CUT_OFF, WEAKER, Joined, fuse
from retake_core.search.moments import Moment, as_hits, distinct_moments, entries_of
from retake_core.search.query import Query


def search_picture(
    connection: Connection,
    vectors: VectorIndex,
    encoder: Encoder,
    image: NDArray[np.uint8],
    *,
    query: str | Query = "",
    limit: int = 20,
    folder: Path | None = None,
    video_id: int | None = None,
    weaker: bool = False,
) -> list[Moment]:
    """Return the moments that look like a picture, RGB uint8 [height, width, 3]; see `search_moments`.

    A query narrows them down: its filters to some videos, its words to where they match, too.
    """
    embedding = encoder.encode_frames([image]).embeddings[0]
    scope, beside = moments_beside(connection, vectors, encoder, query, folder=folder, video_id=video_id)
    return moments_like(
        connection, vectors, encoder, embedding, limit=limit, scope=scope, weaker=weaker, beside=beside
    )


def moments_like(
    connection: Connection,
    vectors: VectorIndex,
    encoder: Encoder,
    embedding: NDArray[np.float32],
    *,
    limit: int = 20,
    scope: Collection[int] | None = None,
    weaker: bool = False,
    beside: Sequence[Joined] | None = None,
) -> list[Moment]:
    """Return the moments that look like what has this embedding, float32 [dimension]; see `search_moments`.

    Args:
        connection: sees the library.
        vectors: of the encoder's embeddings.
        encoder: that made the embedding; its model is not used.
        embedding: of a picture, or stored with a keyframe.
        limit: how many moments at most.
        scope: only these videos; None is all.
        weaker: also those below the calibrated cut-off.
        beside: only where these moments are; None is everywhere.
    """
    vectors.refresh(connection)
    ids, _ = vectors.search(encoder.picture_query(embedding), CANDIDATES, among(connection, scope))
    found = embeddings_of(connection, encoder.id, ids.tolist())
    if not found:
        return []
    confidence = encoder.likeness(embedding, np.stack(list(found.values())))
    hits = as_hits(connection, dict(zip(found, confidence.tolist(), strict=True)))
    moments = [
        moment
        for moment in fuse(hits, cut_off=WEAKER if weaker else CUT_OFF)
        if is_beside(moment.video_id, moment.start, moment.end, beside)
    ]
    return distinct_moments(connection, encoder.id, entries_of(connection, moments[: limit * COMPARED]), limit)


def is_beside(video_id: int, start: float, end: float, beside: Sequence[Joined] | None) -> bool:
    """Whether a stretch of a video lies at one of the moments of `moments_beside`."""
    return beside is None or any(
        moment.video_id == video_id and moment.start < end and start < moment.end for moment in beside
    )
