"""Finding moments: by description, by words that are said, written or in a title, and by a picture."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.encoders.base import Encoder
from retake_core.library.catalog import (
    keyframe_ids,
    poster,
    videos,
)
from retake_core.library.vectors import VectorIndex, embeddings_of
from retake_core.search.by_words import find_exactly, find_words, units_of
from retake_core.search.filters import videos_in_scope
from retake_core.search.fusion import CUT_OFF, WEAKER, Joined, SourceHit, Why, fuse
from retake_core.search.moments import Moment, as_hits, distinct_moments, entries_of
from retake_core.search.query import Field, Query, parse

CANDIDATES = 500  # keyframes looked at for a query; neighbours merge into far fewer moments
NEAR = 10.0  # seconds between exact words and what else is asked for
COMPARED = 2  # times the limit: how many moments are compared to find duplicates
_KINDS = {why.split(" ")[-1]: why for why in Why}  # as `match:` calls them
_EXACT = (Field.PHRASE, Field.SAID, Field.SCREEN)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query on a library.

    Attributes:
        query: as it was read.
        scope: the videos that pass its filters; None is all.
        required: where each of its exact words is.
        sources: what may match.
    """

    query: Query
    scope: set[int] | None
    required: list[list[SourceHit]]
    sources: frozenset[Why]

    @property
    def is_about_content(self) -> bool:
        """Whether it asks for something in the videos, not only for some of them."""
        return bool(self.query.description or self.required)

    @property
    def exact(self) -> list[SourceHit]:
        """The hits of all exact words."""
        return [hit for found in self.required for hit in found]


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
    token: CancelToken | None = None,
    words_found: Callable[[list[Moment]], None] | None = None,
) -> list[Moment]:
    """Return the moments that match a query, best first; none is an answer.

    Args:
        connection: sees the library.
        vectors: of the encoder's embeddings.
        encoder: for the query.
        query: as a person types it; see `retake_core.search.query`.
        limit: how many moments at most.
        folder: only videos that have a file in it.
        video_id: only this video.
        weaker: also those below the calibrated cut-off.
        sources: what may match.
        distinct: put moments that look the same under the best of them.
        token: stops it between two steps.
        words_found: hears what words alone find, before the pictures are looked at.

    Raises:
        Cancelled: it was stopped.
    """
    token = token or CancelToken()
    asked = _asked(connection, query, folder, video_id, sources)
    if not asked.is_about_content:
        return _listed(connection, asked, limit)
    hits = asked.exact + _words(connection, asked)
    cut_off = WEAKER if weaker else CUT_OFF
    if words_found is not None:
        words_found(entries_of(connection, _kept(connection, asked, hits, cut_off)[:limit]))
    token.check()
    if Why.PICTURE in asked.sources and asked.query.description:
        vectors.refresh(connection)
        hits += _pictures(connection, vectors, encoder, asked.query, asked.scope)
    token.check()
    kept = _kept(connection, asked, hits, cut_off)
    if not distinct:
        return entries_of(connection, kept[:limit])
    moments = entries_of(connection, kept[: limit * COMPARED])
    token.check()
    return distinct_moments(connection, encoder.id, moments, limit)


def search_words(
    connection: Connection,
    query: str | Query,
    *,
    limit: int = 20,
    folder: Path | None = None,
    video_id: int | None = None,
    weaker: bool = False,
) -> list[Moment]:
    """Return the moments that match by words alone, for which no encoder is needed; see `search_moments`."""
    asked = _asked(connection, query, folder, video_id, set(Why) - {Why.PICTURE})
    if not asked.is_about_content:
        return _listed(connection, asked, limit)
    hits = asked.exact + _words(connection, asked)
    return entries_of(connection, _kept(connection, asked, hits, WEAKER if weaker else CUT_OFF)[:limit])


def moments_beside(
    connection: Connection,
    vectors: VectorIndex,
    encoder: Encoder,
    query: str | Query,
    *,
    folder: Path | None = None,
    video_id: int | None = None,
) -> tuple[set[int] | None, list[Joined] | None]:
    """Return what narrows a search by picture down: the videos that pass, and the moments that match the words.

    None stands for all of them. Weak matches count: it is the picture that decides.
    """
    asked = _asked(connection, query, folder, video_id)
    if not asked.is_about_content:
        return asked.scope, None
    vectors.refresh(connection)
    hits = asked.exact + _words(connection, asked)
    if asked.query.description and Why.PICTURE in asked.sources:
        hits += _pictures(connection, vectors, encoder, asked.query, asked.scope)
    return asked.scope, _kept(connection, asked, hits, WEAKER)


def _asked(
    connection: Connection,
    query: str | Query,
    folder: Path | None,
    video_id: int | None,
    sources: Collection[Why] = tuple(Why),
) -> _Asked:
    asked = parse(query) if isinstance(query, str) else query
    scope = videos_in_scope(connection, asked, folder=folder, video_id=video_id)
    required = [find_exactly(connection, term, scope) for term in asked.having(*_EXACT)]
    for found in required:
        inside = {hit.video_id for hit in found}
        scope = inside if scope is None else scope & inside
    wanted = {_KINDS[term.value.lower()] for term in asked.having(Field.MATCH)} or set(Why)
    unwanted = {_KINDS[term.value.lower()] for term in asked.having(Field.MATCH, excluded=True)}
    return _Asked(asked, scope, required, frozenset(sources) & wanted - unwanted)


def _words(connection: Connection, asked: _Asked) -> list[SourceHit]:
    """Return where the plain words are said, on screen or in a title."""
    if not asked.query.description or asked.sources <= {Why.PICTURE}:
        return []
    return find_words(connection, units_of(connection, asked.query), asked.scope)


def _kept(connection: Connection, asked: _Asked, hits: Sequence[SourceHit], cut_off: float) -> list[Joined]:
    """Join hits into moments, best first, and keep those that all of the query lets through."""
    scope = asked.scope
    moments = fuse(
        [hit for hit in hits if hit.why in asked.sources and (scope is None or hit.video_id in scope)],
        cut_off=cut_off,
    )
    barred = [
        hit
        for term in asked.query.having(Field.WORD, *_EXACT, excluded=True)
        for hit in find_exactly(connection, term, {moment.video_id for moment in moments})
    ]
    return [
        moment
        for moment in moments
        if all(_near(moment, found) for found in asked.required) and not _near(moment, barred, 0.0)
    ]


def _pictures(
    connection: Connection, vectors: VectorIndex, encoder: Encoder, query: Query, scope: Collection[int] | None
) -> list[SourceHit]:
    """Return the keyframes that show what the plain words describe, and nothing of what is excluded."""
    ids, cosines = vectors.search(encoder.encode_text(query.description), CANDIDATES, among(connection, scope))
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
    return as_hits(connection, dict(zip(ids.tolist(), confidence.tolist(), strict=True)))


def among(connection: Connection, scope: Collection[int] | None) -> NDArray[np.int64] | None:
    """Return the keyframes of some videos, by id; None stands for all."""
    return None if scope is None else np.array(keyframe_ids(connection, scope), np.int64)


def _near(moment: Joined, hits: Sequence[SourceHit], distance: float = NEAR) -> bool:
    """Whether one of the hits lies over the moment, or near it."""
    return any(
        hit.video_id == moment.video_id
        and hit.start <= moment.end + distance
        and moment.start <= hit.end + distance
        for hit in hits
    )


def _listed(connection: Connection, asked: _Asked, limit: int) -> list[Moment]:
    """Return whole videos: filters alone ask for nothing in them. The newest come first."""
    if all(term.field == Field.MATCH for term in asked.query.chips):
        return []
    rows = connection.exec_driver_sql(
        "SELECT video.id FROM video JOIN file ON file.video_id = video.id GROUP BY video.id "
        "ORDER BY dated_us DESC NULLS LAST, max(mtime_ns) DESC, video.id"
    )
    newest = [i for i in rows.scalars() if asked.scope is None or i in asked.scope]
    moments: list[Moment] = []
    while newest and len(moments) < limit:
        part, newest = newest[:limit], newest[limit:]
        known = {entry.id: entry for entry in videos(connection, part)}
        found = ((known[i], poster(connection, i)) for i in part if i in known)
        moments += [
            Moment(entry, 0.0, entry.duration or 0.0, best, 1.0) for entry, best in found if best is not None
        ]
    return moments[:limit]
