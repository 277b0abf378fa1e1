"""A decoder in a thread: starts at once, where a test is not about processes."""

import contextlib
import multiprocessing
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from retake_core.indexing.passes import lanes
from retake_core.media.process import decode_process, lasting_decoder, source
from retake_core.media.process.decode_process import DecodeProcess, DecoderDiedError
from retake_core.media.process.tasks import Task


class ThreadDecoder(DecodeProcess):
    """Does what a DecodeProcess does, by the same code, but cannot be killed while it decodes."""

    def __init__(self, log: Path | None = None, memory: int | None = None) -> None:
        self.log, self._memory = log, memory or 0
        self.connection, theirs = multiprocessing.Pipe()
        self._thread = threading.Thread(target=_serve, args=(theirs,), daemon=True)
        self._thread.start()

    def bind(self, memory: int) -> bool:
        return memory == self._memory

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_hung(self) -> bool:
        return False

    def submit(self, task: Task) -> None:
        self.connection.send(task)

    def receive(self) -> object:
        try:
            message: object = self.connection.recv()
        except (EOFError, OSError) as error:
            raise DecoderDiedError from error
        return message

    def kill(self) -> None:
        self.connection.close()
        self._thread.join()


def _serve(connection: Connection) -> None:
    with contextlib.suppress(EOFError, OSError), connection:
        while True:
            decode_process.run_task(connection.recv(), connection.send)


def decode_in_threads(
    patch: pytest.MonkeyPatch, decoder: type[DecodeProcess] = ThreadDecoder, *, lasting: bool = True
) -> None:
    """Let everything that decodes in a process of its own decode by this class.

    Args:
        patch: ends it.
        decoder: stands in for the process.
        lasting: also where one process serves one task after another.
    """
    for module in (lanes, source, *([lasting_decoder] if lasting else [])):
        patch.setattr(module, "DecodeProcess", decoder)
