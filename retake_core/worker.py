"""A child process of the window: requests come in on standard input, answers go out on standard output.

    python -m retake_core.worker --worker index|search|ask|proxy|watch --data-dir DIR

The roles keep a long indexing run from standing in the way of a search, and a bad video from ending one or from
taking a loaded model along.
"""

import argparse
import io
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from retake_core import protocol
from retake_core.config import load_settings
from retake_core.encoders import Encoder, open_encoder
from retake_core.errors import Cancelled, UserError
from retake_core.jobs import CancelToken, Event, Gate
from retake_core.library.database import Database
from retake_core.library_changes import Change, change_library
from retake_core.log_file import log_to
from retake_core.paths import DataDir
from retake_core.playback import forget_proxies, prepare
from retake_core.protocol import AnyRequest
from retake_core.scanner import FoundFile
from retake_core.writer_lock import only_writer

if TYPE_CHECKING:
    from retake_core.asking import Asking
    from retake_core.search import Moment

log = logging.getLogger(__name__)

EncoderOpener = Callable[[str], Encoder]
STILL_SIDE = 1080  # pixels of the shorter side of a still
MAX_OPEN = 1000  # requests; the window has a handful
IDLE = 600.0  # seconds without a request after which a loaded model gives its memory back
DEFECT = "An unexpected error stopped the job; the log has the rest."


class Worker:
    """Does one job after another until its input ends.

    Args:
        data_dir: the library's.
        requests: lines.
        answers: lines.
        opener: loads the encoder that the settings name.
        idle: seconds after which a model that nobody asks is unloaded.
    """

    def __init__(
        self,
        data_dir: DataDir,
        requests: BinaryIO,
        answers: BinaryIO,
        opener: EncoderOpener = open_encoder,
        idle: float = IDLE,
    ) -> None:
        self._data_dir = data_dir
        self._requests = requests
        self._answers = answers
        self._opener = opener
        self._idle = idle
        self._asking: Asking | None = None
        self._writing = threading.Lock()
        self._queue: queue.SimpleQueue[AnyRequest | None] = queue.SimpleQueue()
        self._tokens: dict[int, CancelToken] = {}
        self._gate = Gate()
        self._encoders: dict[str, Encoder] = {}
        self._search: Callable[[protocol.Search], tuple[protocol.Hit, ...]] | None = None

    def run(self) -> None:
        """Serve until the end of the input."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        try:
            self._data_dir.create()
            database = Database(self._data_dir.database)
        except UserError as error:
            self._refuse_all(str(error))
            return
        try:
            while (request := self._next()) is not None:
                self._send(self._outcome(database, request))
                self._tokens.pop(request.id, None)
        finally:
            database.close()

    def _next(self) -> AnyRequest | None:
        if self._asking is not None:
            try:
                return self._queue.get(timeout=self._idle)
            except queue.Empty:
                self._asking.rest()
        return self._queue.get()

    def _refuse_all(self, reason: str) -> None:
        """Answer every request with why none can be done."""
        while (request := self._queue.get()) is not None:
            self._send(protocol.Failed(id=request.id, reason=reason))

    def _read(self) -> None:
        """Queue requests and pass on cancels, in a thread of its own, so that a running job hears them."""
        while line := self._requests.readline(protocol.MAX_LINE + 1):
            if len(line) > protocol.MAX_LINE:
                while line and not line.endswith(b"\n"):
                    line = self._requests.readline(protocol.MAX_LINE)
                self._send(protocol.Rejected(id=-1, reason=f"The line is longer than {protocol.MAX_LINE} bytes."))
                continue
            try:
                request = protocol.decode_request(line)
            except protocol.ProtocolError as error:
                self._send(protocol.Rejected(id=protocol.line_id(line), reason=str(error)))
                continue
            self._hear(request)
        for token in list(self._tokens.values()):
            token.cancel()
        self._queue.put(None)

    def _hear(self, request: AnyRequest) -> None:
        match request:
            case protocol.Cancel():
                if (token := self._tokens.get(request.id)) is not None:
                    token.cancel()
            case protocol.Pause():
                self._gate.hold(request.holder)
            case protocol.Resume():
                self._gate.release(request.holder)
            case _ if request.id in self._tokens:
                self._send(protocol.Rejected(id=-1, reason=f"A request of the id {request.id} is open."))
            case _ if len(self._tokens) >= MAX_OPEN:
                self._send(protocol.Rejected(id=request.id, reason=f"{MAX_OPEN} requests are open."))
            case _:
                gate = self._gate if isinstance(request, protocol.Index) else None
                self._tokens[request.id] = CancelToken(gate)
                self._queue.put(request)

    def _outcome(self, database: Database, request: AnyRequest) -> protocol.Answer:
        log.debug("%r", request)
        try:
            return self._work(database, request, self._tokens[request.id])
        except Cancelled:
            return protocol.Cancelled(id=request.id)
        except UserError as error:
            return protocol.Failed(id=request.id, reason=str(error))
        except Exception:
            log.exception("defect in %s", type(request).__name__)
            return protocol.Failed(id=request.id, reason=DEFECT, defect=True)

    def _work(self, database: Database, request: AnyRequest, token: CancelToken) -> protocol.Answer:
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
                return _still(database, request)
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
                first=request.first,
                log=self._data_dir.log,
            )
            for event in events:
                self._tell(request.id, event)
        return protocol.Done(id=request.id)

    def _change(self, database: Database, request: Change) -> protocol.Answer:
        with only_writer(self._data_dir), database.writing() as connection:
            change_library(connection, request)
        forget_proxies(database, self._data_dir)
        return protocol.Done(id=request.id)

    def _prepare(self, database: Database, request: protocol.Prepare, token: CancelToken) -> protocol.Answer:
        return prepare(database, self._data_dir, request, token, self._send)

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
        if isinstance(request, protocol.Similar):
            return self._find_similar(database, request)
        name = load_settings(self._data_dir.settings).encoder
        if self._search is None or name not in self._encoders:
            self._search = self._searcher(database, name)
        return self._search(request)

    def _searcher(
        self, database: Database, encoder_name: str
    ) -> Callable[[protocol.Search], tuple[protocol.Hit, ...]]:
        """Load an encoder once, and keep the index from one search to the next."""
        from retake_core.library.vectors import VectorIndex
        from retake_core.search import search_moments

        encoder = self._encoder(encoder_name)
        vectors = VectorIndex(self._data_dir.vectors, encoder.id, encoder.dimension)

        def search(request: protocol.Search) -> tuple[protocol.Hit, ...]:
            with database.reading() as connection:
                moments = search_moments(
                    connection,
                    vectors,
                    encoder,
                    request.query,
                    limit=request.limit,
                    folder=None if request.folder is None else Path(request.folder),
                    video_id=request.video_id,
                )
            return _hits(moments)

        return search

    def _find_similar(self, database: Database, request: protocol.Similar) -> tuple[protocol.Hit, ...]:
        from retake_core.library.vectors import VectorIndex
        from retake_core.similar import similar_moments

        encoder = self._encoder(load_settings(self._data_dir.settings).encoder)
        vectors = VectorIndex(self._data_dir.vectors, encoder.id, encoder.dimension)
        with database.reading() as connection:
            moments = similar_moments(
                connection,
                vectors,
                request.like,
                request.time,
                limit=request.limit,
                folder=None if request.folder is None else Path(request.folder),
                within=request.video_id,
            )
        return _hits(moments)

    def _questions(self, database: Database) -> "Asking":
        if self._asking is None:
            from retake_core.asking import Asking

            def encoder() -> Encoder:
                return self._encoder(load_settings(self._data_dir.settings).encoder)

            self._asking = Asking(database, self._data_dir, encoder)
        return self._asking

    def _encoder(self, name: str) -> Encoder:
        if name not in self._encoders:
            self._encoders = {name: self._opener(name)}
        return self._encoders[name]

    def _tell(self, job_id: int, event: Event) -> None:
        self._send(protocol.Told(id=job_id, event=event))  # type: ignore[arg-type]

    def _send(self, answer: protocol.Answer) -> None:
        with self._writing:
            self._answers.write(protocol.encode(answer))
            self._answers.flush()


def _hits(moments: Sequence["Moment"]) -> tuple[protocol.Hit, ...]:
    return tuple(protocol.Hit(m.video.id, m.best.id, m.best.time, m.start, m.end, m.score) for m in moments)


def _forget_conversations(database: Database, request: protocol.ForgetConversations) -> protocol.Answer:
    from retake_core.library.history import forget_conversations

    with database.writing() as connection:
        forget_conversations(connection, request.ids)
    return protocol.Done(id=request.id)


def _still(database: Database, request: protocol.Still) -> protocol.Answer:
    from PIL import Image

    from retake_core.library.catalog import videos
    from retake_core.media.sources import open_source

    with database.reading() as connection:
        entries = videos(connection, request.video_id)
    if not entries:
        raise UserError("The video is no longer in the library.")
    source = open_source(entries[0].path, short_side=STILL_SIDE)
    try:
        frame = source.frame_at(request.time)
    finally:
        source.close()
    buffer = io.BytesIO()
    Image.fromarray(frame.image).save(buffer, "JPEG", quality=90)
    return protocol.Picture(id=request.id, time=frame.time, jpeg=buffer.getvalue())


def main(arguments: list[str] | None = None, opener: EncoderOpener = open_encoder) -> NoReturn:
    """Run a worker on this process's standard input and output, and end the process."""
    parser = argparse.ArgumentParser(description="Work for the ReTaKe window.")
    parser.add_argument("--worker", choices=("index", "search", "ask", "proxy", "watch"), required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    options = parser.parse_args(arguments)
    # Libraries print: what they say must not land among the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    data_dir = DataDir(options.data_dir)
    data_dir.create()
    log_to(data_dir.log, options.worker)
    code = 0
    try:
        Worker(data_dir, sys.stdin.buffer, answers, opener).run()
    except BrokenPipeError:
        pass  # the window has gone
    except Exception:
        log.exception("the worker ends")
        code = 1
    logging.shutdown()
    # The reading thread may hold the input's lock, which Python's own way out would abort on.
    os._exit(code)


if __name__ == "__main__":
    main()
