"""Finding moments by description: a query's nearest keyframes, merged into spans of video."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from retake_core.encoders.base import Encoder
from retake_core.library.catalog import KeyframeEntry, VideoEntry, keyframes, videos
from retake_core.library.schema import keyframe
from retake_core.library.vectors import VectorIndex, keyframes_in

CANDIDATES = 500  # keyframes looked at for a query; neighbours merge into far fewer moments
CUT_OFF = 0.5  # confidence below which nothing matches


@dataclass(frozen=True, slots=True)
class Moment:
    """A span of a video that matches.

    Attributes:
        start: seconds.
        end: seconds; where the next keyframe shows something else.
        best: the keyframe that matches most.
        score: confidence of that match, 0..1.
    """

    video: VideoEntry
    start: float
    end: float
    best: KeyframeEntry
    score: float


def search_moments(
    connection: Connection,
    vectors: VectorIndex,
    encoder: Encoder,
    query: str,
    *,
    limit: int = 20,
    folder: Path | None = None,
) -> list[Moment]:
    """Return the moments that match a description, best first; none is an answer.

    Args:
        connection: sees the library.
        vectors: of the encoder's embeddings.
        encoder: for the query.
        query: what is to be seen.
        limit: how many moments at most.
        folder: only videos that have a file in it.
    """
    vectors.refresh(connection)
    entries = {entry.id: entry for entry in videos(connection)}
    among = None
    if folder is not None:
        inside = [e.id for e in entries.values() if any(p.is_relative_to(folder) for p in e.paths)]
        among = keyframes_in(connection, inside)
    ids, cosines = vectors.search(encoder.encode_text(query), CANDIDATES, among)
    confidence = encoder.confidence(cosines)
    matching = confidence >= CUT_OFF
    return _moments(connection, entries, ids[matching], confidence[matching])[:limit]


def _moments(
    connection: Connection,
    entries: dict[int, VideoEntry],
    ids: NDArray[np.int64],
    confidence: NDArray[np.float32],
) -> list[Moment]:
    # The join with SQL drops keyframes that the index knows and the library no longer has.
    score = dict(zip(ids.tolist(), confidence.tolist(), strict=True))
    statement = select(keyframe.c.video_id).distinct().where(keyframe.c.id.in_(list(score)))
    moments: list[Moment] = []
    for video_id in connection.execute(statement).scalars().all():
        if video_id in entries:
            moments += _moments_of_video(entries[video_id], keyframes(connection, video_id), score)
    return sorted(moments, key=lambda moment: (-moment.score, moment.video.path, moment.start))


def _moments_of_video(
    video: VideoEntry, all_keyframes: Sequence[KeyframeEntry], score: dict[int, float]
) -> list[Moment]:
    """Merge hits that follow each other; a keyframe stands for the time until the next one."""
    ends = [entry.time for entry in all_keyframes[1:]]
    ends.append(max(video.duration or 0.0, all_keyframes[-1].time))
    moments = []
    for is_hit, run in itertools.groupby(
        zip(all_keyframes, ends, strict=True), key=lambda pair: pair[0].id in score
    ):
        if is_hit:
            hits = list(run)
            best = max((entry for entry, _ in hits), key=lambda entry: score[entry.id])
            moments.append(Moment(video, hits[0][0].time, hits[-1][1], best, score[best.id]))
    return moments
