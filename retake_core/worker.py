"""A child process of the window: requests come in on standard input, answers go out on standard output.

    python -m retake_core.worker --worker index|search|ask|proxy --data-dir DIR

The roles keep a long indexing run from standing in the way of a search, and a bad video from ending one or from
taking a loaded model along.
"""

import argparse
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from retake_core import protocol
from retake_core.config import load_settings
from retake_core.encoders import Encoder, open_encoder
from retake_core.errors import Cancelled, UserError
from retake_core.jobs import CancelToken, Event, Gate
from retake_core.library.database import Database
from retake_core.log_file import log_to
from retake_core.paths import DataDir
from retake_core.playback import forget_proxies, prepare, still
from retake_core.protocol import AnyRequest
from retake_core.writer_lock import only_writer

if TYPE_CHECKING:
    from retake_core.asking import Asking
    from retake_core.media.process_source import LastingDecoder

log = logging.getLogger(__name__)

EncoderOpener = Callable[[str], Encoder]
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
        self._lasting_decoder: LastingDecoder | None = None
        self._writing = threading.Lock()
        self._queue: queue.SimpleQueue[AnyRequest | None] = queue.SimpleQueue()
        self._tokens: dict[int, CancelToken] = {}
        self._gate = Gate()
        self._encoders: dict[str, Encoder] = {}
        self._search: Callable[[protocol.Search], tuple[protocol.Hit, ...]] | None = None

    def run(self) -> None:
        """Serve until the end of the input."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        database: Database | None = None
        try:
            while (request := self._next()) is not None:
                try:
                    database = database or self._open()
                    outcome = self._outcome(database, request)
                except UserError as error:  # it may be mended by the next request
                    outcome = protocol.Failed(id=request.id, reason=str(error))
                self._tokens.pop(request.id, None)  # before the answer: the id is free from then on
                self._send(outcome)
        finally:
            if self._lasting_decoder is not None:
                self._lasting_decoder.close()
            if database is not None:
                database.close()

    def _open(self) -> Database:
        self._data_dir.create()
        return Database(self._data_dir.database)

    def _next(self) -> AnyRequest | None:
        if self._asking is not None:
            try:
                return self._queue.get(timeout=self._idle)
            except queue.Empty:
                self._asking.rest()
        return self._queue.get()

    def _read(self) -> None:
        """Queue requests and pass on cancels, in a thread of its own, so that a running job hears them."""
        try:
            self._read_lines()
        finally:  # however the reading ends, the jobs do, too
            for token in list(self._tokens.values()):
                token.cancel()
            self._queue.put(None)

    def _read_lines(self) -> None:
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
            case protocol.RemoveFolder() | protocol.Reindex():
                return self._forget(database, request)
            case protocol.ForgetConversations():
                return _forget_conversations(database, request)
        token.check()
        match request:
            case protocol.Index():
                return self._index(database, request, token)
            case protocol.Search():
                return protocol.Found(id=request.id, hits=self._find(database, request))
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
                log=self._data_dir.log,
            )
            for event in events:
                self._tell(request.id, event)
        return protocol.Done(id=request.id)

    def _forget(self, database: Database, request: protocol.RemoveFolder | protocol.Reindex) -> protocol.Answer:
        from retake_core.library.videos import forget_index
        from retake_core.purge import remove_folder

        with only_writer(self._data_dir):
            if isinstance(request, protocol.RemoveFolder):
                freed = remove_folder(database, self._data_dir, Path(request.folder))
                self._send(protocol.Told(id=request.id, event=freed))
            else:
                with database.writing() as connection:
                    forget_index(connection, request.video_id)
        forget_proxies(database, self._data_dir)
        return protocol.Done(id=request.id)

    def _prepare(self, database: Database, request: protocol.Prepare, token: CancelToken) -> protocol.Answer:
        return prepare(database, self._data_dir, self._decoder(), request, token, self._send)

    def _find(self, database: Database, request: protocol.Search) -> tuple[protocol.Hit, ...]:
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
            return tuple(
                protocol.Hit(m.video.id, m.best.id, m.best.time, m.start, m.end, m.score) for m in moments
            )

        return search

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

    def _send(self, answer: protocol.Answer) -> None:
        with self._writing:
            self._answers.write(protocol.encode(answer))
            self._answers.flush()


def _forget_conversations(database: Database, request: protocol.ForgetConversations) -> protocol.Answer:
    from retake_core.library.history import forget_conversations

    with database.writing() as connection:
        forget_conversations(connection, request.ids)
    return protocol.Done(id=request.id)


def main(arguments: list[str] | None = None, opener: EncoderOpener = open_encoder) -> NoReturn:
    """Run a worker on this process's standard input and output, and end the process."""
    parser = argparse.ArgumentParser(description="Work for the ReTaKe window.")
    parser.add_argument("--worker", choices=("index", "search", "ask", "proxy"), required=True)
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
