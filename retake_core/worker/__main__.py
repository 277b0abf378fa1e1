"""A child process of the window: requests come in on standard input, answers go out on standard output.

    python -m retake_core.worker --worker index|search|ask|proxy|watch|export|cluster --data-dir DIR

The roles keep a long indexing run from standing in the way of a search, and a bad video from ending one or from
taking a loaded model along.
"""

import argparse
import logging
import os
import queue
import sys
import threading
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import BinaryIO, NoReturn

from retake_core.cancel import CancelToken, Gate
from retake_core.data_dir import DataDir
from retake_core.encoders import open_encoder, open_for_search
from retake_core.errors import Cancelled, UserError
from retake_core.library.database import Database
from retake_core.protocol import answers, lines
from retake_core.protocol import requests as protocol
from retake_core.protocol.requests import AnyRequest, Job
from retake_core.system.log_file import log_to
from retake_core.worker.dispatch import EncoderOpener, Jobs

log = logging.getLogger(__name__)

ROLES = ("index", "search", "ask", "proxy", "watch", "export", "cluster")
MAX_OPEN = 1000  # requests; the window has a handful
DEFECT = "An unexpected error stopped the job; the log has the rest."


class Worker:
    """Does one job after another until its input ends.

    Args:
        data_dir: the library's.
        requests: lines.
        answers: lines.
        opener: loads the encoder that the settings name.
    """

    def __init__(
        self,
        data_dir: DataDir,
        requests: BinaryIO,
        answers: BinaryIO,
        opener: EncoderOpener = open_encoder,
    ) -> None:
        self._data_dir = data_dir
        self._requests = requests
        self._answers = answers
        self._opener = opener
        self._writing = threading.Lock()
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._tokens: dict[int, CancelToken] = {}
        self._gate = Gate()

    def run(self) -> None:
        """Serve until the end of the input."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        jobs: Jobs | None = None
        with ExitStack() as opened:
            while (request := self._queue.get()) is not None:
                try:
                    jobs = jobs or self._open(opened)
                    outcome = self._outcome(jobs, request)
                except UserError as error:  # it may be mended by the next request
                    outcome = answers.JobFailed(id=request.id, reason=str(error))
                self._tokens.pop(request.id, None)  # before the answer: the id is free from then on
                self._send(outcome)

    def _open(self, opened: ExitStack) -> Jobs:
        self._data_dir.create()
        database = opened.enter_context(closing(Database(self._data_dir.database)))
        return opened.enter_context(closing(Jobs(database, self._data_dir, self._opener, self._send)))

    def _read(self) -> None:
        """Queue requests and pass on cancels, in a thread of its own, so that a running job hears them."""
        try:
            self._read_lines()
        finally:  # however the reading ends, the jobs do, too
            for token in list(self._tokens.values()):
                token.cancel()
            self._queue.put(None)

    def _read_lines(self) -> None:
        while line := self._requests.readline(lines.MAX_LINE + 1):
            if len(line) > lines.MAX_LINE:
                while line and not line.endswith(b"\n"):
                    line = self._requests.readline(lines.MAX_LINE)
                self._send(answers.LineRejected(id=-1, reason=f"The line is longer than {lines.MAX_LINE} bytes."))
                continue
            try:
                request = protocol.decode_request(line)
            except lines.ProtocolError as error:
                self._send(answers.LineRejected(id=lines.line_id(line), reason=str(error)))
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
                self._send(answers.LineRejected(id=-1, reason=f"A request of the id {request.id} is open."))
            case _ if len(self._tokens) >= MAX_OPEN:
                self._send(answers.LineRejected(id=request.id, reason=f"{MAX_OPEN} requests are open."))
            case _:
                gate = self._gate if isinstance(request, protocol.Index) else None
                self._tokens[request.id] = CancelToken(gate)
                self._queue.put(request)

    def _outcome(self, jobs: Jobs, request: Job) -> answers.Reply:
        log.debug("%r", request)
        try:
            return jobs.do(request, self._tokens[request.id])
        except Cancelled:
            return answers.JobCancelled(id=request.id)
        except UserError as error:
            return answers.JobFailed(id=request.id, reason=str(error))
        except Exception:
            log.exception("defect in %s", type(request).__name__)
            return answers.JobFailed(id=request.id, reason=DEFECT, defect=True)

    def _send(self, answer: answers.Reply) -> None:
        with self._writing:
            self._answers.write(lines.encode(answer))
            self._answers.flush()


def main(arguments: list[str] | None = None, opener: EncoderOpener | None = None) -> NoReturn:
    """Run a worker on this process's standard input and output, and end the process."""
    parser = argparse.ArgumentParser(description="Work for the ReTaKe window.")
    parser.add_argument("--worker", choices=ROLES, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    options = parser.parse_args(arguments)
    # Libraries print: what they say must not land among the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    data_dir = DataDir(options.data_dir)
    data_dir.create()
    log_to(data_dir.log, options.worker)
    if opener is None:  # only what indexes sees pictures all the time
        whole = options.worker == "index"
        opener = open_encoder if whole else partial(open_for_search, vectors=data_dir.vectors)
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
