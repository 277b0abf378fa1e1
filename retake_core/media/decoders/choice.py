"""The choice of a decoder for a file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from retake_core.errors import MediaError
from retake_core.media.decoders import registry
from retake_core.media.decoders.registry import AUTO, Decoder, DecoderName
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.frames import Frame, FrameSource, spans_behind
from retake_core.media.video_info import Span


def open_source(
    path: Path,
    *,
    short_side: int = 224,
    threads: int = 1,
    decoder: DecoderName = AUTO,
    first: Decoder | None = None,
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
        decoder: AUTO takes the first of the registry that is worth it and reads the file rightly, and the next one
            from where that fails.
        first: is tried before those of the registry, where the choice is AUTO.

    Raises:
        MediaError: it is not a readable video, or not for the decoder that was asked for.
    """
    if decoder == AUTO:
        info = probe(path)
        known = registry.DECODERS if first is None else (first, *registry.DECODERS)
        decoders = [each for each in known if each.is_worth(info)]
    else:
        decoders = [each for each in registry.DECODERS if each.name == decoder]
    if len(decoders) == 1:
        return decoders[0].open(path, short_side, threads)
    return _InTurn(decoders, path, short_side, threads)


class _InTurn:
    """Decodes with the first decoder that reads the file, and with the next one from where that fails."""

    def __init__(self, decoders: Sequence[Decoder], path: Path, short_side: int, threads: int) -> None:
        self._untried = list(decoders)
        self._path = path
        self._short_side = short_side
        self._threads = threads
        self._source = self._next_source()
        self.info = self._source.info

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield the first frame of each sampling cell; see `FrameSource.frames`."""
        while True:
            frame: Frame | None = None
            try:
                for frame in self._source.frames(rate, spans):
                    yield frame
            except MediaError:
                if not self._untried:
                    raise
                self._go_on()
            else:
                return
            spans = spans if frame is None else spans_behind(spans, frame.time, rate)

    def frame_at(self, time: float) -> Frame:
        """Return the frame on screen at `time`; see `FrameSource.frame_at`."""
        while True:
            try:
                return self._source.frame_at(time)
            except MediaError:
                if not self._untried:
                    raise
                self._go_on()

    def close(self) -> None:
        """Give back the file and the decoder's memory."""
        self._source.close()

    def _go_on(self) -> None:
        self._source.close()
        self._source = self._next_source()

    def _next_source(self) -> FrameSource:
        """Open the file with the next decoder that reads it.

        Raises:
            MediaError: the last one does not either.
        """
        while True:
            decoder = self._untried.pop(0)
            try:
                return decoder.open(self._path, self._short_side, self._threads)
            except MediaError:
                if not self._untried:
                    raise
