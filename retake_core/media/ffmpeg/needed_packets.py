"""Which packets need no decoding, of those from which wanted pictures are decoded."""

from collections.abc import Iterator
from typing import NamedTuple

from retake_core.media.ffmpeg.container import Clock
from retake_core.media.ffmpeg.packets import VideoPacket
from retake_core.media.ffmpeg.skipping import EveryPicture
from retake_core.media.ffmpeg.units import UnitReader

_MAX_HELD_BYTES = 64 * 2**20


class NeededPacket(NamedTuple):
    """A packet to decode, and whether that may be left out where no other picture refers to its."""

    packet: VideoPacket
    is_spare: bool


class EveryPacket:
    """Needs every packet."""

    def push(self, packet: VideoPacket) -> Iterator[NeededPacket]:
        """Take the next packet and yield what must be decoded now."""
        yield NeededPacket(packet, is_spare=False)

    def drop(self) -> None:
        """Forget what is held: decoding begins afresh."""


class NeededPackets(EveryPacket):
    """Holds packets of pictures that are not wanted back until one comes that is, and may refer to them.

    Where one comes from which decoding begins afresh, what is held is dropped: the last picture that is wanted of
    a group of pictures may be far from its end. With two samples and a key frame a second, as phones write them,
    half of all pictures are such.

    Args:
        units: of the stream.
        clock: of the stream.
        wanted: tells which pictures are.
    """

    def __init__(self, units: UnitReader, clock: Clock, wanted: EveryPicture) -> None:
        self._units, self._clock, self._wanted = units, clock, wanted
        self._held: list[NeededPacket] = []
        self._held_bytes = 0

    def push(self, packet: VideoPacket) -> Iterator[NeededPacket]:
        """Take the next packet; see `EveryPacket`."""
        if packet.is_keyframe:
            self._units.learn(packet)
            if self._held and self._units.begins_afresh(packet) and not self._hold_parameters():
                self.drop()
        time = None if packet.is_discard else self._clock.time(packet.pts)
        is_spare = time is not None and not self._wanted.may_begin(time)
        self._held.append(NeededPacket(packet, is_spare and self._units.is_top_layer(packet)))
        self._held_bytes += packet.size
        decoded_by = self._clock.time(packet.dts)
        # The consumer learns from a picture behind a span that the span is over.
        behind = decoded_by is None or self._wanted.is_outside(decoded_by)
        if not is_spare or behind or self._held_bytes > _MAX_HELD_BYTES:
            yield from self._held
            self.drop()

    def drop(self) -> None:
        """Forget what is held; see `EveryPacket`."""
        self._held, self._held_bytes = [], 0

    def _hold_parameters(self) -> bool:
        return any(self._units.sets_parameters(packet) for packet, _ in self._held)
