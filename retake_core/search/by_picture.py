"""Finding moments by a picture: what looks like it, and where the words of a query match, too."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.library.vectors import embeddings_of
from retake_core.search.all_sources import CANDIDATES, COMPARED, MomentSearch, among
from retake_core.search.encoder_choice import Searcher
from retake_core.search.fusion import Joined, fuse
from retake_core.search.moments import Moment, as_hits, distinct_moments, entries_of
from retake_core.search.options import EVERYWHERE, SearchOptions
from retake_core.search.query import Query


def search_picture(
    connection: Connection,
    searcher: Searcher,
    image: NDArray[np.uint8],
    query: str | Query = "",
    options: SearchOptions = EVERYWHERE,
) -> list[Moment]:
    """Return the moments that look like a picture, best first; see `search_moments`.

    Args:
        connection: sees the library.
        searcher: the encoder for the picture, and the index of its vectors.
        image: RGB, uint8 [height, width, 3].
        query: narrows them down: its filters to some videos, its words to where they match, too.
        options: where to look, and how much to return.
    """
    encoder, vectors = searcher.encoder, searcher.vectors
    embedding = encoder.encode_frames([image]).embeddings[0]
    search = MomentSearch(connection, query, replace(options, weaker=True))
    beside = search.stretches(searcher) if search.is_about_content else None
    vectors.refresh(connection)
    ids, _ = vectors.search(encoder.picture_query(embedding), CANDIDATES, among(connection, search.scope))
    embeddings = embeddings_of(connection, encoder.id, ids.tolist())
    if not embeddings:
        return []
    confidence = encoder.likeness(embedding, np.stack(list(embeddings.values())))
    hits = as_hits(connection, dict(zip(embeddings, confidence.tolist(), strict=True)))
    stretches = [
        moment
        for moment in fuse(hits, cut_off=options.cut_off)
        if is_beside(moment.video_id, moment.start, moment.end, beside)
    ]
    moments = entries_of(connection, stretches[: options.limit * COMPARED])
    return distinct_moments(connection, encoder.id, moments, options.limit)


def is_beside(video_id: int, start: float, end: float, stretches: Sequence[Joined] | None) -> bool:
    """Whether a part of a video, in seconds, overlaps one of some stretches; None stands for everywhere."""
    return stretches is None or any(
        stretch.video_id == video_id and stretch.start < end and start < stretch.end for stretch in stretches
    )
