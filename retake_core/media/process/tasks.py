"""What a decoder's process does: tasks that run themselves there, and what they send on the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retake_core.media.decoders.choice import open_source
from retake_core.media.decoders.hardware import hardware_decoder
from retake_core.media.decoders.key_frames import KeyFrameScan, PacketIndex
from retake_core.media.decoders.registry import SAFE, DecoderName
from retake_core.media.ffmpeg.audio_tracks import AudioTracks, audio_tracks
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.ffmpeg.sound import read_sound
from retake_core.media.ffmpeg.subtitles import embedded
from retake_core.media.frames import Frame
from retake_core.media.hardware.devices import device_problem
from retake_core.media.hardware.news import HardwareOrder
from retake_core.media.process.patience import Limit
from retake_core.media.video_info import Span, VideoInfo
from retake_core.system.throttle import Throttle

BATCH = 16
STEP_LIMIT = Limit(600, 6000)
RISKY_STEP_LIMIT = Limit(60, 600)  # of decoders that are known to hang
STILL_LIMIT = Limit(20, 60)  # somebody waits for it

Send = Callable[[object], None]
"""Takes what a task sends on the way: whatever can be pickled."""

TellFraction = Callable[[float], None]
"""Hears how far some work has come, 0..1. What it raises ends the work."""


class Task(Protocol):
    """Work for a decoder's process."""

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        ...

    def run(self, send: Send) -> Any:
        """Do it, and return its result, which can be sent to another process.

        Raises:
            MediaError: it cannot be done.
        """
        ...


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
class TaskProgress:
    """How far a task has come, 0..1; sent at most ten times a second."""

    fraction: float


@dataclass(frozen=True, slots=True)
class TaskDone:
    """The task is complete: what it returned."""

    result: Any


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """The task cannot be done, with the reason for the user."""

    reason: str


@dataclass(frozen=True, slots=True)
class DecodeTask:
    """Decode sampled frames: sends `Opened`, then a `Batch` after the other.

    Attributes:
        path: the file.
        rate: samples per second.
        spans: the stretches to decode; None is all of it.
        decoder: which library decodes.
        window: seconds; no batch reaches over a multiple of it, so that a pass that resumes at one sees the
            same batches, and gets the same numbers to the last bit, as one that was never interrupted.
        threads: how many threads may decode.
        short_side: pixels of the pictures' shorter side; smaller videos are not enlarged.
        hardware: the graphics devices that may decode it, of which `HardwareNews` is sent on the way.
    """

    path: Path
    rate: float
    spans: list[Span] | None
    decoder: DecoderName
    window: float
    threads: int
    short_side: int = 224
    hardware: HardwareOrder | None = None

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        return STEP_LIMIT if self.decoder == SAFE else RISKY_STEP_LIMIT

    def run(self, send: Send) -> None:
        """Decode."""
        first = None if self.hardware is None else hardware_decoder(self.hardware, send)
        source = open_source(
            self.path, short_side=self.short_side, threads=self.threads, decoder=self.decoder, first=first
        )
        try:
            send(Opened(source.info))
            _send_batches(source.frames(self.rate, self.spans), self.window, send)
        finally:
            source.close()


@dataclass(frozen=True, slots=True)
class KeyFrameTask:
    """Decode the codec's own key frames: sends as `DecodeTask` does, and returns what the packets tell."""

    path: Path
    rate: float
    window: float
    threads: int

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        return STEP_LIMIT

    def run(self, send: Send) -> PacketIndex:
        """Decode."""
        scan = KeyFrameScan(self.path, threads=self.threads)
        send(Opened(scan.info))
        _send_batches(scan.frames(self.rate), self.window, send)
        return scan.packets


@dataclass(frozen=True, slots=True)
class StillTask:
    """Return the frame that is on screen at `time` seconds, at so many pixels of its shorter side."""

    path: Path
    time: float
    short_side: int
    decoder: DecoderName

    @property
    def limit(self) -> Limit:
        """What it may take."""
        return STILL_LIMIT

    def run(self, _send: Send) -> Frame:
        """Decode it."""
        source = open_source(self.path, short_side=self.short_side, decoder=self.decoder)
        try:
            return source.frame_at(self.time)
        finally:
            source.close()


@dataclass(frozen=True, slots=True)
class DeviceTask:
    """Return what is wrong with a graphics device: why it cannot decode here, or ""."""

    device: str

    @property
    def limit(self) -> Limit:
        """What it may take: a driver may need a while to wake its card."""
        return STILL_LIMIT

    def run(self, _send: Send) -> str:
        """Open it."""
        return device_problem(self.device)


@dataclass(frozen=True, slots=True)
class TextsTask:
    """Read what a file says of itself and its subtitles: sends `FileTexts`, then `Subtitles`, part by part.

    Attributes:
        path: the file.
        with_info: send `Opened` first.
    """

    path: Path
    with_info: bool = False

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        return STEP_LIMIT

    def run(self, send: Send) -> None:
        """Read."""
        if self.with_info:
            send(Opened(probe(self.path)))
        for part in embedded(self.path):
            send(part)


@dataclass(frozen=True, slots=True)
class SoundTask:
    """Decode what is heard from `start` on, at most `length` seconds of it: sends each `SoundPart`.

    Attributes:
        chosen: the number of the track that a person chose, if one did.
    """

    path: Path
    start: float
    length: float
    chosen: int | None = None

    @property
    def limit(self) -> Limit:
        """What each step of it may take."""
        return STEP_LIMIT

    def run(self, send: Send) -> None:
        """Decode."""
        for part in read_sound(self.path, self.start, self.length, self.chosen):
            send(part)


@dataclass(frozen=True, slots=True)
class AudioTracksTask:
    """Return the sound tracks of a file, and which of them are listened to; see `audio_tracks`."""

    path: Path
    chosen: int | None = None

    @property
    def limit(self) -> Limit:
        """What it may take: silence is listened for at a few places."""
        return STILL_LIMIT

    def run(self, _send: Send) -> AudioTracks:
        """Look."""
        return audio_tracks(self.path, self.chosen)


def progress_to(send: Send) -> TellFraction:
    """Return what sends `TaskProgress`, at most ten times a second."""
    throttle = Throttle()

    def tell(fraction: float) -> None:
        if throttle.ready():
            send(TaskProgress(fraction))

    return tell


def _send_batches(frames: Iterator[Frame], window: float, send: Send) -> None:
    for batch in batches(frames, window):
        send(Batch([frame.time for frame in batch], [frame.image for frame in batch]))


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
