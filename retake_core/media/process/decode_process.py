"""Decoding in a process of its own, which can be killed: a bad file may hang or abort a decoder."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from retake_core.errors import MediaError
from retake_core.media.decoders.choice import Decoder, open_source
from retake_core.media.decoders.key_frames import KeyFrameScan, PacketIndex
from retake_core.media.ffmpeg.sound import Sound, read_sound
from retake_core.media.ffmpeg.subtitles import Subtitles, embedded
from retake_core.media.frames import Frame
from retake_core.media.process.memory_limit import OUT_OF_MEMORY, fair_share, limit_memory
from retake_core.media.process.patience import Limit, Patience
from retake_core.media.video_info import Span, VideoInfo
from retake_core.ocr.screen_task import CannotRead, Read, ScreenTask, read_screen

BATCH = 16
STEP_LIMIT = {"auto": Limit(60, 600), "pyav": Limit(600, 6000)}  # decord is known to hang
STILL_LIMIT = Limit(20, 60)  # somebody waits for it
HUNG = "The decoder stopped answering on it."
_DYING = 1.0  # seconds that a process may take between its last word and its end
_KILLING = 10.0  # seconds; what waits for a drive that does not answer may live on until it does
_TELL_EVERY = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class DecodeTask:
    """What to decode.

    Attributes:
        path: the file.
        rate: samples per second.
        spans: the stretches to decode; None is all of it; "key frames" only the codec's own; "texts" no
            picture at all, but what the file says of itself and its subtitles.
        decoder: which library decodes.
        window: seconds; no batch reaches over a multiple of it, so that a pass that resumes at one sees the
            same batches, and gets the same numbers to the last bit, as one that was never interrupted.
        threads: how many threads may decode.
        short_side: pixels of the pictures' shorter side; smaller videos are not enlarged. Not for key frames.
    """

    path: Path
    rate: float
    spans: list[Span] | Literal["key frames", "texts"] | None
    decoder: Decoder
    window: float
    threads: int
    short_side: int = 224

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        return STEP_LIMIT["auto" if self.decoder != "pyav" and self.spans != "key frames" else "pyav"]


@dataclass(frozen=True, slots=True)
class StillTask:
    """Decode the frame that is on screen at `time` seconds, at so many pixels of its shorter side."""

    path: Path
    time: float
    short_side: int
    decoder: Decoder

    @property
    def limit(self) -> Limit:
        """What it may take."""
        return STILL_LIMIT


class Errand(Protocol):
    """A task that brings its own work along."""

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        ...

    def run(self, tell: Callable[[float], None]) -> Any:
        """Do it, and return what can be sent to another process.

        Args:
            tell: hears how far it has come, 0..1; who no longer wants it kills the process.

        Raises:
            MediaError: it cannot be done.
        """
        ...


@dataclass(frozen=True, slots=True)
class SoundTask:
    """Decode what is heard from `start` on, at most `length` seconds of it; see `read_sound`."""

    path: Path
    start: float
    length: float

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        return STEP_LIMIT["pyav"]


Task = DecodeTask | StillTask | ScreenTask | SoundTask | Errand


@dataclass(frozen=True, slots=True)
class Opened:
    """The file could be opened."""

    info: VideoInfo


@dataclass(frozen=True, slots=True)
class Batch:
    """Sampled frames: seconds, and RGB pictures, uint8 [height, width, 3]."""

    times: list[float]
    images: list[NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says of itself, such as its title."""

    texts: list[str]


@dataclass(frozen=True, slots=True)
class Finished:
    """The end was reached. A key frame scan also tells the size of every packet."""

    packets: PacketIndex | None


@dataclass(frozen=True, slots=True)
class Still:
    """The frame of a `StillTask`, which is complete."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class Copying:
    """How far an `Errand` has come, 0..1; told at most ten times a second."""

    fraction: float


@dataclass(frozen=True, slots=True)
class Done:
    """An `Errand` is complete: what it returned."""

    result: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The file cannot be decoded, with the reason for the user."""

    reason: str


Message = (
    Opened | Batch | Told | Subtitles | Read | CannotRead | Sound | Finished | Still | Copying | Done | Failed
)


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


@contextlib.contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Start a child that never sees Ctrl+C: its parent decides when it ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, log: Path | None, memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    redirect_output(log)
    limit_memory(memory)
    end_with_parent()
    with contextlib.suppress(EOFError, OSError):
        while True:
            task: Task = connection.recv()
            _run(task, connection)


def redirect_output(log: Path | None) -> None:
    """Let what libraries print go into a file."""
    target = os.open(log or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)


def end_with_parent() -> None:
    """End this process when the one that started it ends, however that happens."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)  # the main thread may hang inside a decoder


def _read_texts(task: DecodeTask, connection: Connection) -> None:
    for part in embedded(task.path):
        connection.send(part if isinstance(part, Subtitles) else Told(part))
    connection.send(Finished(None))


def _read_sound(task: SoundTask, connection: Connection) -> None:
    for part in read_sound(task.path, task.start, task.length):
        connection.send(part)
    connection.send(Finished(None))


def _run(task: Task, connection: Connection) -> None:
    try:
        match task:
            case StillTask():
                _take_still(task, connection)
            case ScreenTask():
                read_screen(task, connection.send)
                connection.send(Finished(None))
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
        connection.send(Failed(str(error)))
    except FileNotFoundError:
        connection.send(Failed("The file does not exist."))  # any more
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # whatever a library leaves behind then: a fresh process has the next file


def _scan_key_frames(task: DecodeTask, connection: Connection) -> None:
    scan = KeyFrameScan(task.path, threads=task.threads)
    connection.send(Opened(scan.info))
    _send_batches(scan.frames(task.rate), task.window, connection)
    connection.send(Finished(scan.packets))


def _decode(task: DecodeTask, connection: Connection) -> None:
    assert not isinstance(task.spans, str)
    source = open_source(task.path, short_side=task.short_side, threads=task.threads, decoder=task.decoder)
    try:
        connection.send(Opened(source.info))
        _send_batches(source.frames(task.rate, task.spans), task.window, connection)
        connection.send(Finished(None))
    finally:
        source.close()


def _take_still(task: StillTask, connection: Connection) -> None:
    source = open_source(task.path, short_side=task.short_side, decoder=task.decoder)
    try:
        connection.send(Still(source.frame_at(task.time)))
    finally:
        source.close()


def _run_errand(errand: Errand, connection: Connection) -> None:
    told = -_TELL_EVERY

    def tell(fraction: float) -> None:
        nonlocal told
        if monotonic() - told >= _TELL_EVERY:
            told = monotonic()
            connection.send(Copying(fraction))

    connection.send(Done(errand.run(tell)))


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
