"""The quick pass: codec key frames only, at a twentieth of decoding's cost, and an index of all packets."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from retake_core.media.decoders.key_frame_choice import KeyFrameChoice
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.ffmpeg.packets import PacketReader, VideoPacket
from retake_core.media.ffmpeg.picture import Picture, PictureConverter, PictureTimer
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.frames import TOLERANCE, Frame, sample_cell


@dataclass(frozen=True, slots=True)
class PacketIndex:
    """What the container tells of every packet of the video stream, in decoding order.

    Attributes:
        times: presentation times in seconds from the container's start; NaN where there is none. float64 [n].
        sizes: bytes. int64 [n].
        keys: whether decoding can begin here. bool [n].
        moving: times of key frames that were passed over, since all around them moves. float64 [m].
    """

    times: NDArray[np.float64]
    sizes: NDArray[np.int64]
    keys: NDArray[np.bool_]
    moving: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


class KeyFrameScan:
    """Reads a whole file once and decodes only its codec key frames, at most one for each sampling cell.

    Of a recording that moves all the time it passes over most of them; see `KeyFrameChoice`.

    Attributes:
        info: the video's metadata.
        packets: the packets seen so far; all of them once `frames` is exhausted.

    Args:
        path: the file.
        short_side: pixels of the frames' shorter side; smaller videos are not enlarged.
        threads: of the codec.

    Raises:
        MediaError: it is not a readable video.
    """

    def __init__(self, path: Path, short_side: int = 224, threads: int = 1) -> None:
        self.info = probe(path)
        self._path = path
        self._short_side = short_side
        self._threads = threads
        self._times = array("d")
        self._sizes = array("q")
        self._keys = array("b")
        self._moving = array("d")

    @property
    def packets(self) -> PacketIndex:
        """The index of the packets that `frames` has passed."""
        return PacketIndex(
            times=np.array(self._times, dtype=np.float64),
            sizes=np.array(self._sizes, dtype=np.int64),
            keys=np.array(self._keys, dtype=np.bool_),
            moving=np.array(self._moving, dtype=np.float64),
        )

    def frames(self, rate: float) -> Iterator[Frame]:
        """Yield key frames in strict order of time, at most one for each sampling cell, each exactly timed.

        (But for MPEG-4 with packed B-frames in AVI, where a time may be one frame off.) A file without usable
        key frames gives its first frame.

        Args:
            rate: sampling cells per second.

        Raises:
            MediaError: nothing could be decoded.
        """
        self._times, self._sizes, self._keys = array("d"), array("q"), array("b")
        self._moving = array("d")
        reader = PacketReader(self._path)
        try:
            any_decoded = False
            for frame in self._key_frames(reader, rate):
                any_decoded = True
                yield frame
        finally:
            reader.close()
        if not any_decoded:
            yield self._first_frame()

    def _key_frames(self, reader: PacketReader, rate: float) -> Iterator[Frame]:
        reader.decoder.thread_count = self._threads
        converter = PictureConverter(self.info, self._short_side)
        timer = PictureTimer(reader.clock, self.info.frame_rate)
        choice = KeyFrameChoice(rate)
        cell = -1
        for packet in reader.packets():
            time = reader.time(packet)
            self._note(packet, time)
            if not packet.is_keyframe:
                timer.skip()
                continue
            # Asked of those in a cell that has a frame, too: it learns from each how far apart they are.
            if time is not None and choice.passes_over(time):
                self._moving.append(time)
                timer.skip()
                continue
            if time is not None and sample_cell(time, rate) <= cell:
                timer.skip()
                continue
            for picture in _key_pictures(reader.decoder, packet, timer):
                if picture[0] <= -TOLERANCE or sample_cell(picture[0], rate) <= cell:
                    continue
                if frame := converter.frame(picture):
                    cell = sample_cell(picture[0], rate)
                    choice.look_at(frame.time, frame.image)
                    yield frame

    def _note(self, packet: VideoPacket, time: float | None) -> None:
        self._times.append(np.nan if time is None else time)
        self._sizes.append(packet.size)
        self._keys.append(packet.is_keyframe)

    def _first_frame(self) -> Frame:
        source = PyAVSource(self._path, self._short_side, self._threads)
        try:
            return source.frame_at(0.0)
        finally:
            source.close()


def _key_pictures(decoder: VideoCodecContext, packet: VideoPacket, timer: PictureTimer) -> list[Picture]:
    """Decode one key packet alone: draining gets its picture out without the packets after it."""
    try:
        return [timer.picture(picture) for picture in (*decoder.decode(packet), *decoder.decode(None))]
    except FFmpegError:
        return []
    finally:
        decoder.flush_buffers()
