"""Which service does which request. A new request is a line here and a method there."""

import os
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from retake_core.cancel import CancelToken
from retake_core.cluster.place import ClusterPlace
from retake_core.data_dir import DataDir
from retake_core.encoders import Encoder
from retake_core.library.database import Database
from retake_core.library.folders import folders
from retake_core.protocol import answers, requests
from retake_core.settings import load_settings

if TYPE_CHECKING:  # a worker loads what its requests need, and nothing else
    from retake_core.cluster.chosen_answerer import ChosenAnswerer
    from retake_core.export.service import ExportService
    from retake_core.indexing.service import IndexingService
    from retake_core.indexing.watch_service import WatchService
    from retake_core.maintenance.service import MaintenanceService
    from retake_core.media.process.lasting_decoder import LastingDecoder
    from retake_core.playback.service import PlaybackService
    from retake_core.questions.service import QuestionService
    from retake_core.search.encoder_choice import SearchEncoder
    from retake_core.search.service import SearchService

EncoderOpener = Callable[[str], Encoder]


class Jobs:
    """Does one request after another, and keeps the services for the next.

    Args:
        database: of the library.
        data_dir: the library's.
        opener: loads the encoder of a name.
        send: takes what is told while a job runs.
    """

    def __init__(
        self,
        database: Database,
        data_dir: DataDir,
        opener: EncoderOpener,
        send: Callable[[answers.Reply], None],
    ) -> None:
        self._database, self._data_dir = database, data_dir
        self._opener, self._send = opener, send
        self._encoders: dict[str, Encoder] = {}

    def do(self, request: requests.Job, token: CancelToken) -> answers.Reply:
        """Do what is asked and return the last answer.

        Raises:
            UserError: it cannot be done.
            Cancelled: the user asked to stop.
        """
        if not isinstance(request, requests.Change):  # it is short, and must not be lost when the window closes
            token.check()
        return self._do(request, token, partial(self._tell, request.id))

    def _do(
        self, request: requests.Job, token: CancelToken, tell: Callable[[answers.AnyEvent], None]
    ) -> answers.Reply:
        match request:
            case requests.Index():
                return self._indexing.index(request, token, tell)
            case requests.Watch():
                return self._watching.watch(request, token, tell)
            case requests.WatchCluster():
                return self._watch_cluster(request, token, tell)
            case requests.Search():
                return self._searches.search(request, token, tell)
            case requests.Similar():
                return self._searches.similar(request)
            case requests.Plan():
                return self._questions.plan(request, token)
            case requests.Ask():
                return self._questions.ask(request, token, tell)
            case requests.Still() | requests.ListSoundTracks() | requests.ReadSubtitles() | requests.Prepare():
                return self._play(request, token, tell)
            case requests.Export():
                return self._exports.export(request, token, tell)
            case _:
                return self._change(request, token, tell)

    def _play(
        self,
        request: requests.Still | requests.ListSoundTracks | requests.ReadSubtitles | requests.Prepare,
        token: CancelToken,
        tell: Callable[[answers.AnyEvent], None],
    ) -> answers.Reply:
        match request:
            case requests.Still():
                return self._playback.still(request, token)
            case requests.ListSoundTracks():
                return self._playback.sound_tracks(request, token)
            case requests.ReadSubtitles():
                return self._playback.subtitles(request)
            case _:
                return self._playback.prepare(request, token, tell)

    def _change(
        self,
        request: requests.Change | requests.Keeping,
        token: CancelToken,
        tell: Callable[[answers.AnyEvent], None],
    ) -> answers.Reply:
        match request:
            case requests.RenameVideo():
                return self._indexing.rename(request)
            case requests.KeepCopy() | requests.Backup() | requests.Restore() | requests.MoveLibrary():
                return self._maintenance.keep(request, token, tell)
            case _:
                return self._maintenance.change(request, tell)

    def _watch_cluster(
        self, request: requests.WatchCluster, token: CancelToken, tell: Callable[[answers.AnyEvent], None]
    ) -> answers.Reply:
        from retake_core.cluster import service

        with self._database.reading() as connection:
            places = [os.fspath(path) for _, path in folders(connection)]
        service.watch(ClusterPlace.of(self._data_dir), request.address, places, token, tell)
        return answers.JobDone(id=request.id)

    def close(self) -> None:
        """End the process that decodes, and belong to no cluster any more."""
        if "_decoder" in vars(self):
            self._decoder.close()
        if "_answerer" in vars(self):
            self._answerer.close()

    @cached_property
    def _indexing(self) -> "IndexingService":
        from retake_core.cluster.fallback import with_cluster
        from retake_core.cluster.service import describer_of
        from retake_core.describing.service import Describing
        from retake_core.indexing.service import IndexingService

        describing = partial(Describing, self._data_dir, describer=partial(describer_of, data_dir=self._data_dir))
        elsewhere = partial(with_cluster, place=ClusterPlace.of(self._data_dir))
        return IndexingService(self._database, self._data_dir, self._encoder, describing, elsewhere)

    @cached_property
    def _watching(self) -> "WatchService":
        from retake_core.indexing.watch_service import WatchService

        return WatchService(self._database, self._data_dir.settings)

    @cached_property
    def _searches(self) -> "SearchService":
        from retake_core.search.service import SearchService

        return SearchService(self._database, self._search_encoder)

    @cached_property
    def _questions(self) -> "QuestionService":
        from retake_core.questions.service import QuestionService

        return QuestionService(self._database, self._data_dir, self._search_encoder, self._answerer)

    @cached_property
    def _answerer(self) -> "ChosenAnswerer":
        from retake_core.cluster.chosen_answerer import ChosenAnswerer

        return ChosenAnswerer(self._data_dir, lambda: load_settings(self._data_dir.settings).cluster_address)

    @cached_property
    def _playback(self) -> "PlaybackService":
        from retake_core.playback.service import PlaybackService

        return PlaybackService(self._database, self._data_dir, self._decoder)

    @cached_property
    def _exports(self) -> "ExportService":
        from retake_core.export.service import ExportService

        return ExportService(self._database, self._decoder)

    @cached_property
    def _maintenance(self) -> "MaintenanceService":
        from retake_core.maintenance.service import MaintenanceService

        return MaintenanceService(self._database, self._data_dir)

    @cached_property
    def _decoder(self) -> "LastingDecoder":
        from retake_core.media.process.lasting_decoder import LastingDecoder

        return LastingDecoder(self._data_dir.log)

    @cached_property
    def _search_encoder(self) -> "SearchEncoder":
        from retake_core.search.encoder_choice import SearchEncoder

        def setting() -> str:
            return load_settings(self._data_dir.settings).encoder

        def sentences() -> str | None:
            return load_settings(self._data_dir.settings).sentences

        return SearchEncoder(self._data_dir.vectors, self._encoder, setting, sentences)

    def _encoder(self, name: str) -> Encoder:
        if name not in self._encoders:
            self._encoders = {name: self._opener(name)}
        return self._encoders[name]

    def _tell(self, job_id: int, event: answers.AnyEvent) -> None:
        self._send(answers.JobEvent(id=job_id, event=event))
