"""The choice of a decoder for a file."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from retake_core.errors import MediaError
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.decoders.registry import AUTO, DECODERS, SAFE, DecoderName
from retake_core.media.frames import Frame, FrameSource, sample_cell
from retake_core.media.video_info import Span


def open_source(
    path: Path, *, short_side: int = 224, threads: int = 1, decoder: DecoderName = AUTO
) -> FrameSource:
    """Open a video for decoding.

        source = open_source(Path("party.mp4"), short_side=448)
        for frame in source.frames(rate=2.0):
            print(frame.time, frame.image.shape)
        source.close()

    Args:
        path: the file.
        short_side: pixels of the frames' shorter side; smaller videos are not enlarged.
        threads: of the codec.
        decoder: AUTO takes the first of the registry that reads the file rightly and is worth it, and goes on with
            the safe one from where that fails.

    Raises:
        MediaError: it is not a readable video, or not for the decoder that was asked for.
    """
    if decoder not in (AUTO, SAFE):
        return next(known for known in DECODERS if known.name == decoder).open(path, short_side, threads)
    safe = PyAVSource(path, short_side, threads)
    pixels = safe.info.width * safe.info.height
    for candidate in DECODERS if decoder == AUTO else ():
        if candidate.name == SAFE or pixels < candidate.least_pixels:
            continue
        try:
            source = candidate.open(path, short_side, threads)
        except MediaError:
            continue
        safe.close()
        return _WithFallback(source, path, short_side, threads)
    return safe


class _WithFallback:
    """Decodes with one decoder until it fails, and with the safe one from there on."""

    def __init__(self, first: FrameSource, path: Path, short_side: int, threads: int) -> None:
        self.info = first.info
        self._source = first
        self._path = path
        self._short_side = short_side
        self._threads = threads

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield the first frame of each sampling cell; see `FrameSource.frames`."""
        done = 0.0
        try:
            for frame in self._source.frames(rate, spans):
                yield frame
                done = (sample_cell(frame.time, rate) + 1) / rate
        except MediaError:
            self._fall_back()
            whole = [(0.0, math.inf)] if spans is None else spans
            rest = [(max(start, done), end) for start, end in whole if end > done]
            yield from self._source.frames(rate, rest)

    def frame_at(self, time: float) -> Frame:
        """Return the frame on screen at `time`; see `FrameSource.frame_at`."""
        try:
            return self._source.frame_at(time)
        except MediaError:
            self._fall_back()
            return self._source.frame_at(time)

    def close(self) -> None:
        """Give back the file and the decoder's memory."""
        self._source.close()

    def _fall_back(self) -> None:
        """Change decoders, once.

        Raises:
            MediaError: both have failed.
        """
        if isinstance(self._source, PyAVSource):
            raise MediaError("None of its frames can be decoded.")
        self._source.close()
        self._source = PyAVSource(self._path, self._short_side, self._threads)
