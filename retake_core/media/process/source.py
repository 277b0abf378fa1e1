"""Frames from a decoder in a process of its own, for readers who must be able to stop at once."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError
from retake_core.media.decoders.registry import IN_TURN, SAFE
from retake_core.media.frames import Frame, spans_behind
from retake_core.media.hardware.news import HardwareNews
from retake_core.media.hardware.sessions import NO_HARDWARE, HardwareSessions, Session
from retake_core.media.process.decode_process import DecodeProcess, DecoderDiedError
from retake_core.media.process.lasting_decoder import messages
from retake_core.media.process.tasks import Batch, DecodeTask
from retake_core.media.video_info import Span


class ProcessSource:
    """Reads a video file; what kills or hangs a decoder costs that process only, and the next goes on."""

    def __init__(
        self,
        path: Path,
        short_side: int,
        threads: int,
        cancel: CancelToken,
        hardware: HardwareSessions | None = None,
    ) -> None:
        """Name the file.

        Args:
            path: the file.
            short_side: pixels of the frames' shorter side; smaller videos are not enlarged.
            threads: of the codec.
            cancel: looked at while waiting.
            hardware: the graphics devices that may decode it.
        """
        self._hardware = hardware or NO_HARDWARE
        self._path, self._short_side, self._threads, self._cancel = path, short_side, threads, cancel
        self._process: DecodeProcess | None = None

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield the first frame of each sampling cell; see `FrameReader.frames`."""
        session = self._hardware.begin()
        try:
            yield from self._in_turn(rate, spans, session)
        finally:
            session.end()

    def _in_turn(self, rate: float, spans: Sequence[Span] | None, session: Session) -> Iterator[Frame]:
        for decoder in IN_TURN:
            task = DecodeTask(
                path=self._path,
                rate=rate,
                spans=None if spans is None else list(spans),
                decoder=decoder,
                window=math.inf,
                threads=self._threads,
                short_side=self._short_side,
                hardware=None if decoder == SAFE else session.order,
            )
            frame: Frame | None = None
            try:
                for frame in self._decoded(task, session):
                    yield frame
            except DecoderDiedError:
                session.died()
                self.close()
            else:
                return
            spans = spans if frame is None else spans_behind(spans, frame.time, rate)
        raise MediaError("The decoder crashes or hangs on it.")

    def _decoded(self, task: DecodeTask, session: Session) -> Iterator[Frame]:
        self._process = DecodeProcess()
        for message in messages(self._process, task, self._cancel):
            if isinstance(message, Batch):
                for time, image in zip(message.times, message.images, strict=True):
                    yield Frame(time, image)
            elif isinstance(message, HardwareNews):
                session.hear(message)

    def close(self) -> None:
        """End the decoder at once, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process = None
