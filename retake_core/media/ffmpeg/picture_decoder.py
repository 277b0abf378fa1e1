"""Decoding only what is needed of a file, in one forward pass, past whatever is damaged."""

import itertools
import math
from collections.abc import Iterator
from pathlib import Path

from av.error import FFmpegError
from av.video.frame import VideoFrame

from retake_core.errors import MediaError
from retake_core.media.ffmpeg.needed_packets import EveryPacket, NeededPackets
from retake_core.media.ffmpeg.packets import PacketGate, PacketReader, VideoPacket
from retake_core.media.ffmpeg.picture import Picture, PictureTimer
from retake_core.media.ffmpeg.skipping import EVERY_PICTURE, EveryPicture
from retake_core.media.ffmpeg.units import UnitReader, tells_spare_pictures
from retake_core.media.frames import TOLERANCE
from retake_core.media.hardware.devices import Device

_SEEK_GAIN = 30.0
"""Seconds of demuxing that a seek must save; demuxing them costs as much as decoding 0.3 seconds."""

_FAILED = "The file is damaged."


class _UncleanStart(Exception):
    """Decoding from a key packet did not give its picture, or a seek did not land on one."""


class PictureDecoder:
    """Decodes the pictures of a file's best video stream.

    Args:
        path: the file.
        frame_rate: frames per second, for pictures that have no time; 0 when unknown.
        threads: of the codec.
        device: decodes in the processor's stead.
        strict: whether what cannot be decoded is an error; on a device it always is.

    Raises:
        MediaError: the file cannot be opened, or has no video, or the device does not decode it.
    """

    def __init__(
        self,
        path: Path,
        frame_rate: float,
        threads: int,
        *,
        device: Device | None = None,
        strict: bool = False,
    ) -> None:
        self._device, self._strict = device, strict or device is not None
        self._owed = 0  # pictures that the decoder was given and has not returned
        self._reader = PacketReader(path, device)
        self._timer = PictureTimer(self._reader.clock, frame_rate, self._reader.times_guessed)
        self._threads = threads
        self._used = False

    @property
    def may_skip(self) -> bool:
        """Whether pictures can be left out that no wanted one refers to."""
        tells = tells_spare_pictures(self._reader.stream.codec.canonical_name)
        return tells and not self._strict and not self._reader.times_guessed

    def pictures(self, gate: PacketGate, wanted: EveryPicture = EVERY_PICTURE) -> Iterator[Picture]:
        """Yield the pictures that `gate` lets through, in order; some come before what is wanted.

        The consumer may move the gate's wanted time forward between pictures. Times fall back where the clock
        of the file does, and where decoding begins again because it needed packets that were dropped, as with
        intra refresh without true key frames, or damage.

        Args:
            gate: see above.
            wanted: tells which pictures are, if this `may_skip`; of the others, what they do not need is left out.

        Raises:
            MediaError: where this is strict, something cannot be decoded.
            MissedPictureError: see `EveryPicture`.
        """
        try:
            yield from self._selected(PacketGate(-math.inf) if self._reader.times_guessed else gate, wanted)
        except _UncleanStart:
            yield from self._selected(PacketGate(-math.inf))

    def brought_back(self, picture: Picture) -> Picture:
        """Return a picture in the computer's own memory.

        Raises:
            MediaError: the device does not give it.
        """
        if self._device is None:
            return picture
        time, coded = picture
        try:
            return time, self._device.brought_back(coded)
        except FFmpegError as error:
            raise MediaError(_FAILED) from error

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def _selected(self, gate: PacketGate, wanted: EveryPicture = EVERY_PICTURE) -> Iterator[Picture]:
        self._restart()
        first_by = math.inf
        needed = self._needed(wanted)
        for afresh, packets in self._groups(gate):
            if afresh:
                needed.drop()
                yield from self._drained()
                first_by = gate.since + TOLERANCE
            for packet, is_spare in itertools.chain.from_iterable(map(needed.push, packets)):
                self._reader.decoder.skip_frame = "NONREF" if is_spare else "DEFAULT"
                for picture in self._decoded(packet):
                    if picture[0] > first_by:
                        raise _UncleanStart
                    first_by = math.inf
                    yield picture
        yield from self._drained()

    def _needed(self, wanted: EveryPicture) -> EveryPacket:
        if wanted is EVERY_PICTURE:
            return EveryPacket()
        return NeededPackets(UnitReader(self._reader.decoder), self._reader.clock, wanted)

    def _groups(self, gate: PacketGate) -> Iterator[tuple[bool, list[VideoPacket]]]:
        """Yield what the gate releases, seeking over long stretches where that is exact."""
        target, landing = -math.inf, False
        for packet in self._reader.packets():
            time = self._reader.time(packet)
            if landing and not (packet.is_keyframe and time is not None and time <= gate.since):
                raise _UncleanStart
            yield gate.push(packet, time)
            far = time is not None and max(time, target) + _SEEK_GAIN < gate.since
            landing = far and gate.closed and self._reader.seek(gate.since)
            if landing:
                target = gate.since
        yield gate.release()

    def _decoded(self, packet: VideoPacket | None) -> list[Picture]:
        try:
            pictures: list[VideoFrame] = self._reader.decoder.decode(packet)
        except FFmpegError as error:
            if self._strict:
                raise MediaError(_FAILED) from error
            return []  # a damaged packet costs its own pictures only
        if self._strict:
            self._count(packet, pictures)
        return [self._timer.picture(picture) for picture in pictures]

    def _count(self, packet: VideoPacket | None, pictures: list[VideoFrame]) -> None:
        """Hold what comes out against what went in: a device may leave out what it cannot decode.

        Raises:
            MediaError: a picture is damaged, or some are missing at the end.
        """
        self._owed += (packet is not None and not packet.is_discard) - len(pictures)
        missing = packet is None and self._owed > 0
        if packet is None:
            self._owed = 0
        if missing or any(picture.is_corrupt for picture in pictures):
            raise MediaError(_FAILED)

    def _drained(self) -> list[Picture]:
        """Return the pictures that the decoder still holds, and make it ready for a key packet."""
        decoder = self._reader.decoder
        pictures, depth = self._decoded(None), decoder.reorder_depth
        decoder.flush_buffers()
        decoder.reorder_depth = depth  # it learned this from the stream; PyAV says it may be lost
        return pictures

    def _restart(self) -> None:
        if self._used:
            self._reader.rewind()
        self._used = True
        self._owed = 0
        decoder = self._reader.decoder
        decoder.thread_count = self._threads
        if self._threads > 1:
            decoder.thread_type = "AUTO"
        self._timer.restart()
