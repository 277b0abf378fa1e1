"""Frames from a decoder in a process of its own, for readers who must be able to stop at once."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

from retake_core.errors import MediaError
from retake_core.jobs import CancelToken
from retake_core.media.decode_process import Batch, DecodeProcess, DecoderDiedError, DecodeTask, Failed, Finished
from retake_core.media.frames import Frame, sample_cell
from retake_core.media.sources import Decoder
from retake_core.video import Span

SILENCE = 60.0
"""Seconds without a word after which a decoder counts as hung."""
POLL = 0.1


class ProcessSource:
    """Reads a video file; what kills or hangs a decoder costs that process only, and the next goes on."""

    def __init__(self, path: Path, short_side: int, threads: int, cancel: CancelToken) -> None:
        """Name the file.

        Args:
            path: the file.
            short_side: pixels of the frames' shorter side; smaller videos are not enlarged.
            threads: of the codec.
            cancel: looked at while waiting.
        """
        self._path, self._short_side, self._threads, self._cancel = path, short_side, threads, cancel
        self._process: DecodeProcess | None = None

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield the first frame of each sampling cell; see `FrameReader.frames`."""
        rest = [(0.0, math.inf)] if spans is None else list(spans)
        whole = spans is None
        decoders: list[Decoder] = ["auto", "pyav"]
        for decoder in decoders:
            done = 0.0
            task = DecodeTask(
                path=self._path,
                rate=rate,
                spans=None if whole else rest,
                decoder=decoder,
                window=math.inf,
                threads=self._threads,
                short_side=self._short_side,
            )
            try:
                for frame in self._decoded(task):
                    yield frame
                    done = (sample_cell(frame.time, rate) + 1) / rate
            except DecoderDiedError:
                self.close()
                whole = whole and not done
                rest = [(max(start, done), end) for start, end in rest if end > done]
            else:
                return
        raise MediaError("The decoder crashes or hangs on it.")

    def _decoded(self, task: DecodeTask) -> Iterator[Frame]:
        self._process = DecodeProcess()
        self._process.submit(task)
        while True:
            self._await(self._process)
            match self._process.receive():
                case Batch(times=times, images=images):
                    for time, image in zip(times, images, strict=True):
                        yield Frame(time, image)
                case Failed(reason=reason):
                    raise MediaError(reason)
                case Finished():
                    return

    def _await(self, process: DecodeProcess) -> None:
        deadline = monotonic() + SILENCE
        while not process.connection.poll(POLL):
            self._cancel.check()
            if monotonic() > deadline:
                raise DecoderDiedError

    def close(self) -> None:
        """End the decoder at once, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process = None
