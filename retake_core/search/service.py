"""What a worker does for a search: it tells first what words find, when the pictures take their time."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.encoders.base import Encoder
from retake_core.library.database import Database
from retake_core.protocol import answers, requests
from retake_core.protocol.events import Event
from retake_core.protocol.search_events import Copy, FoundMoment, FoundSoFar
from retake_core.search.all_sources import moments_beside, search_moments, search_words
from retake_core.search.by_keyframe import similar_moments
from retake_core.search.by_picture import search_picture
from retake_core.search.encoder_choice import SearchEncoder, Searcher
from retake_core.search.fusion import CUT_OFF
from retake_core.search.moments import Moment
from retake_core.search.picture_file import read_picture
from retake_core.search.query import Field, parse

SLOW = 0.04  # seconds of a search from which on the next one tells first what words find


class SearchService:
    """Does one search after another.

    Args:
        data_dir: the library's.
        searching: chooses the encoder for each.
    """

    def __init__(self, data_dir: DataDir, searching: SearchEncoder) -> None:
        self._data_dir = data_dir
        self._searching = searching
        self._ready: Encoder | None = None  # what has encoded a text already
        self._slow = False  # the last search

    def find(
        self,
        database: Database,
        request: requests.Search | requests.Similar,
        token: CancelToken,
        tell: Callable[[Event], None],
    ) -> answers.MomentsReady:
        """Return the moments that are asked for; an empty query only loads what the next one needs."""
        options: dict[str, Any] = {
            "limit": request.limit,
            "folder": None if request.folder is None else Path(request.folder),
        }
        if isinstance(request, requests.Similar):
            return self._find_similar(database, request, options)
        options |= {"video_id": request.video_id, "weaker": request.weaker}
        if request.picture is not None:
            return self._find_picture(database, request, Path(request.picture), options)
        return self._find_moments(database, request, options, token, tell)

    def _find_moments(
        self,
        database: Database,
        request: requests.Search,
        options: dict[str, Any],
        token: CancelToken,
        tell: Callable[[Event], None],
    ) -> answers.MomentsReady:
        def words_found(moments: Sequence[Moment]) -> None:
            if moments:
                tell(FoundSoFar(_hits(moments)))

        if self._ready is None:
            with database.reading() as connection:
                words_found(search_words(connection, request.query, **options))
            token.check()
        elif self._slow:
            options["words_found"] = words_found
        with database.reading() as connection:
            chosen = self._choose(connection)
            began = time.monotonic()
            moments = search_moments(
                connection, chosen.vectors, chosen.encoder, request.query, token=token, **options
            )
        self._slow = time.monotonic() - began > SLOW
        return answers.MomentsReady(id=request.id, hits=_hits(moments), switch=chosen.switch)

    def _find_picture(
        self, database: Database, request: requests.Search, picture: Path, options: dict[str, Any]
    ) -> answers.MomentsReady:
        image = read_picture(picture)
        with database.reading() as connection:
            chosen = self._choose(connection)
            moments = search_picture(
                connection, chosen.vectors, chosen.encoder, image, query=request.query, **options
            )
        return answers.MomentsReady(id=request.id, hits=_hits(moments), switch=chosen.switch)

    def _find_similar(
        self, database: Database, request: requests.Similar, options: dict[str, Any]
    ) -> answers.MomentsReady:
        query, beside = parse(request.query), None
        with database.reading() as connection:
            if query.description or query.having(Field.PHRASE, Field.SAID, Field.SCREEN):
                chosen = self._choose(connection)  # without words, no model is loaded
                _, beside = moments_beside(
                    connection,
                    chosen.vectors,
                    chosen.encoder,
                    query,
                    folder=options["folder"],
                    video_id=request.video_id,
                )
            moments = similar_moments(
                connection,
                self._data_dir.vectors,
                request.like,
                request.time,
                within=request.video_id,
                query=query,
                beside=beside,
                **options,
            )
        return answers.MomentsReady(id=request.id, hits=_hits(moments))

    def _choose(self, connection: Connection) -> Searcher:
        """Return what to search with, ready to be used."""
        chosen = self._searching.choose(connection)
        if chosen.encoder is not self._ready:
            chosen.encoder.encode_text("a video")  # the first text takes far longer than all later ones
            chosen.vectors.refresh(connection)
            self._ready = chosen.encoder
        return chosen


def _hits(moments: Sequence[Moment]) -> tuple[FoundMoment, ...]:
    return tuple(
        FoundMoment(
            video_id=moment.video.id,
            keyframe_id=moment.best.id,
            time=moment.time,
            start=moment.start,
            end=moment.end,
            score=moment.score,
            why=tuple(moment.why),
            snippet=moment.snippet.text,
            marks=moment.snippet.marks,
            copies=tuple(Copy(copy.video.id, copy.best.id, copy.time) for copy in moment.copies),
            weaker=moment.score < CUT_OFF,
        )
        for moment in moments
    )
