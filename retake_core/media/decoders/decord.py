"""The decoder for common files: decord, which is right on MP4 and Matroska of H.264 and VP9.

Elsewhere it is silently wrong, hangs or fails, so every file is checked before: against a list of what was
measured to be right, and against the times of the file's packets.
"""

import itertools
import math
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retake_core.errors import MediaError
from retake_core.media.ffmpeg.packets import PacketReader, VideoPacket
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.frames import SAME_TIME, TOLERANCE, Frame, in_span, output_size, sample_cell
from retake_core.media.video_info import Span, VideoInfo

_CONTAINERS = frozenset({"mov", "matroska"})
_CODECS = frozenset({"h264", "vp9"})
_MAX_BYTES = 300 * 10**6  # decord keeps the whole compressed file in memory
_BATCH = 16
_IDR = 5  # type of the H.264 units of a picture that nothing after it looks back over


class DecordSource:
    """A FrameSource for the files that decord reads rightly.

    Args:
        path: the file.
        short_side: pixels of the frames' shorter side; smaller videos are not enlarged.
        threads: of the codec.

    Raises:
        MediaError: it is not a readable video, or not one that decord reads rightly.
    """

    def __init__(self, path: Path, short_side: int = 224, threads: int = 1) -> None:
        self.info = probe(path)
        times = _trusted_times(path, self.info)
        if times is None:
            raise MediaError("decord cannot be trusted with it.")
        self._times: list[float] = times
        self._reader = _open_reader(path, output_size(self.info, short_side), threads)
        self._check_times()

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield the first frame of each sampling cell; see `FrameSource.frames`."""
        indices = self._sampled(rate, spans)
        for first in range(0, len(indices), _BATCH):
            yield from self._decoded(indices[first : first + _BATCH])

    def frame_at(self, time: float) -> Frame:
        """Return the frame on screen at `time`; see `FrameSource.frame_at`."""
        after = int(np.searchsorted(self._times, time + SAME_TIME, side="right"))
        return self._decoded([max(0, after - 1)])[0]

    def close(self) -> None:
        """Give back the file and the decoder's memory."""
        self._reader = None

    def _sampled(self, rate: float, spans: Sequence[Span] | None) -> list[int]:
        """Return the indices of the first frame of each cell inside the spans."""
        ahead = deque([(0.0, math.inf)] if spans is None else spans)
        indices: list[int] = []
        cell = -1
        for index, time in enumerate(self._times):
            while ahead and time + TOLERANCE >= ahead[0][1]:
                ahead.popleft()
            if ahead and in_span(time, ahead[0]) and sample_cell(time, rate) > cell:
                cell = sample_cell(time, rate)
                indices.append(index)
        return indices

    def _decoded(self, indices: list[int]) -> list[Frame]:
        try:
            images: NDArray[np.uint8] = self._reader.get_batch(indices).asnumpy()
        except Exception as error:  # decord raises what its C++ side makes of anything
            raise MediaError("The file is damaged.") from error
        return [Frame(self._times[index], image) for index, image in zip(indices, images, strict=True)]

    def _check_times(self) -> None:
        """Hold decord's times, which are float32 and count from the first frame, against the packets'."""
        try:
            times = self._reader.get_frame_timestamp(np.arange(len(self._reader)))[:, 0]
        except Exception as error:
            raise MediaError("The file is damaged.") from error
        right = np.array(self._times) - self._times[0]
        if len(times) != len(right) or not np.allclose(times, right, rtol=1e-6, atol=TOLERANCE):
            raise MediaError("decord cannot be trusted with it.")


def _trusted_times(path: Path, info: VideoInfo) -> list[float] | None:
    """Return the presentation times in seconds of all frames, or None where decord is not to be trusted."""
    common = not _CONTAINERS.isdisjoint(info.container.split(",")) and info.codec in _CODECS
    if not common or not info.plain or info.duration == 0 or info.size > _MAX_BYTES:
        return None
    reader = PacketReader(path)
    try:
        if not _is_eight_bit(reader):
            return None
        return _packet_times(reader)
    finally:
        reader.close()


def _packet_times(reader: PacketReader) -> list[float] | None:
    """Return the sorted times in seconds of all packets, or None where they make decord go wrong."""
    times: list[float] = []
    for packet in reader.packets():
        time = reader.clock.time(packet.pts)
        if time is None or packet.is_discard or packet.is_corrupt:
            return None
        if packet.is_keyframe and not _decoding_can_begin(packet):
            return None
        times.append(time)
    times.sort()
    strict = all(before < after for before, after in itertools.pairwise(times))
    return times if times and times[0] >= 0 and strict else None


def _decoding_can_begin(packet: VideoPacket) -> bool:
    """Tell whether nothing after a key packet looks back over it: decord seeks to key packets.

    In H.264 that is so for IDR pictures only, and not in open groups of pictures and with intra refresh.
    """
    decoder = packet.stream.codec_context
    if decoder.codec.canonical_name != "h264":
        return True
    header = decoder.extradata or b""
    if len(header) < 7 or header[0] != 1:
        return False  # not in MP4's format, in which a length comes before each unit
    data, prefix, at = memoryview(packet), (header[4] & 3) + 1, 0
    while at + prefix < len(data):
        if data[at + prefix] & 31 == _IDR:
            return True
        at += prefix + int.from_bytes(data[at : at + prefix], "big")
    return False


def _is_eight_bit(reader: PacketReader) -> bool:
    pixels = reader.stream.codec_context.format
    return pixels is not None and all(component.bits == 8 for component in pixels.components)


def _open_reader(path: Path, size: tuple[int, int], threads: int) -> Any:  # decord has no types
    try:
        import decord
    except ImportError as error:  # there is none for macOS
        raise MediaError("decord is not installed.") from error
    decord.logging.set_level(decord.logging.QUIET)
    try:
        return decord.VideoReader(str(path), ctx=decord.cpu(0), width=size[0], height=size[1], num_threads=threads)
    except Exception as error:
        raise MediaError("The file is damaged.") from error
