"""Workers that start at once: one process imports what all of them need, and forks for each.

    python -m tests.gui.nursery NUMBER      of the file that is the listening socket

A window starts `nursery_client.py`, which hands over its pipes and its environment, and stands for the worker:
whoever kills it kills the worker, and it ends as the worker does. A thread of the worker decodes, not a process.
"""

import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from typing import NoReturn

from tests.support.in_process import ThreadDecoder
from tests.support.paths import ROOT

CLIENT = Path(__file__).with_name("nursery_client.py")
PLAIN = (sys.executable, "-m", "tests.gui.fake_worker")
"""The command of a worker that imports everything by itself, and decodes in processes of its own."""


@contextmanager
def nursery() -> Iterator[tuple[str, ...]]:
    """Run a nursery, and give the command of its workers; on a system that lacks what it needs, a plain one's."""
    if not hasattr(os, "pidfd_open"):
        yield PLAIN
        return
    with TemporaryDirectory(prefix="nursery-") as folder:
        address = os.path.join(folder, "socket")  # noqa: PTH118 - as text, for the command
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen(64)
            command = [sys.executable, "-m", "tests.gui.nursery", str(listener.fileno())]
            environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
            process = Popen(command, stdin=PIPE, pass_fds=[listener.fileno()], env=environment)
        try:
            yield (sys.executable, "-I", "-S", str(CLIENT), address)
        finally:
            process.communicate()  # it ends with its input


@dataclass(frozen=True)
class Child:
    """A worker: its process, what tells of its end, and the client that stands for it."""

    pid: int
    ended: int
    client: socket.socket


class Nursery:
    """Forks a worker for each client, and ends each with its client; it ends itself when its input does."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._waiting = selectors.DefaultSelector()
        for source in (sys.stdin, listener):
            self._waiting.register(source, selectors.EVENT_READ)

    def run(self) -> None:
        while True:
            keys = [key for key, _ in self._waiting.select()]
            # The dead first: a new worker must find all that they held free.
            for child in {key.data for key in keys if key.data is not None}:
                self._bury(child)
            sources = [key.fileobj for key in keys]
            if sys.stdin in sources:
                return
            if self._listener in sources:
                self._adopt()

    def _adopt(self) -> None:
        client, _ = self._listener.accept()
        data, files, _, _ = socket.recv_fds(client, 1 << 16, 3)
        while not data.endswith(b"\n"):
            data += client.recv(1 << 16)
        order = json.loads(data)
        pid = os.fork()
        if not pid:
            self._listener.close()
            client.close()
            _become_worker(files, order["arguments"], order["environment"])
        for file in files:
            os.close(file)
        child = Child(pid, os.pidfd_open(pid), client)
        for source in (child.ended, client):
            self._waiting.register(source, selectors.EVENT_READ, child)

    def _bury(self, child: Child) -> None:
        """Tell the client how its worker ended; where the client has gone, end the worker."""
        os.kill(child.pid, signal.SIGKILL)
        _, status = os.waitpid(child.pid, 0)
        for source in (child.ended, child.client):
            self._waiting.unregister(source)
        os.close(child.ended)
        with suppress(OSError):  # where the client has gone
            child.client.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))
        child.client.close()


def _become_worker(files: list[int], arguments: list[str], environment: dict[str, str]) -> NoReturn:
    from tests.gui import fake_worker

    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    fake_worker.run(arguments)


def _hurry() -> None:
    """Decode in threads, and do not wait long for files to come to rest."""
    from retake_core.media.process import decode_process

    setattr(decode_process, "DecodeProcess", ThreadDecoder)  # noqa: B010 - mypy: a class is not assigned to
    # Only now, as they take the class by its name.
    from retake_core.indexing import watching

    watching.QUIET, watching.LOOK = 0.3, 0.5


def _import_what_workers_need() -> None:
    import tests.gui.fake_worker
    import tests.gui.scripted_asking
    import tests.support.fakes  # noqa: F401


if __name__ == "__main__":
    _hurry()
    _import_what_workers_need()
    Nursery(socket.socket(fileno=int(sys.argv[1]))).run()
