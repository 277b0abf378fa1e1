"""Decoding in a process of its own, which can be killed: a bad file may hang or abort a decoder."""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from retake_core.errors import MediaError
from retake_core.media.decoders.choice import open_source
from retake_core.media.decoders.key_frames import KeyFrameScan
from retake_core.media.ffmpeg.sound import read_sound
from retake_core.media.ffmpeg.subtitles import Subtitles, embedded
from retake_core.media.frames import Frame
from retake_core.media.process.memory_limit import OUT_OF_MEMORY, fair_share, limit_memory
from retake_core.media.process.patience import Patience
from retake_core.media.process.tasks import (
    Batch,
    DecodeTask,
    EndReached,
    Errand,
    FileTexts,
    Message,
    Opened,
    SoundTask,
    StillFrame,
    StillTask,
    Task,
    TaskDone,
    TaskFailed,
    TaskProgress,
)
from retake_core.ocr.screen_task import ScreenTask, read_screen
from retake_core.system.child_process import end_with_parent, interrupts_held_back, redirect_output

BATCH = 16
HUNG = "The decoder stopped answering on it."
_DYING = 1.0  # seconds that a process may take between its last word and its end
_KILLING = 10.0  # seconds; what waits for a drive that does not answer may live on until it does
_TELL_EVERY = 0.1  # seconds


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
        self.connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, log, memory or fair_share(1)), daemon=True, name="retake-decode"
        )
        with interrupts_held_back():
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

    def submit(self, task: Task) -> None:
        """Give it a file; messages follow, the last being Finished, Still, Done or Failed."""
        self._patience.renew(task.limit)
        try:
            self.connection.send(task)
        except OSError as error:
            raise DecoderDiedError(self._cause_of_death()) from error

    def receive(self) -> Message:
        """Return the next message.

        Raises:
            DecoderDiedError: there will be none.
        """
        try:
            message: Message = self.connection.recv()
        except (EOFError, OSError) as error:
            raise DecoderDiedError(self._cause_of_death()) from error
        self._patience.renew()
        return message

    def _cause_of_death(self) -> str:
        self._process.join(_DYING)
        if self._process.exitcode == OUT_OF_MEMORY:
            return "It needs more memory to decode than it may take."
        return "The decoder crashed on it."

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
            task: Task = connection.recv()
            _run(task, connection)


def _read_texts(task: DecodeTask, connection: Connection) -> None:
    for part in embedded(task.path):
        connection.send(part if isinstance(part, Subtitles) else FileTexts(part))
    connection.send(EndReached(None))


def _read_sound(task: SoundTask, connection: Connection) -> None:
    for part in read_sound(task.path, task.start, task.length):
        connection.send(part)
    connection.send(EndReached(None))


def _run(task: Task, connection: Connection) -> None:
    try:
        match task:
            case StillTask():
                _take_still(task, connection)
            case ScreenTask():
                read_screen(task, connection.send)
                connection.send(EndReached(None))
            case SoundTask():
                _read_sound(task, connection)
            case DecodeTask(spans="key frames"):
                _scan_key_frames(task, connection)
            case DecodeTask(spans="texts"):
                _read_texts(task, connection)
            case DecodeTask():
                _decode(task, connection)
            case _:
                _run_errand(task, connection)
    except MediaError as error:
        connection.send(TaskFailed(str(error)))
    except FileNotFoundError:
        connection.send(TaskFailed("The file does not exist."))  # any more
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # whatever a library leaves behind then: a fresh process has the next file


def _scan_key_frames(task: DecodeTask, connection: Connection) -> None:
    scan = KeyFrameScan(task.path, threads=task.threads)
    connection.send(Opened(scan.info))
    _send_batches(scan.frames(task.rate), task.window, connection)
    connection.send(EndReached(scan.packets))


def _decode(task: DecodeTask, connection: Connection) -> None:
    assert not isinstance(task.spans, str)
    source = open_source(task.path, short_side=task.short_side, threads=task.threads, decoder=task.decoder)
    try:
        connection.send(Opened(source.info))
        _send_batches(source.frames(task.rate, task.spans), task.window, connection)
        connection.send(EndReached(None))
    finally:
        source.close()


def _take_still(task: StillTask, connection: Connection) -> None:
    source = open_source(task.path, short_side=task.short_side, decoder=task.decoder)
    try:
        connection.send(StillFrame(source.frame_at(task.time)))
    finally:
        source.close()


def _run_errand(errand: Errand, connection: Connection) -> None:
    told = -_TELL_EVERY

    def tell(fraction: float) -> None:
        nonlocal told
        if monotonic() - told >= _TELL_EVERY:
            told = monotonic()
            connection.send(TaskProgress(fraction))

    connection.send(TaskDone(errand.run(tell)))


def _send_batches(frames: Iterator[Frame], window: float, connection: Connection) -> None:
    for batch in batches(frames, window):
        connection.send(Batch([frame.time for frame in batch], [frame.image for frame in batch]))


def batches(frames: Iterator[Frame], window: float) -> Iterator[list[Frame]]:
    """Group frames into batches of at most BATCH that lie inside one window each."""
    batch: list[Frame] = []
    for frame in frames:
        if batch and (len(batch) == BATCH or frame.time // window != batch[0].time // window):
            yield batch
            batch = []
        batch.append(frame)
    if batch:
        yield batch
