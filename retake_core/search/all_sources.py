"""Finding moments: by description, by words that are said, written or in a title, and by a picture."""

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.encoders.attribute_words import Asked
from retake_core.library.catalog import videos_by_id
from retake_core.library.keyframes import keyframe_ids, posters
from retake_core.library.vectors import embeddings_of
from retake_core.search.by_attributes import asked_beside, find_attributes, having, narrowed
from retake_core.search.by_words import find_words, units_of
from retake_core.search.encoder_choice import Searcher
from retake_core.search.exactly import find_exactly
from retake_core.search.filters import videos_in_scope
from retake_core.search.fusion import CUT_OFF, WEAKER, Joined, SourceHit, Why, fuse
from retake_core.search.moments import Moment, as_hits, distinct_moments, entries_of
from retake_core.search.options import EVERYWHERE, SearchOptions
from retake_core.search.query import EXACT, Field, Query, Term, parse

CANDIDATES = 500
"""Keyframes that are looked at for a query; neighbours merge into far fewer moments."""
NEAR = 10.0
"""Seconds between exact words and what else is asked for."""
COMPARED = 2
"""How many times the limit are compared to find duplicates."""
_SOURCES = {why.split(" ")[-1]: why for why in Why}  # as `match:` calls them


def search_moments(
    connection: Connection,
    searcher: Searcher,
    query: str | Query,
    options: SearchOptions = EVERYWHERE,
    token: CancelToken | None = None,
) -> list[Moment]:
    """Return the moments that match a query, best first; none is an answer.

    Args:
        connection: sees the library.
        searcher: the encoder for the query, and the index of its vectors.
        query: as a person types it; see `retake_core.search.query`.
        options: where to look, and how much to return.
        token: stops it between two steps.

    Raises:
        Cancelled: it was stopped.

    Example::

        encoders = SearchEncoder(data_dir.vectors, open_encoder, lambda: "builtin")
        with database.reading() as connection:
            searcher = encoders.choose(connection)
            for moment in search_moments(connection, searcher, "a bicycle after:2023", SearchOptions(limit=5)):
                print(moment.video.path, moment.time, moment.score)
    """
    return MomentSearch(connection, query, options).by_all(searcher, token)


class MomentSearch:
    """A query on a library, in two steps: what words find needs no encoder, and is there at once.

    Args:
        connection: sees the library.
        query: as a person types it.
        options: where to look, and how much to return.

    Attributes:
        query: as it was read.
        scope: ids of the videos that pass its filters and hold its exact words and people; None is all.
    """

    def __init__(self, connection: Connection, query: str | Query, options: SearchOptions = EVERYWHERE) -> None:
        self._connection, self._options = connection, options
        self.query = parse(query) if isinstance(query, str) else query
        self.scope = videos_in_scope(connection, self.query, folder=options.folder, video_ids=options.video_ids)
        self._exact = [find_exactly(connection, term, self.scope) for term in self.query.having(*EXACT)]
        for hits in self._exact:
            inside = {hit.video_id for hit in hits}
            self.scope = inside if self.scope is None else self.scope & inside
        self._asked: Asked | None = None
        matching = _sources(self.query.having(Field.MATCH)) or set(Why)
        self._sources = options.sources & matching - _sources(self.query.having(Field.MATCH, excluded=True))

    @property
    def is_about_content(self) -> bool:
        """Whether it asks for something in the videos, not only for some of them."""
        return bool(self.query.description or self._exact)

    def unknown_words(self, searcher: Searcher, moments: Sequence[Moment]) -> tuple[str, ...]:
        """Return the words that say nothing to the search, unless some of the moments were found by words."""
        by_pictures = Why.PICTURE in self._sources and bool(self.query.description)
        if not by_pictures or any(set(moment.why) - {Why.PICTURE, Why.PERSON} for moment in moments):
            return ()
        return self._beside(searcher).unknown

    def by_words(self) -> list[Moment]:
        """Return the moments that match by words alone, best first."""
        if not self.is_about_content:
            return self._listed()
        return entries_of(self._connection, self._joined(self._word_hits)[: self._options.limit])

    def by_all(self, searcher: Searcher, token: CancelToken | None = None) -> list[Moment]:
        """Return the moments that match, best first; see `search_moments`."""
        token = token or CancelToken()
        if not self.is_about_content:
            return self._listed()
        stretches = self.stretches(searcher, token)
        limit = self._options.limit
        if not self._options.distinct:
            return entries_of(self._connection, stretches[:limit])
        moments = entries_of(self._connection, stretches[: limit * COMPARED])
        token.check()
        return distinct_moments(self._connection, searcher.encoder.id, moments, limit)

    def stretches(self, searcher: Searcher, token: CancelToken | None = None) -> list[Joined]:
        """Return where the query matches, best first; it must be about content."""
        token = token or CancelToken()
        hits = list(self._word_hits)
        token.check()
        if Why.PICTURE in self._sources and self.query.description:
            searcher.vectors.refresh(self._connection)
            hits += self._picture_hits(searcher)
        if searcher.meaning is not None and self.query.description and self._sources - {Why.PICTURE}:
            hits += searcher.meaning.find(self._connection, self.query.description, self.scope)
        token.check()
        return self._joined(hits)

    @cached_property
    def _word_hits(self) -> list[SourceHit]:
        """The hits of all exact words and people, and those of the plain words, said, on screen or in a title."""
        hits = list(chain(*self._exact))
        if self.query.description and self._sources - {Why.PICTURE}:
            hits += find_words(self._connection, units_of(self._connection, self.query), self.scope)
        return hits

    def _beside(self, searcher: Searcher) -> Asked:
        """Return what is asked for beside what the encoder knows; it is read once, and asked for twice."""
        if self._asked is None:
            self._asked = asked_beside(self._connection, searcher, self.query.description)
        return self._asked

    def _picture_hits(self, searcher: Searcher) -> list[SourceHit]:
        """Return the keyframes that show what the plain words describe, and nothing of what is excluded."""
        encoder = searcher.encoder
        inside = among(self._connection, self.scope)
        asked = self._beside(searcher)
        if asked and not encoder.names_something(asked.rest):
            if asked.leaves_out:  # a red something is not all that is red
                return []
            return self._clean(searcher, find_attributes(self._connection, searcher, asked, self.scope, inside))
        # Where words remain unknown, a colour among them makes the encoder no surer.
        described = self.query.description if asked.unknown else asked.rest
        ids, cosines = searcher.vectors.search(encoder.encode_text(described), CANDIDATES, inside)
        confidence = encoder.confidence(cosines)
        ids, confidence = ids[confidence >= WEAKER], confidence[confidence >= WEAKER]
        hits = as_hits(self._connection, dict(zip(ids.tolist(), confidence.tolist(), strict=True)))
        return self._clean(searcher, narrowed(self._connection, asked, hits, self.scope))

    def _clean(self, searcher: Searcher, hits: list[SourceHit]) -> list[SourceHit]:
        """Leave out the keyframes that show something of what is excluded."""
        terms = self.query.having(Field.WORD, excluded=True)
        if not terms or not hits:
            return hits
        encoder = searcher.encoder
        ids = [hit.keyframe_id for hit in hits if hit.keyframe_id is not None]
        excluded = np.stack([encoder.encode_text(term.value) for term in terms])
        shown = embeddings_of(self._connection, encoder.id, ids)
        barred = {i for i, vector in shown.items() if encoder.confidence(excluded @ vector).max() >= CUT_OFF}
        for term in terms:
            barred |= having(self._connection, asked_beside(self._connection, searcher, term.value), ids)
        return [hit for hit in hits if hit.keyframe_id not in barred]

    def _joined(self, hits: Sequence[SourceHit]) -> list[Joined]:
        """Join hits into moments, best first, and keep those that all of the query lets through."""
        scope = self.scope
        moments = fuse(
            [hit for hit in hits if hit.why in self._sources and (scope is None or hit.video_id in scope)],
            cut_off=self._options.cut_off,
        )
        barred = [
            hit
            for term in self.query.having(Field.WORD, *EXACT, excluded=True)
            for hit in find_exactly(self._connection, term, {moment.video_id for moment in moments})
        ]
        return [
            moment
            for moment in moments
            if all(_near(moment, hits) for hits in self._exact) and not _near(moment, barred, 0.0)
        ]

    def _listed(self) -> list[Moment]:
        """Return whole videos: filters alone ask for nothing in them. The newest come first."""
        if all(term.field == Field.MATCH for term in self.query.chips):
            return []
        rows = self._connection.exec_driver_sql(
            "SELECT video.id FROM video JOIN file ON file.video_id = video.id GROUP BY video.id "
            "ORDER BY dated_us DESC NULLS LAST, max(mtime_ns) DESC, video.id"
        )
        newest = [i for i in rows.scalars() if self.scope is None or i in self.scope]
        moments: list[Moment] = []
        limit = self._options.limit
        while newest and len(moments) < limit:
            part, newest = newest[:limit], newest[limit:]
            entries, best = videos_by_id(self._connection, part), posters(self._connection, part)
            moments += [
                Moment(entries[i], 0.0, entries[i].duration or 0.0, best[i], 1.0)
                for i in part
                if i in entries and i in best
            ]
        return moments[:limit]


def among(connection: Connection, scope: Collection[int] | None) -> NDArray[np.int64] | None:
    """Return the keyframes of some videos, by id; None stands for all."""
    return None if scope is None else keyframe_ids(connection, scope)


def _sources(terms: Sequence[Term]) -> set[Why]:
    return {_SOURCES[term.value.lower()] for term in terms}


def _near(moment: Joined, hits: Sequence[SourceHit], distance: float = NEAR) -> bool:
    """Whether one of the hits overlaps the moment, or lies near it."""
    return any(
        hit.video_id == moment.video_id
        and hit.start <= moment.end + distance
        and moment.start <= hit.end + distance
        for hit in hits
    )
