"""A decoder in a thread: starts at once, where a test is not about processes."""

import contextlib
import multiprocessing
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from retake_core.media.process import decode_process
from retake_core.media.process.decode_process import DecodeProcess, DecoderDiedError
from retake_core.media.process.tasks import Message, Task


class ThreadDecoder(DecodeProcess):
    """Does what a DecodeProcess does, by the same code, but cannot be killed while it decodes."""

    def __init__(self, log: Path | None = None, memory: int | None = None) -> None:  # noqa: ARG002
        self.connection, theirs = multiprocessing.Pipe()
        self._thread = threading.Thread(target=_serve, args=(theirs,), daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_hung(self) -> bool:
        return False

    def submit(self, task: Task) -> None:
        self.connection.send(task)

    def receive(self) -> Message:
        try:
            message: Message = self.connection.recv()
        except (EOFError, OSError) as error:
            raise DecoderDiedError from error
        return message

    def kill(self) -> None:
        self.connection.close()
        self._thread.join()


def _serve(connection: Connection) -> None:
    with contextlib.suppress(EOFError, OSError), connection:
        while True:
            decode_process._run(connection.recv(), connection)
