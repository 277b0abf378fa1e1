"""Finding moments: by description, by words that are said, written or in a title, and by a picture."""

import itertools
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.duplicates import Pictures
from retake_core.encoders.base import Encoder
from retake_core.fusion import CUT_OFF, WEAKER, Hit, Joined, Why, fuse
from retake_core.library.catalog import (
    KeyframeEntry,
    VideoEntry,
    keyframe_at,
    keyframe_spans,
    poster,
    thumbnails,
    videos,
)
from retake_core.library.vectors import VectorIndex, embeddings_of, keyframes_in
from retake_core.query import Field, Query, parse
from retake_core.scope import videos_in_scope
from retake_core.snippets import NOTHING, Snippet, snippet
from retake_core.text_search import find_exactly, find_words, units_of

CANDIDATES = 500  # keyframes looked at for a query; neighbours merge into far fewer moments
NEAR = 10.0  # seconds between exact words and what else is asked for
COMPARED = 2  # times the limit: how many moments are compared to find duplicates


@dataclass(frozen=True, slots=True)
class Finder:
    """What searches share: an encoder, and the index of its embeddings. Kept from one search to the next."""

    encoder: Encoder
    vectors: VectorIndex

    @classmethod
    def open(cls, directory: Path, encoder: Encoder) -> "Finder":
        """Name the index of an encoder in the directory where index files lie."""
        return cls(encoder, VectorIndex(directory, encoder.id, encoder.dimension))


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a video, in seconds."""

    video_id: int
    start: float
    end: float

    def holds(self, hit: Hit) -> bool:
        """Return whether a hit matches best in this part."""
        return hit.video_id == self.video_id and self.start <= hit.at <= self.end


@dataclass(frozen=True, slots=True)
class Moment:
    """A span of a video that matches.

    Attributes:
        start: seconds.
        end: seconds; where the next keyframe shows something else.
        best: the keyframe that matches most, or the one that is on screen when the words fall.
        score: confidence, 0..1.
        at: seconds where it matches best, when that is not at the keyframe.
        why: what matches, the surest first.
        snippet: the words that match, in their sentence.
        copies: moments of other videos that show the same.
    """

    video: VideoEntry
    start: float
    end: float
    best: KeyframeEntry
    score: float
    at: float | None = None
    why: tuple[Why, ...] = ()
    snippet: Snippet = NOTHING
    copies: tuple["Moment", ...] = ()

    @property
    def time(self) -> float:
        """Where to go to, in seconds."""
        return self.best.time if self.at is None else self.at


def search_moments(
    connection: Connection,
    vectors: VectorIndex,
    encoder: Encoder,
    query: str | Query,
    *,
    limit: int = 20,
    folder: Path | None = None,
    video_id: int | None = None,
    weaker: bool = False,
    sources: Collection[Why] = tuple(Why),
    distinct: bool = True,
) -> list[Moment]:
    """Return the moments that match a query, best first; none is an answer.

    Args:
        connection: sees the library.
        vectors: of the encoder's embeddings.
        encoder: for the query.
        query: as a person types it; see `retake_core.query`.
        limit: how many moments at most.
        folder: only videos that have a file in it.
        video_id: only this video.
        weaker: also those below the calibrated cut-off.
        sources: what may match.
        distinct: put moments that look the same under the best of them.
    """
    asked = parse(query) if isinstance(query, str) else query
    vectors.refresh(connection)
    cut_off = WEAKER if weaker else CUT_OFF
    scope = videos_in_scope(connection, asked, folder=folder, video_id=video_id)
    required = [find_exactly(connection, t, scope) for t in asked.having(Field.PHRASE, Field.SAID, Field.SCREEN)]
    for found in required:
        inside = {hit.video_id for hit in found}
        scope = inside if scope is None else scope & inside
    if not asked.description and not required:
        return _listed(connection, scope, limit) if asked.chips else []
    hits = [hit for found in required for hit in found]
    if asked.description:
        hits += _pictures(connection, vectors, encoder, asked, scope)
        hits += find_words(connection, units_of(connection, asked), scope)
    hits = [hit for hit in hits if hit.why in sources and (scope is None or hit.video_id in scope)]
    moments = fuse(hits, cut_off=cut_off)
    barred = [
        hit
        for term in asked.having(Field.WORD, Field.PHRASE, Field.SAID, Field.SCREEN, excluded=True)
        for hit in find_exactly(connection, term, {moment.video_id for moment in moments})
    ]
    kept = [m for m in moments if all(_near(m, found) for found in required) and not _near(m, barred, 0.0)]
    if not distinct:
        return _entries(connection, kept[:limit])
    return _distinct(connection, encoder.id, _entries(connection, kept[: limit * COMPARED]), limit)


def search_picture(
    connection: Connection,
    vectors: VectorIndex,
    encoder: Encoder,
    image: NDArray[np.uint8],
    *,
    limit: int = 20,
    folder: Path | None = None,
    video_id: int | None = None,
    weaker: bool = False,
) -> list[Moment]:
    """Return the moments that look like a picture, RGB uint8 [height, width, 3]; see `search_moments`."""
    embedding = encoder.encode_frames([image]).embeddings[0]
    scope = videos_in_scope(connection, Query(()), folder=folder, video_id=video_id)
    return moments_like(connection, vectors, encoder, embedding, limit=limit, scope=scope, weaker=weaker)


def moments_like(
    connection: Connection,
    vectors: VectorIndex,
    encoder: Encoder,
    embedding: NDArray[np.float32],
    *,
    limit: int = 20,
    scope: Collection[int] | None = None,
    without: Span | None = None,
    weaker: bool = False,
) -> list[Moment]:
    """Return the moments that look like what has this embedding, float32 [dimension]; see `search_moments`.

    Args:
        connection: sees the library.
        vectors: of the encoder's embeddings.
        encoder: that made the embedding; its model is not used.
        embedding: of a picture, or stored with a keyframe.
        limit: how many moments at most.
        scope: only these videos; None is all.
        without: leave out keyframes in this span.
        weaker: also those below the calibrated cut-off.
    """
    vectors.refresh(connection)
    ids, _ = vectors.search(encoder.picture_query(embedding), CANDIDATES, _among(connection, scope))
    found = embeddings_of(connection, encoder.id, ids.tolist())
    if not found:
        return []
    confidence = encoder.likeness(embedding, np.stack(list(found.values())))
    hits = _as_hits(connection, dict(zip(found, confidence.tolist(), strict=True)))
    hits = [hit for hit in hits if without is None or not without.holds(hit)]
    moments = fuse(hits, cut_off=WEAKER if weaker else CUT_OFF)
    return _distinct(connection, encoder.id, _entries(connection, moments[: limit * COMPARED]), limit)


def _pictures(
    connection: Connection, vectors: VectorIndex, encoder: Encoder, query: Query, scope: Collection[int] | None
) -> list[Hit]:
    """Return the keyframes that show what the plain words describe, and nothing of what is excluded."""
    ids, cosines = vectors.search(encoder.encode_text(query.description), CANDIDATES, _among(connection, scope))
    confidence = encoder.confidence(cosines)
    ids, confidence = ids[confidence >= WEAKER], confidence[confidence >= WEAKER]
    unwanted = [encoder.encode_text(term.value) for term in query.having(Field.WORD, excluded=True)]
    if unwanted and len(ids):
        known = embeddings_of(connection, encoder.id, ids.tolist())
        shown = {
            i: float(encoder.confidence(np.stack([vector @ other for other in unwanted])).max())
            for i, vector in known.items()
        }
        wanted = np.array([shown.get(i, 0.0) < CUT_OFF for i in ids.tolist()])
        ids, confidence = ids[wanted], confidence[wanted]
    return _as_hits(connection, dict(zip(ids.tolist(), confidence.tolist(), strict=True)))


def _among(connection: Connection, scope: Collection[int] | None) -> NDArray[np.int64] | None:
    return None if scope is None else keyframes_in(connection, list(scope))


def _as_hits(connection: Connection, confidence: dict[int, float]) -> list[Hit]:
    """Return keyframes as hits; one stands for the time until the next one.

    The join with SQL drops keyframes that the index knows and the library no longer has.
    """
    return [
        Hit(span.video_id, span.time, span.end, span.time, Why.PICTURE, confidence[span.id], span.id)
        for span in keyframe_spans(connection, list(confidence))
    ]


def _near(moment: Joined, hits: Sequence[Hit], distance: float = NEAR) -> bool:
    """Whether one of the hits lies over the moment, or near it."""
    return any(
        hit.video_id == moment.video_id
        and hit.start <= moment.end + distance
        and moment.start <= hit.end + distance
        for hit in hits
    )


def _entries(connection: Connection, found: Sequence[Joined]) -> list[Moment]:
    """Fill in what is shown of moments; those of videos that are gone, or have no picture yet, vanish."""
    known = {entry.id: entry for entry in videos(connection, {joined.video_id for joined in found})}
    moments = []
    for joined in found:
        video, strongest = known.get(joined.video_id), joined.strongest
        if video is None:
            continue
        if strongest.why == Why.TITLE:
            best = poster(connection, video.id)
        else:
            best = keyframe_at(connection, video.id, strongest.at)
        if best is None:
            continue
        ranked = sorted(joined.best.values(), key=lambda hit: -hit.confidence)
        said = next((hit for hit in ranked if hit.text), None)
        end = max(video.duration or 0.0, best.time) if math.isinf(joined.end) else joined.end
        moments.append(
            Moment(
                video,
                start=joined.start,
                end=end,
                best=best,
                score=joined.confidence,
                at=strongest.at if strongest.why in (Why.SAID, Why.SCREEN) else None,
                why=tuple(hit.why for hit in ranked),
                snippet=NOTHING if said is None else snippet(said.text, said.marks),
            )
        )
    return moments


def _distinct(connection: Connection, encoder: str, moments: Sequence[Moment], limit: int) -> list[Moment]:
    """Put moments of other videos that show the same, for the same reason, under the best of them."""
    embeddings = embeddings_of(connection, encoder, [moment.best.id for moment in moments])
    pictures = Pictures(embeddings, lambda i: thumbnails(connection, [i]).get(i))
    kept: list[list[Moment]] = []
    for moment in moments:
        for group in kept:
            first = group[0]
            if (
                all(moment.video.id != other.video.id for other in group)
                and (moment.why, moment.snippet) == (first.why, first.snippet)
                and pictures.same(moment.best.id, first.best.id)
            ):
                group.append(moment)
                break
        else:
            kept.append([moment])
    return [replace(first, copies=tuple(copies)) for first, *copies in kept[:limit]]


def _listed(connection: Connection, scope: Iterable[int] | None, limit: int) -> list[Moment]:
    """Return whole videos: filters alone ask for nothing in them. The newest come first."""
    entries = videos(connection, None if scope is None else set(scope))
    entries.sort(key=lambda entry: (entry.recorded or "", entry.modified), reverse=True)
    found = ((entry, poster(connection, entry.id)) for entry in entries)
    moments = (Moment(entry, 0.0, entry.duration or 0.0, best, 1.0) for entry, best in found if best is not None)
    return list(itertools.islice(moments, limit))
