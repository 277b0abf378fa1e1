"""The packets of one video stream, in file order, and which of them need decoding."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from retake_core.media.ffmpeg.container import clock_of, decoder_of, open_container, video_stream
from retake_core.media.hardware.devices import Device

if TYPE_CHECKING:
    VideoPacket = Packet[VideoStream]
else:
    VideoPacket = Packet  # not generic at run time

_MAX_READ_ERRORS = 100
_MAX_HELD_BYTES = 64 * 2**20
_SEEKABLE = frozenset({"mov", "matroska"})


class PacketReader:
    """Reads the packets of a file's best video stream, going on after read errors.

    Attributes:
        stream: the video stream.
        decoder: of its pictures.
        clock: turns the stream's ticks into seconds from the container's start.
        times_guessed: AVI keeps no presentation times, and FFmpeg's guess is wrong for the way MPEG-4 packs
            B-frames there; the decoding times of decoded frames are right, but packets' times tell nothing.

    Args:
        path: the file.
        device: whose decoder the pictures get; the processor's without one.

    Raises:
        MediaError: the file cannot be opened, or has no video, or the device does not decode it.
    """

    def __init__(self, path: Path, device: Device | None = None) -> None:
        self._path, self._device = path, device
        self._container = self._opened()
        self.stream = video_stream(self._container)
        self.decoder = self._decoder()
        self.clock = clock_of(self._container, self.stream)
        names = self._container.format.name.split(",")
        self._seekable = not _SEEKABLE.isdisjoint(names)
        self.times_guessed = "avi" in names and self.stream.codec.canonical_name == "mpeg4"

    def packets(self) -> Iterator[VideoPacket]:
        """Yield packets from the current position to the end of the file; all of them have data."""
        errors = 0
        while errors < _MAX_READ_ERRORS:
            try:
                for packet in self._container.demux(self.stream):
                    if packet.size:
                        yield packet
                return
            except FFmpegError:
                errors += 1

    def time(self, packet: VideoPacket) -> float | None:
        """Return a packet's presentation time, else decoding time, in seconds from the container's start."""
        return self.clock.time(packet.pts if packet.pts is not None else packet.dts)

    def seek(self, time: float) -> bool:
        """Go to the key packet at or before `time`, in seconds.

        Returns:
            False where seeking is not exact (no index of key frames with their times) or failed.
        """
        if not self._seekable:
            return False
        try:
            self._container.seek(self.clock.ticks(time), stream=self.stream)
        except FFmpegError:
            return False
        return True

    def rewind(self) -> None:
        """Go back to the first packet, with a fresh decoder. Opening again is exact for every container."""
        self.close()
        self._container = self._opened()
        self.stream = video_stream(self._container)
        self.decoder = self._decoder()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _opened(self) -> InputContainer:
        return open_container(self._path) if self._device is None else self._device.open(self._path)

    def _decoder(self) -> VideoCodecContext:
        return decoder_of(self.stream) if self._device is None else self._device.decoder_of(self.stream)


class PacketGate:
    """Holds packets back until it is known whether a wanted picture depends on them.

    Where a key packet is shown at or before the wanted time, nothing before it in the file is needed: what is
    shown after a key picture depends only on what comes with or after it. Where a packet is shown at or after
    the wanted time, it and what is held is needed.

    Args:
        since: seconds from which on pictures are wanted; minus infinity lets every packet through.
    """

    def __init__(self, since: float) -> None:
        self._since = since
        self._closed = True
        self._any_before = False
        self._afresh = False
        self._held: list[VideoPacket] = []
        self._held_bytes = 0

    @property
    def since(self) -> float:
        """Seconds from which on pictures are wanted."""
        return self._since

    @property
    def closed(self) -> bool:
        """Whether packets are being held back."""
        return self._closed

    def want(self, time: float) -> None:
        """Want pictures from `time` on; only ever moves forward."""
        if time > self._since:
            self._since = time
            self._closed = True

    def push(self, packet: VideoPacket, time: float | None) -> tuple[bool, list[VideoPacket]]:
        """Take the next packet of the file and return what must be decoded now.

        Args:
            packet: the packet.
            time: its presentation time in seconds; None, when unknown, lets it through.

        Returns:
            Whether the decoder must be flushed first, because these packets begin at a key packet and others
            before it were dropped or belong to it no more; and the packets.
        """
        if packet.is_keyframe and time is not None and time <= self._since:
            self._held, self._held_bytes = [], 0
            self._closed, self._afresh = True, self._any_before
        self._any_before = True
        self._held.append(packet)
        self._held_bytes += packet.size
        if time is None or time >= self._since or self._held_bytes > _MAX_HELD_BYTES:
            self._closed = False
        return (False, []) if self._closed else self.release()

    def release(self) -> tuple[bool, list[VideoPacket]]:
        """Return what is held, as `push` does: at the end of the file the last pictures may be wanted."""
        released, afresh = self._held, self._afresh and bool(self._held)
        self._held, self._held_bytes = [], 0
        self._afresh = self._afresh and not afresh
        return afresh, released
