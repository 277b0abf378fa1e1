"""Reading the text in single frames of a video file, in the process that decodes it."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from retake_core.errors import MediaError
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.frames import Frame, first_of_each
from retake_core.media.process.patience import Limit
from retake_core.media.process.tasks import Send
from retake_core.media.thumbnails import decode_thumbnail
from retake_core.ocr.reader import SHORT_SIDE, EngineError, Reader, ScreenLine

log = logging.getLogger(__name__)

NICENESS = 10  # whatever else the computer does comes first
_LARGE = 500_000  # pixels of a video from which a glance at a thumbnail costs less than it spares
_CELL = 0.02  # seconds within which a frame is looked for


@dataclass(frozen=True, slots=True)
class ScreenTask:
    """Read the text in frames at some times: sends `ReaderLoaded` and a `ScreenRead` for each, or `CannotRead`.

    Attributes:
        path: the file.
        times: of keyframes, in order: seconds.
        thumbnails: theirs; of a large video, the frames in which these show no text are not decoded.
        threads: how many threads may read.
    """

    path: Path
    times: tuple[float, ...]
    thumbnails: tuple[bytes, ...]
    threads: int

    @property
    def limit(self) -> Limit:
        """What each step of it may take: reading a page, or decoding to the next keyframe."""
        return Limit(120, 1200)

    def run(self, send: Send) -> None:
        """Read.

        Raises:
            MediaError: nothing could be decoded, or no picture could be read.
        """
        with contextlib.suppress(AttributeError, OSError):
            os.nice(NICENESS - os.nice(0))
        try:
            reader = _reader(self.threads)
        except EngineError as error:
            send(CannotRead(str(error)))
            return
        send(ReaderLoaded())
        # PyAV alone leaves out what lies between the keyframes.
        source = PyAVSource(self.path, SHORT_SIDE)
        try:
            large = source.info.width * source.info.height >= _LARGE
            times = list(_worth_reading(reader, self, send)) if large else list(self.times)
            frames = source.frames(1 / _CELL, [(time, time + _CELL) for time in times])
            _read_frames(reader, first_of_each(frames, times, _CELL), send)
        finally:
            source.close()


@dataclass(frozen=True, slots=True)
class ReaderLoaded:
    """What reads is in memory."""


@dataclass(frozen=True, slots=True)
class ScreenRead:
    """The lines of the keyframe at `time` seconds, in reading order; not told in order of time."""

    time: float
    lines: tuple[ScreenLine, ...]


@dataclass(frozen=True, slots=True)
class CannotRead:
    """No text can be read in any file, with the reason for the user."""

    reason: str


def _worth_reading(reader: Reader, task: ScreenTask, send: Send) -> Iterator[float]:
    for time, thumbnail in zip(task.times, task.thumbnails, strict=True):
        if reader.may_have_text(decode_thumbnail(thumbnail)):
            yield time
        else:
            send(ScreenRead(time, ()))


@lru_cache(1)
def _reader(threads: int) -> Reader:
    return Reader(threads)


def _read_frames(reader: Reader, frames: Iterator[tuple[float, Frame]], send: Send) -> None:
    read = 0
    problem: Exception | None = None
    for time, frame in frames:
        try:
            lines = reader.lines(frame.image)
        except MemoryError:
            raise
        except Exception as error:  # one picture that the engine cannot take must not cost the others
            problem = error
            print(f"no text read at {time} s: {error!r}", file=sys.stderr)  # noqa: T201
            continue
        read += 1
        send(ScreenRead(time, tuple(lines)))
    if problem is not None and not read:
        raise MediaError("The text in its pictures cannot be read.") from problem
