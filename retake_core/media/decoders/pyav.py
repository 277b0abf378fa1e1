"""The decoder that reads everything: PyAV, in one forward pass."""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from retake_core.errors import MediaError
from retake_core.media.ffmpeg.packets import PacketGate
from retake_core.media.ffmpeg.picture import Picture, PictureConverter, forward_only
from retake_core.media.ffmpeg.picture_decoder import PictureDecoder
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.ffmpeg.skipping import EVERY_PICTURE, CellBeginnings, EveryPicture, MissedPictureError
from retake_core.media.frames import SAME_TIME, TOLERANCE, Frame, in_span, sample_cell, spans_behind
from retake_core.media.hardware.devices import Device
from retake_core.media.video_info import Span


class PyAVSource:
    """A FrameSource for every container and codec that FFmpeg reads.

    Decoding is linear, and packets that no wanted frame depends on are dropped before the decoder: demuxing
    them costs a hundredth of decoding them.

    Args:
        path: the file.
        short_side: pixels of the frames' shorter side; smaller videos are not enlarged.
        threads: of the codec.
        device: decodes in the processor's stead.
        strict: whether what cannot be decoded is an error; on a device it always is.

    Raises:
        MediaError: it is not a readable video, or not for the device.
    """

    def __init__(
        self,
        path: Path,
        short_side: int = 224,
        threads: int = 1,
        *,
        device: Device | None = None,
        strict: bool = False,
    ) -> None:
        self.info = probe(path)
        self._converter = PictureConverter(self.info, short_side)
        self._decoder = PictureDecoder(path, self.info.frame_rate, threads, device=device, strict=strict)

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield the first frame of each sampling cell; see `FrameSource.frames`."""
        if self._decoder.may_skip:
            frame: Frame | None = None
            try:
                for frame in self._sampled(rate, spans, CellBeginnings(rate, spans)):
                    yield frame
            except MissedPictureError:
                spans = spans if frame is None else spans_behind(spans, frame.time, rate)
            else:
                return
        yield from self._sampled(rate, spans, EVERY_PICTURE)

    def _sampled(self, rate: float, spans: Sequence[Span] | None, wanted: EveryPicture) -> Iterator[Frame]:
        ahead = deque([(0.0, math.inf)] if spans is None else spans)
        if not ahead:
            return
        gate = PacketGate(_needed_from(ahead[0]))
        cell, any_decoded = -1, False
        for picture in forward_only(self._decoder.pictures(gate, wanted)):
            any_decoded = True
            time = picture[0]
            wanted.shown(picture)
            while ahead and time + TOLERANCE >= ahead[0][1]:
                ahead.popleft()
            if not ahead:
                return
            gate.want(_needed_from(ahead[0]))
            if not in_span(time, ahead[0]) or sample_cell(time, rate) <= cell:
                continue
            if frame := self._frame(picture):
                cell = sample_cell(time, rate)
                wanted.take(time)
                yield frame
        wanted.end()
        if not any_decoded:
            raise MediaError("None of its frames can be decoded.")

    def frame_at(self, time: float) -> Frame:
        """Return the frame on screen at `time`; see `FrameSource.frame_at`."""
        latest: Picture | None = None
        gate = PacketGate(_needed_from((time, math.inf)))
        for picture in forward_only(self._decoder.pictures(gate)):
            if latest is not None and picture[0] > time + SAME_TIME:
                break
            latest = picture
        frame = self._frame(latest) if latest is not None else None
        if frame is None:
            raise MediaError("None of its frames can be decoded.")
        return frame

    def close(self) -> None:
        """Close the file."""
        self._decoder.close()

    def _frame(self, picture: Picture) -> Frame | None:
        return self._converter.frame(self._decoder.brought_back(picture))


def _needed_from(span: Span) -> float:
    """Return the time from which packets are needed; from the start, all are, whatever their times say."""
    return span[0] if span[0] > 0 else -math.inf
