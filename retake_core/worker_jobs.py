"""What a worker does for each request."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from retake_core import protocol, search_events
from retake_core.config import load_settings
from retake_core.encoders import Encoder
from retake_core.jobs import CancelToken, Event
from retake_core.library.database import Database
from retake_core.library_changes import Change, change_library
from retake_core.paths import DataDir
from retake_core.playback import prepare, still
from retake_core.protocol import AnyRequest
from retake_core.scanner import FoundFile
from retake_core.writer_lock import only_writer

if TYPE_CHECKING:
    from retake_core.asking import Asking
    from retake_core.library.vectors import VectorIndex
    from retake_core.media.process_source import LastingDecoder
    from retake_core.search import Moment

EncoderOpener = Callable[[str], Encoder]
SLOW = 0.08  # seconds of a search from which on the next one tells first what words find


@dataclass(slots=True)
class _Searcher:
    """What searches need, kept from one to the next; and whether the last one was slow."""

    encoder: Encoder
    vectors: "VectorIndex"
    slow: bool = False


class Jobs:
    """Does one request after another, and keeps what it loaded for the next.

    Args:
        data_dir: the library's.
        opener: loads the encoder that the settings name.
        send: takes what is told while a job runs.
    """

    def __init__(self, data_dir: DataDir, opener: EncoderOpener, send: Callable[[protocol.Answer], None]) -> None:
        self._data_dir = data_dir
        self._opener = opener
        self._send = send
        self._asking: Asking | None = None
        self._lasting_decoder: LastingDecoder | None = None
        self._encoders: dict[str, Encoder] = {}
        self._searcher: _Searcher | None = None

    @property
    def may_rest(self) -> bool:
        """Whether a model may be loaded that could give its memory back."""
        return self._asking is not None

    def rest(self) -> None:
        """Give a loaded model's memory back."""
        if self._asking is not None:
            self._asking.rest()

    def close(self) -> None:
        """End the process that decodes."""
        if self._lasting_decoder is not None:
            self._lasting_decoder.close()

    def do(self, database: Database, request: AnyRequest, token: CancelToken) -> protocol.Answer:
        """Do what is asked and return the last answer.

        Raises:
            UserError: it cannot be done.
            Cancelled: the user asked to stop.
        """
        match request:  # edits are short, and must not be lost when the window closes
            case protocol.RemoveFolder() | protocol.Reindex() | protocol.Retry() | protocol.RemoveVideos():
                return self._change(database, request)
            case protocol.ForgetConversations() | protocol.ChangeSearch():
                return _edit(database, request)
        token.check()
        match request:
            case protocol.Index():
                return self._index(database, request, token)
            case protocol.Search() | protocol.Similar():
                return protocol.Found(id=request.id, hits=self._find(database, request, token))
            case protocol.Watch():
                return self._watch(database, request, token)
            case protocol.Still():
                return still(database, self._decoder(), request, token)
            case protocol.Plan():
                return self._questions(database).plan(request, token)
            case protocol.Ask():
                self._questions(database).ask(request, token, lambda event: self._tell(request.id, event))
                return protocol.Done(id=request.id)
            case protocol.Prepare():
                return self._prepare(database, request, token)
        raise AssertionError(request)

    def _index(self, database: Database, request: protocol.Index, token: CancelToken) -> protocol.Answer:
        from retake_core.indexer import index_folders, leave_cores_to_decoders
        from retake_core.library.folders import folders

        leave_cores_to_decoders()
        with only_writer(self._data_dir):
            with database.reading() as connection:
                paths = [path for _, path in folders(connection)]
            if request.folders is not None:
                paths = [path for path in paths if os.fspath(path) in request.folders]
            paths += [Path(path) for path in request.add]
            settings = load_settings(self._data_dir.settings)
            encoder = self._encoder(settings.encoder)
            events = index_folders(
                database,
                list(dict.fromkeys(paths)),
                encoder,
                settings,
                token,
                thorough=settings.thorough,
                patient=True,
                first=request.first,
                log=self._data_dir.log,
                vectors=self._data_dir.vectors,
            )
            for event in events:
                self._tell(request.id, event)
        return protocol.Done(id=request.id)

    def _change(self, database: Database, request: Change) -> protocol.Answer:
        with only_writer(self._data_dir):
            freed = change_library(database, self._data_dir, request)
        if freed is not None:
            self._tell(request.id, freed)
        return protocol.Done(id=request.id)

    def _prepare(self, database: Database, request: protocol.Prepare, token: CancelToken) -> protocol.Answer:
        return prepare(database, self._data_dir, self._decoder(), request, token, self._send)

    def _watch(self, database: Database, request: protocol.Watch, token: CancelToken) -> NoReturn:
        from retake_core.library.folders import present_files
        from retake_core.watching import watch

        def known() -> dict[Path, FoundFile]:
            with database.reading() as connection:
                return present_files(connection)

        for event in watch([Path(path) for path in request.folders], known, token):
            self._tell(request.id, event)
        raise AssertionError

    def _find(
        self, database: Database, request: protocol.Search | protocol.Similar, token: CancelToken
    ) -> tuple[search_events.Hit, ...]:
        if isinstance(request, protocol.Similar):
            return self._find_similar(database, request)
        options: Any = {
            "limit": request.limit,
            "folder": None if request.folder is None else Path(request.folder),
            "video_id": request.video_id,
            "weaker": request.weaker,
        }
        if request.picture is not None:
            return self._find_picture(database, Path(request.picture), options | {"query": request.query})
        return self._find_moments(database, request, options, token)

    def _find_moments(
        self, database: Database, request: protocol.Search, options: dict[str, Any], token: CancelToken
    ) -> tuple[search_events.Hit, ...]:
        """Search by words and pictures; tell first what words find if the pictures take their time."""
        from retake_core.search import search_moments, search_words

        if self._searcher is None or self._searcher.slow:
            with database.reading() as connection:
                found = _hits(search_words(connection, request.query, **options))
            if found:
                self._tell(request.id, search_events.FoundSoFar(found))
            token.check()
        tools = self._search_tools(database)
        began = time.monotonic()
        with database.reading() as connection:
            moments = search_moments(
                connection, tools.vectors, tools.encoder, request.query, token=token, **options
            )
        tools.slow = time.monotonic() - began > SLOW
        return _hits(moments)

    def _find_picture(
        self, database: Database, picture: Path, options: dict[str, Any]
    ) -> tuple[search_events.Hit, ...]:
        from retake_core.picture_file import read_picture
        from retake_core.picture_search import search_picture

        image = read_picture(picture)
        tools = self._search_tools(database)
        with database.reading() as connection:
            return _hits(search_picture(connection, tools.vectors, tools.encoder, image, **options))

    def _search_tools(self, database: Database) -> _Searcher:
        """Load an encoder once, and keep the index from one search to the next."""
        from retake_core.library.vectors import VectorIndex

        name = load_settings(self._data_dir.settings).encoder
        if self._searcher is None or name not in self._encoders:
            encoder = self._encoder(name)
            vectors = VectorIndex(self._data_dir.vectors, encoder.id, encoder.dimension)
            encoder.encode_text("a video")  # the first text takes far longer than all later ones
            with database.reading() as connection:
                vectors.refresh(connection)
            self._searcher = _Searcher(encoder, vectors)
        return self._searcher

    def _find_similar(self, database: Database, request: protocol.Similar) -> tuple[search_events.Hit, ...]:
        from retake_core.query import Field, parse
        from retake_core.search import moments_beside
        from retake_core.similar import similar_moments

        folder = None if request.folder is None else Path(request.folder)
        query, beside = parse(request.query), None
        with database.reading() as connection:
            if query.description or query.having(Field.PHRASE, Field.SAID, Field.SCREEN):
                tools = self._search_tools(database)  # without words, no model is loaded
                places: Any = {"folder": folder, "video_id": request.video_id}
                _, beside = moments_beside(connection, tools.vectors, tools.encoder, query, **places)
            moments = similar_moments(
                connection,
                self._data_dir.vectors,
                request.like,
                request.time,
                limit=request.limit,
                folder=folder,
                within=request.video_id,
                query=query,
                beside=beside,
            )
        return _hits(moments)

    def _questions(self, database: Database) -> "Asking":
        if self._asking is None:
            from retake_core.asking import Asking

            def encoder() -> Encoder:
                return self._encoder(load_settings(self._data_dir.settings).encoder)

            self._asking = Asking(database, self._data_dir, encoder)
        return self._asking

    def _decoder(self) -> "LastingDecoder":
        if self._lasting_decoder is None:
            from retake_core.media.process_source import LastingDecoder

            self._lasting_decoder = LastingDecoder(self._data_dir.log)
        return self._lasting_decoder

    def _encoder(self, name: str) -> Encoder:
        if name not in self._encoders:
            self._encoders = {name: self._opener(name)}
        return self._encoders[name]

    def _tell(self, job_id: int, event: Event) -> None:
        self._send(protocol.Told(id=job_id, event=event))  # type: ignore[arg-type]


def _hits(moments: Sequence["Moment"]) -> tuple[search_events.Hit, ...]:
    from retake_core.fusion import CUT_OFF

    return tuple(
        search_events.Hit(
            video_id=moment.video.id,
            keyframe_id=moment.best.id,
            time=moment.time,
            start=moment.start,
            end=moment.end,
            score=moment.score,
            why=tuple(moment.why),
            snippet=moment.snippet.text,
            marks=moment.snippet.marks,
            copies=tuple(search_events.Copy(copy.video.id, copy.best.id, copy.time) for copy in moment.copies),
            weaker=moment.score < CUT_OFF,
        )
        for moment in moments
    )


def _edit(database: Database, request: protocol.ForgetConversations | protocol.ChangeSearch) -> protocol.Answer:
    """Change what the user keeps of questions and searches."""
    from retake_core.library.history import forget_conversations
    from retake_core.library.searches import delete_search, rename_search, save_search

    with database.writing() as connection:
        match request:
            case protocol.ForgetConversations():
                forget_conversations(connection, request.ids)
            case protocol.ChangeSearch(name=name, query=str(query)):
                save_search(connection, name, query)
            case protocol.ChangeSearch(name=name, new=str(new)):
                rename_search(connection, name, new)
            case protocol.ChangeSearch(name=name):
                delete_search(connection, name)
    return protocol.Done(id=request.id)
