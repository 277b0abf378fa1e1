"""What a worker does for each request."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from retake_core import protocol
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
    from retake_core.media.process_source import LastingDecoder
    from retake_core.search import Finder, Moment

EncoderOpener = Callable[[str], Encoder]


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
        self._finders: dict[str, Finder] = {}

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
            case protocol.ForgetConversations():
                return _forget_conversations(database, request)
        token.check()
        match request:
            case protocol.Index():
                return self._index(database, request, token)
            case protocol.Search() | protocol.Similar():
                return protocol.Found(id=request.id, hits=self._find(database, request))
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
            encoder = self._finder().encoder
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

    def _find(self, database: Database, request: protocol.Search | protocol.Similar) -> tuple[protocol.Hit, ...]:
        from retake_core.picture_file import read_picture
        from retake_core.search import search_moments, search_picture
        from retake_core.similar import similar_moments

        finder = self._finder()
        folder = None if request.folder is None else Path(request.folder)
        with database.reading() as connection:
            if isinstance(request, protocol.Similar):
                like, time, within = request.like, request.time, request.video_id
                found = similar_moments(
                    connection, finder, like, time, limit=request.limit, folder=folder, within=within
                )
                return _hits(found)
            options: Any = {
                "limit": request.limit,
                "folder": folder,
                "video_id": request.video_id,
                "weaker": request.weaker,
            }
            if request.picture is not None:
                image = read_picture(Path(request.picture))
                return _hits(search_picture(connection, finder.vectors, finder.encoder, image, **options))
            return _hits(search_moments(connection, finder.vectors, finder.encoder, request.query, **options))

    def _questions(self, database: Database) -> "Asking":
        if self._asking is None:
            from retake_core.asking import Asking

            self._asking = Asking(database, self._data_dir, self._finder)
        return self._asking

    def _decoder(self) -> "LastingDecoder":
        if self._lasting_decoder is None:
            from retake_core.media.process_source import LastingDecoder

            self._lasting_decoder = LastingDecoder(self._data_dir.log)
        return self._lasting_decoder

    def _finder(self) -> "Finder":
        """Load the encoder of the settings once, and keep the index from one search or question to the next."""
        from retake_core.search import Finder

        name = load_settings(self._data_dir.settings).encoder
        if name not in self._finders:
            self._finders = {name: Finder.open(self._data_dir.vectors, self._opener(name))}
        return self._finders[name]

    def _tell(self, job_id: int, event: Event) -> None:
        self._send(protocol.Told(id=job_id, event=event))  # type: ignore[arg-type]


def _hits(moments: Sequence["Moment"]) -> tuple[protocol.Hit, ...]:
    return tuple(
        protocol.Hit(
            video_id=moment.video.id,
            keyframe_id=moment.best.id,
            time=moment.time,
            start=moment.start,
            end=moment.end,
            score=moment.score,
            why=tuple(moment.why),
            snippet=moment.snippet.text,
            marks=moment.snippet.marks,
            copies=tuple(copy.video.id for copy in moment.copies),
        )
        for moment in moments
    )


def _forget_conversations(database: Database, request: protocol.ForgetConversations) -> protocol.Answer:
    from retake_core.library.history import forget_conversations

    with database.writing() as connection:
        forget_conversations(connection, request.ids)
    return protocol.Done(id=request.id)
