"""Searching, as the window's worker and the command line ask for it."""

import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.encoders.attribute_words import names_people
from retake_core.encoders.base import Encoder
from retake_core.library.database import Database
from retake_core.library.faces import looked_for_faces
from retake_core.protocol import requests
from retake_core.protocol.answers import MomentsReady
from retake_core.protocol.search_events import FoundSoFar
from retake_core.search.all_sources import MomentSearch
from retake_core.search.by_keyframe import similar_moments
from retake_core.search.by_picture import search_picture
from retake_core.search.encoder_choice import SearchEncoder, Searcher
from retake_core.search.moments import found_moments
from retake_core.search.options import SearchOptions
from retake_core.search.picture_file import read_picture

SLOW = 0.04
"""Seconds of a search from which on the next one tells first what words find."""


class SearchService:
    """Does one search after another.

    Args:
        database: of the library.
        encoders: chooses the encoder for each.
    """

    def __init__(self, database: Database, encoders: SearchEncoder) -> None:
        self._database, self._encoders = database, encoders
        self._ready: Encoder | None = None  # what has encoded a text already
        self._slow = False  # the last search

    def search(
        self, request: requests.Search, token: CancelToken, tell: Callable[[FoundSoFar], None]
    ) -> MomentsReady:
        """Return the moments that match words or a picture; an empty query only loads what the next one needs.

        Raises:
            UserError: the picture cannot be read, or no encoder can be loaded.
            Cancelled: it was stopped.
        """
        if request.picture is None:
            return self._by_words_and_pictures(request, token, tell)
        image = read_picture(Path(request.picture))
        with self._database.reading() as connection:
            searcher = self._choose(connection)
            moments = search_picture(connection, searcher, image, request.query, _options(request))
        return MomentsReady(id=request.id, hits=found_moments(moments), switch=searcher.switch)

    def similar(self, request: requests.Similar) -> MomentsReady:
        """Return the moments that look like a keyframe.

        Raises:
            UserError: the video has no keyframe yet.
        """
        with self._database.reading() as connection:
            moments = similar_moments(
                connection, self._encoders, request.like, request.time, request.query, _options(request)
            )
        return MomentsReady(id=request.id, hits=found_moments(moments))

    def _by_words_and_pictures(
        self, request: requests.Search, token: CancelToken, tell: Callable[[FoundSoFar], None]
    ) -> MomentsReady:
        """Search, and tell first what words find where the pictures take their time."""
        first, began = self._ready is None, time.monotonic()
        with self._database.reading() as connection:
            search = MomentSearch(connection, request.query, _options(request))
            if (first or self._slow) and (moments := search.by_words()):
                tell(FoundSoFar(found_moments(moments)))
            token.check()
            searcher = self._choose(connection, search.query.description)
            if first:
                if searcher.meaning is not None:
                    searcher.meaning.get_ready(connection)
                began = time.monotonic()  # loading says nothing of the next search
            moments = search.by_all(searcher, token)
            self._slow = time.monotonic() - began > SLOW
            unknown = search.unknown_words(searcher, moments)
            faceless = names_people(unknown) and not looked_for_faces(connection)
        return MomentsReady(
            id=request.id,
            hits=found_moments(moments),
            switch=searcher.switch,
            unknown=unknown,
            faceless=faceless,
        )

    def _choose(self, connection: Connection, description: str = "") -> Searcher:
        """Return what to search with, ready to be used: for a description with no more than that takes."""
        searcher = self._encoders.choose(connection)
        if searcher.encoder is not self._ready:
            # The first text takes far longer than all later ones.
            searcher.encoder.encode_text(description or "a video")
            searcher.vectors.refresh(connection)
            self._ready = searcher.encoder
        return searcher


def _options(request: requests.Search | requests.Similar) -> SearchOptions:
    folder = None if request.folder is None else Path(request.folder)
    weaker = isinstance(request, requests.Search) and request.weaker
    video_ids = None if request.video_id is None else frozenset((request.video_id,))
    return SearchOptions(request.limit, folder, video_ids, weaker)
