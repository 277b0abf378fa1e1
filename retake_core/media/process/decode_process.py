"""Decoding in a process of its own, which can be killed: a bad file may hang or abort a decoder."""

import contextlib
import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from retake_core.errors import MediaError
from retake_core.media.process.memory_limit import CAN_CHANGE, OUT_OF_MEMORY, fair_share, limit_memory
from retake_core.media.process.patience import Patience
from retake_core.media.process.tasks import Send, Task, TaskDone, TaskFailed
from retake_core.system.child_process import end_with_parent, redirect_output, starting_child

HUNG = "The decoder stopped answering on it."
CRASHED = "The decoder crashed on it."
_DYING = 1.0  # seconds that a process may take between its last word and its end
_KILLING = 10.0  # seconds; what waits for a drive that does not answer may live on until it does


class DecoderDiedError(Exception):
    """The process ended without a word. The text says of what, for the user."""


class DecodeProcess:
    """A child process that decodes one file after another. Kill it when it hangs; close it when done."""

    def __init__(self, log: Path | None = None, memory: int | None = None) -> None:
        """Start the process.

        Args:
            log: gets what its libraries print.
            memory: bytes that it may take; None is what a lone one may.
        """
        context = multiprocessing.get_context("spawn")
        self.log, self._memory = log, memory or fair_share(1)
        self.connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, log, self._memory), daemon=True, name="retake-decode"
        )
        with starting_child():
            self._process.start()
        theirs.close()
        assert self._process.pid is not None
        self._patience = Patience(self._process.pid)

    @property
    def is_alive(self) -> bool:
        """Whether it can take a task."""
        return self._process.is_alive()

    @property
    def is_hung(self) -> bool:
        """Whether it has worked or waited for too long without a word; look at least once a second."""
        # What has spoken is not hung: this process may have been busy for longer than the limit.
        return self._patience.is_over() and not self.connection.poll()

    def bind(self, memory: int) -> bool:
        """Let it take so many bytes from now on, and return whether it does."""
        if memory != self._memory:
            if not CAN_CHANGE:
                return False
            try:
                self.connection.send(memory)
            except OSError:
                return False
            self._memory = memory
        return True

    def submit(self, task: Task) -> None:
        """Give it a task; what the task sends follows, the last being `TaskDone` or `TaskFailed`."""
        self._patience.renew(task.limit)
        try:
            self.connection.send(task)
        except OSError as error:
            raise DecoderDiedError(self._cause_of_death()) from error

    def receive(self) -> object:
        """Return the next message.

        Raises:
            DecoderDiedError: there will be none.
        """
        try:
            message: object = self.connection.recv()
        except (EOFError, OSError) as error:
            raise DecoderDiedError(self._cause_of_death()) from error
        self._patience.renew()
        return message

    def _cause_of_death(self) -> str:
        self._process.join(_DYING)
        if self._process.exitcode == OUT_OF_MEMORY:
            return "It needs more memory to decode than it may take."
        return CRASHED

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()
        self._process.join(_KILLING)
        if not self._process.is_alive():
            self._process.close()
        self.connection.close()


def _serve(connection: Connection, log: Path | None, memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    redirect_output(log)
    limit_memory(memory)
    end_with_parent()
    with contextlib.suppress(EOFError, OSError):
        while True:
            message = connection.recv()
            if isinstance(message, int):
                limit_memory(message)
            else:
                run_task(message, connection.send)


def run_task(task: Task, send: Send) -> None:
    """Do a task; the last that is sent is `TaskDone` or `TaskFailed`."""
    try:
        send(TaskDone(task.run(send)))
    except MediaError as error:
        send(TaskFailed(str(error)))
    except FileNotFoundError:
        send(TaskFailed("The file does not exist."))  # any more
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # whatever a library leaves behind then: a fresh process has the next file
