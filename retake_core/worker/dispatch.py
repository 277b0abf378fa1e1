"""What a worker does for each request."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.encoders import Encoder
from retake_core.library.database import Database
from retake_core.maintenance.service import Change, change_library
from retake_core.media.video_file import FoundFile
from retake_core.playback.service import prepare, still
from retake_core.protocol import answers, requests
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import CopyProgress
from retake_core.protocol.requests import AnyRequest
from retake_core.settings import load_settings
from retake_core.system.writer_lock import only_writer

if TYPE_CHECKING:
    from retake_core.media.process.lasting_decoder import LastingDecoder
    from retake_core.questions.service import QuestionService
    from retake_core.search.encoder_choice import SearchEncoder
    from retake_core.search.service import SearchService

DecodingRequest = requests.Still | requests.Prepare | requests.Export
EncoderOpener = Callable[[str], Encoder]


class Jobs:
    """Does one request after another, and keeps what it loaded for the next.

    Args:
        data_dir: the library's.
        opener: loads the encoder that the settings name.
        send: takes what is told while a job runs.
    """

    def __init__(self, data_dir: DataDir, opener: EncoderOpener, send: Callable[[answers.Reply], None]) -> None:
        self._data_dir = data_dir
        self._opener = opener
        self._send = send
        self._asking: QuestionService | None = None
        self._lasting_decoder: LastingDecoder | None = None
        self._encoders: dict[str, Encoder] = {}
        self._search_encoder: SearchEncoder | None = None
        self._searches: SearchService | None = None

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

    def do(self, database: Database, request: AnyRequest, token: CancelToken) -> answers.Reply:
        """Do what is asked and return the last answer.

        Raises:
            UserError: it cannot be done.
            Cancelled: the user asked to stop.
        """
        match request:  # edits are short, and must not be lost when the window closes
            case requests.RemoveFolder() | requests.Reindex() | requests.Retry() | requests.RemoveVideos():
                return self._change(database, request)
            case requests.ForgetConversations() | requests.ChangeSearch():
                return _edit(database, request)
        token.check()
        match request:
            case requests.Index():
                return self._index(database, request, token)
            case requests.Search() | requests.Similar():
                return self._search_jobs().find(
                    database, request, token, lambda event: self._tell(request.id, event)
                )
            case requests.Watch():
                return self._watch(database, request, token)
            case requests.Still() | requests.Prepare() | requests.Export():
                return self._decode(database, request, token)
            case requests.Plan():
                return self._questions(database).plan(request, token)
            case requests.Ask():
                self._questions(database).ask(request, token, lambda event: self._tell(request.id, event))
                return answers.JobDone(id=request.id)
        raise AssertionError(request)

    def _index(self, database: Database, request: requests.Index, token: CancelToken) -> answers.Reply:
        from retake_core.indexing.run import IndexRun, index_folders, leave_cores_to_decoders
        from retake_core.library.folders import folders

        leave_cores_to_decoders()
        with only_writer(self._data_dir):
            with database.reading() as connection:
                paths = [path for _, path in folders(connection)]
            if request.folders is not None:
                paths = [path for path in paths if os.fspath(path) in request.folders]
            paths += [Path(path) for path in request.add]
            settings = load_settings(self._data_dir.settings)
            run = IndexRun(
                database,
                self._encoder(settings.encoder),
                settings,
                token,
                thorough=settings.thorough,
                patient=True,
                first=request.first,
                log=self._data_dir.log,
                vectors=self._data_dir.vectors,
            )
            for event in index_folders(run, list(dict.fromkeys(paths))):
                self._tell(request.id, event)
        return answers.JobDone(id=request.id)

    def _change(self, database: Database, request: Change) -> answers.Reply:
        with only_writer(self._data_dir):
            freed = change_library(database, self._data_dir, request)
        if freed is not None:
            self._tell(request.id, freed)
        return answers.JobDone(id=request.id)

    def _decode(self, database: Database, request: DecodingRequest, token: CancelToken) -> answers.Reply:
        from retake_core.export.exporter import Exporter

        decoder = self._decoder()
        match request:
            case requests.Still():
                return still(database, decoder, request, token)
            case requests.Prepare():
                return prepare(database, self._data_dir, decoder, request, token, self._send)
        report = Exporter(database, decoder).run(
            request.order, token, lambda fraction: self._tell(request.id, CopyProgress(fraction))
        )
        return answers.ExportDone(id=request.id, report=report)

    def _watch(self, database: Database, request: requests.Watch, token: CancelToken) -> NoReturn:
        from retake_core.indexing.watching import watch
        from retake_core.library.folders import present_files

        def known() -> dict[Path, FoundFile]:
            with database.reading() as connection:
                return present_files(connection)

        for event in watch([Path(path) for path in request.folders], known, token):
            self._tell(request.id, event)
        raise AssertionError

    def _questions(self, database: Database) -> "QuestionService":
        if self._asking is None:
            from retake_core.questions.service import QuestionService

            self._asking = QuestionService(database, self._data_dir, self._searching())
        return self._asking

    def _decoder(self) -> "LastingDecoder":
        if self._lasting_decoder is None:
            from retake_core.media.process.lasting_decoder import LastingDecoder

            self._lasting_decoder = LastingDecoder(self._data_dir.log)
        return self._lasting_decoder

    def _search_jobs(self) -> "SearchService":
        if self._searches is None:
            from retake_core.search.service import SearchService

            self._searches = SearchService(self._data_dir, self._searching())
        return self._searches

    def _searching(self) -> "SearchEncoder":
        if self._search_encoder is None:
            from retake_core.search.encoder_choice import SearchEncoder

            def wanted() -> str:
                return load_settings(self._data_dir.settings).encoder

            self._search_encoder = SearchEncoder(self._data_dir.vectors, self._encoder, wanted)
        return self._search_encoder

    def _encoder(self, name: str) -> Encoder:
        if name not in self._encoders:
            self._encoders = {name: self._opener(name)}
        return self._encoders[name]

    def _tell(self, job_id: int, event: Event) -> None:
        self._send(answers.JobEvent(id=job_id, event=event))  # type: ignore[arg-type]


def _edit(database: Database, request: requests.ForgetConversations | requests.ChangeSearch) -> answers.Reply:
    """Change what the user keeps of questions and searches."""
    from retake_core.library.history import forget_conversations
    from retake_core.library.searches import delete_search, rename_search, save_search

    with database.writing() as connection:
        match request:
            case requests.ForgetConversations():
                forget_conversations(connection, request.ids)
            case requests.ChangeSearch(name=name, query=str(query)):
                save_search(connection, name, query)
            case requests.ChangeSearch(name=name, new=str(new)):
                rename_search(connection, name, new)
            case requests.ChangeSearch(name=name):
                delete_search(connection, name)
    return answers.JobDone(id=request.id)
