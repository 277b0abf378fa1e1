"""Finding moments that look like a keyframe, by the vectors that are stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from retake_core.encoders.by_chance import chance
from retake_core.errors import UserError
from retake_core.library.catalog import videos_by_id
from retake_core.library.embeddings import embedded_by
from retake_core.library.indexing import MICROSECONDS, to_microseconds
from retake_core.library.keyframes import KeyframeSpan, keyframe_at, keyframe_spans
from retake_core.library.schema import embedding, keyframe
from retake_core.library.vectors import embeddings_of
from retake_core.search.all_sources import MomentSearch, among
from retake_core.search.by_picture import is_beside
from retake_core.search.calibration import alike_in_library
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.search.fusion import WEAKER
from retake_core.search.moments import Moment
from retake_core.search.options import EVERYWHERE, SearchOptions
from retake_core.search.query import Query

CANDIDATES = 500
"""Keyframes that are compared by their stored vectors: a large library's index hardly tells near-copies apart."""
BESIDE = 30.0
"""Seconds: what is so near in the same video looks alike because it is the same scene."""
MOST_ENCODERS = 8
"""That a keyframe may have vectors of."""
CANNOT_TELL = (
    "The encoder that looked at this video cannot be used, and the library is too small to tell without it what "
    "looks alike; get it again, or choose another encoder."
)


def similar_moments(
    connection: Connection,
    encoders: SearchEncoder,
    video_id: int,
    time: float,
    query: str | Query = "",
    options: SearchOptions = EVERYWHERE,
) -> list[Moment]:
    """Return the moments that look like the keyframe at `time`, best first, without it and its neighbours in time.

    Args:
        connection: sees the library.
        encoders: lends the index of the vectors, and an encoder for the words of a query.
        video_id: of the keyframe.
        time: seconds; the keyframe that is nearest counts.
        query: narrows them down: its filters to some videos, its words to where they match, too.
        options: where to look, and how much to return; every likeness counts, weaker or not.

    Raises:
        UserError: the video has no keyframe yet, or there is nothing to tell by what is alike.
    """
    origin = _nearest_keyframe(connection, video_id, time)
    search = MomentSearch(connection, query, replace(options, weaker=True))
    beside = search.stretches(encoders.choose(connection)) if search.is_about_content else None
    likeness = _alike(connection, encoders, origin, among(connection, search.scope))
    spans = sorted(keyframe_spans(connection, list(likeness)), key=lambda span: -likeness[span.id])
    spans = [span for span in spans if is_beside(span.video_id, span.time, span.end, beside)]
    spans = list(islice(_apart(spans, (video_id, origin.time)), options.limit))
    entries = videos_by_id(connection, {span.video_id for span in spans})
    moments: list[Moment] = []
    for span in spans:
        best = keyframe_at(connection, span.video_id, span.time)
        assert best is not None  # of the same reading
        moments.append(Moment(entries[span.video_id], span.time, span.end, best, likeness[span.id]))
    return moments


def _alike(
    connection: Connection, encoders: SearchEncoder, origin: "_Origin", inside: NDArray[np.int64] | None
) -> dict[int, float]:
    """Return how alike keyframes are to a keyframe, 0..1 by their ids; those that are not are left out.

    Where the encoder that made the vectors is not here to judge, they are compared with those of other videos.

    Raises:
        UserError: there are too few of these.
    """
    try:
        encoder = encoders.choose(connection).encoder
    except UserError:
        encoder = None
    vectors = encoders.index(origin.encoder, len(origin.vector))
    vectors.refresh(connection)
    if encoder is None or encoder.id != origin.encoder:
        levels = alike_in_library(connection, origin.encoder)
        if levels is None:
            raise UserError(CANNOT_TELL)
        ids, cosines = vectors.search(origin.vector, CANDIDATES, inside)
        return _of_some_likeness(ids.tolist(), chance(cosines, *levels))
    ids, _ = vectors.search(encoder.picture_query(origin.vector), CANDIDATES, inside)
    found = embeddings_of(connection, encoder.id, ids.tolist())
    if not found:
        return {}
    return _of_some_likeness(found, encoder.likeness(origin.vector, np.stack(list(found.values()))))


def _of_some_likeness(ids: Iterable[int], scores: NDArray[np.float32]) -> dict[int, float]:
    return {number: score for number, score in zip(ids, scores.tolist(), strict=True) if score >= WEAKER}


def _apart(spans: Iterable[KeyframeSpan], origin: tuple[int, float]) -> Iterator[KeyframeSpan]:
    """Yield the spans that are near neither the origin, a video and its seconds, nor one that came before."""
    places = [(*origin, origin[1])]
    for span in spans:
        if not any(
            video_id == span.video_id and max(span.time - end, start - span.end) <= BESIDE
            for video_id, start, end in places
        ):
            places.append((span.video_id, span.time, span.end))
            yield span


@dataclass(frozen=True, slots=True)
class _Origin:
    """A keyframe: its time in seconds, the encoder that knows most keyframes, and its embedding by that."""

    time: float
    encoder: str
    vector: NDArray[np.float32]


def _nearest_keyframe(connection: Connection, video_id: int, time: float) -> _Origin:
    rows = connection.execute(
        select(keyframe.c.time_us, embedding.c.encoder, embedding.c.vector)
        .join(embedding)
        .where(keyframe.c.video_id == video_id)
        .order_by(func.abs(keyframe.c.time_us - to_microseconds(time)))
        .limit(MOST_ENCODERS)
    ).all()
    if not rows:
        raise UserError("This video has no keyframes yet; wait until it has been indexed.")
    counts = embedded_by(connection)
    row = max((row for row in rows if row.time_us == rows[0].time_us), key=lambda row: counts[row.encoder])
    vector = np.frombuffer(row.vector, "<f2").astype(np.float32)
    return _Origin(row.time_us / MICROSECONDS, row.encoder, vector)
