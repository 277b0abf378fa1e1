"""What a decoder's process is asked, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from retake_core.media.decoders.choice import DecoderName
from retake_core.media.decoders.key_frames import PacketIndex
from retake_core.media.ffmpeg.sound import SoundPart
from retake_core.media.ffmpeg.subtitles import Subtitles
from retake_core.media.frames import Frame
from retake_core.media.process.patience import Limit
from retake_core.media.video_info import Span, VideoInfo
from retake_core.ocr.screen_task import CannotRead, ScreenRead, ScreenTask

STEP_LIMIT = {"auto": Limit(60, 600), "pyav": Limit(600, 6000)}  # decord is known to hang
STILL_LIMIT = Limit(20, 60)  # somebody waits for it


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
    decoder: DecoderName
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
    decoder: DecoderName

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
class FileTexts:
    """What the file says of itself, such as its title."""

    texts: list[str]


@dataclass(frozen=True, slots=True)
class EndReached:
    """The end was reached. A key frame scan also tells the size of every packet."""

    packets: PacketIndex | None


@dataclass(frozen=True, slots=True)
class StillFrame:
    """The frame of a `StillTask`, which is complete."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """How far an `Errand` has come, 0..1; told at most ten times a second."""

    fraction: float


@dataclass(frozen=True, slots=True)
class TaskDone:
    """An `Errand` is complete: what it returned."""

    result: Any


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """The file cannot be decoded, with the reason for the user."""

    reason: str


Task = DecodeTask | StillTask | ScreenTask | SoundTask | Errand
Message = (
    Opened
    | Batch
    | FileTexts
    | Subtitles
    | ScreenRead
    | CannotRead
    | SoundPart
    | EndReached
    | StillFrame
    | TaskProgress
    | TaskDone
    | TaskFailed
)
