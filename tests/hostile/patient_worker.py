"""A worker whose input ends when it has answered the last request: the end of the input stops what runs.

python -m tests.hostile.patient_worker DATA
"""

import io
import sys
import threading
from pathlib import Path

from typing_extensions import Buffer

from retake_core.data_dir import DataDir
from retake_core.encoders import open_encoder
from retake_core.system.log_file import log_to
from retake_core.worker.__main__ import Worker
from retake_core.worker.dispatch import EncoderOpener


class Pipe(io.BytesIO):
    """Takes answers, and notes the one that ends the talk."""

    def __init__(self, last: bytes) -> None:
        super().__init__()
        self._last = last
        self.is_over = threading.Event()

    def write(self, line: Buffer) -> int:
        """Take a line."""
        written = super().write(line)
        if self._last in bytes(line) and b'"JobEvent"' not in bytes(line):
            self.is_over.set()
        return written


class Requests(io.BytesIO):
    """Gives lines, and comes to its end when the last request was answered."""

    def __init__(self, data: bytes, answers: Pipe) -> None:
        super().__init__(data)
        self._answers = answers

    def readline(self, size: int | None = -1) -> bytes:
        """Return the next line."""
        line = super().readline(size)
        if not line.endswith(b"\n") and not self._answers.is_over.wait(200):
            raise TimeoutError("the worker no longer answers")
        return line


def converse(data_dir: DataDir, said: bytes, last: int, opener: EncoderOpener = open_encoder) -> bytes:
    """Return what a worker in this process says to some lines, once it has answered the request of id `last`."""
    answers = Pipe(f'"id":{last},'.encode())
    Worker(data_dir, Requests(said, answers), answers, opener).run()
    return answers.getvalue()


def main() -> None:
    """Serve standard input."""
    data_dir = DataDir(Path(sys.argv[1]))
    data_dir.create()
    log_to(data_dir.log, "worker")
    said = sys.stdin.buffer.read()
    sys.stdout.buffer.write(converse(data_dir, said, last=3))


if __name__ == "__main__":
    main()
