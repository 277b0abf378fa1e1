"""Listening in a process of its own: it can be stopped in the middle, and gives all of the model's memory back."""

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from retake_core.cancel import CancelToken
from retake_core.speech.devices import Ladder
from retake_core.speech.stretch import Heard, ListenMessage, Loaded, Moved, Reached, SoundStretch, Unusable
from retake_core.system.child_process import end_with_parent, redirect_output, starting_child
from retake_core.system.processor import usable_cores

log = logging.getLogger(__name__)

POLL = 0.1  # seconds
_BURST = 0.02  # seconds
_NICE = 10
_THREADS = 8  # more do not make it faster


class ModelFailedError(Exception):
    """The model cannot be used. The text says why, for the log."""


class ListenerDiedError(Exception):
    """The process ended without a word."""


class HeldError(Exception):
    """Somebody else needs the machine: the process should go."""


class ListenProcess:
    """A child process with a model, which it loads with the first stretch. Kill it when it is not needed any more.

    Args:
        model: its folder.
        log_file: gets what its libraries print.
        card: whether it may use a graphics card.
        cores: of the processor that may be used; 0 is all.
    """

    def __init__(self, model: Path, log_file: Path | None = None, *, card: bool = True, cores: int = 0) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve,
            args=(theirs, model, card, cores or usable_cores(), log_file),
            daemon=True,
            name="retake-listen",
        )
        with starting_child():
            self._process.start()
        theirs.close()

    def listen(self, stretch: SoundStretch, cancel: CancelToken) -> Iterator[Loaded | Reached | Moved | Heard]:
        """Have a stretch of sound listened to, and yield what is told; the last is what was heard.

        Raises:
            ModelFailedError: it cannot be used on this computer.
            ListenerDiedError: the process is gone.
            HeldError: the token holds the job up.
            Cancelled: a stop was asked for.
        """
        message: ListenMessage | None = None
        try:
            self._connection.send(stretch)
            while not isinstance(message, Heard):
                while not self._connection.poll(POLL):
                    if cancel.held:
                        raise HeldError
                    cancel.check()
                message = _next(self._connection)
                if isinstance(message, Unusable):
                    raise ModelFailedError(message.reason)
                yield message
        except (EOFError, OSError) as error:
            raise ListenerDiedError from error

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._connection.close()


def _next(connection: Connection) -> ListenMessage:
    """Return what is told next; the sentences of a window come at once, and the last says how far it has come."""
    message: ListenMessage = connection.recv()
    while isinstance(message, Reached) and connection.poll(_BURST):
        message = connection.recv()
    return message


def _serve(connection: Connection, model: Path, card: bool, cores: int, log_file: Path | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    redirect_output(log_file)
    end_with_parent()
    if sys.platform == "win32":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_NICE)
    # Half of the processor stays for players and decoders.
    threads = max(1, min(cores // 2, _THREADS))
    with contextlib.suppress(EOFError, OSError):
        ladder = Ladder(model, threads, card=card, tell=connection.send)
        while True:
            ladder.listen(connection.recv())
