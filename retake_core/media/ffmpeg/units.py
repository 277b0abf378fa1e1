"""The units that H.264 and HEVC are made of, as far as they tell what decoding can do without.

A unit is either behind its length, as in MP4 and Matroska, or behind a start code. Its header tells its type, and
in HEVC its layer: pictures of a layer may refer to those of the layers below.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from av.video.codeccontext import VideoCodecContext

from retake_core.media.ffmpeg.packets import VideoPacket

_START_CODE = b"\x00\x00\x01"
_HEAD = 3  # bytes of a unit that are looked at: its header, and of HEVC's sequences the number of layers
_PICTURES, _SEQUENCE = 32, 33  # HEVC's types below the first are pictures


@dataclass(frozen=True, slots=True)
class _Types:
    """Types of a codec's units.

    Attributes:
        fresh: of pictures that nothing after them looks back over.
        parameters: what later pictures may need to be decoded at all.
    """

    fresh: frozenset[int]
    parameters: frozenset[int]


_TYPES = {
    "h264": _Types(frozenset({5}), frozenset({7, 8, 13, 15})),
    "hevc": _Types(frozenset({19, 20}), frozenset({32, 33, 34})),
}
_LENGTH_AT = {"h264": 4, "hevc": 21}  # where a file's header tells how many bytes a length has
_HEVC_ARRAYS = 22  # where it tells how many kinds of units follow


def tells_spare_pictures(codec: str) -> bool:
    """Return whether a codec tells which pictures no other refers to; VP9, for one, does not."""
    return codec in _TYPES


class UnitReader:
    """Looks into the packets of a stream, in the order of the file.

    Args:
        decoder: of a codec that `tells_spare_pictures`.
    """

    def __init__(self, decoder: VideoCodecContext) -> None:
        self._codec = decoder.codec.canonical_name
        self._types = _TYPES[self._codec]
        header = decoder.extradata or b""
        length_at = _LENGTH_AT[self._codec]
        in_file = len(header) > length_at and header[0] == 1
        self._length = (header[length_at] & 3) + 1 if in_file else 0  # bytes; 0 where start codes separate units
        self._top = 0  # the highest layer there may be
        if self._codec == "hevc":
            self._note_layers(_in_header(header) if in_file else _behind_start_codes(header))

    def begins_afresh(self, packet: VideoPacket) -> bool:
        """Return whether nothing from a packet on looks back over what came before."""
        return any(self._type(head) in self._types.fresh for head in self._heads(packet))

    def sets_parameters(self, packet: VideoPacket) -> bool:
        """Return whether later packets may need what a packet says of how to decode them."""
        return any(self._type(head) in self._types.parameters for head in self._heads(packet))

    def is_top_layer(self, packet: VideoPacket) -> bool:
        """Return whether no layer is above that of a packet's picture, which could need it."""
        if self._codec != "hevc":
            return True
        layers = [(head[1] & 7) - 1 for head in self._heads(packet) if self._type(head) < _PICTURES]
        return bool(layers) and min(layers) >= self._top

    def learn(self, packet: VideoPacket) -> None:
        """Take note of how many layers follow a key packet."""
        if self._codec == "hevc":
            self._note_layers(self._heads(packet))

    def _note_layers(self, heads: Iterator[bytes]) -> None:
        for head in heads:
            if self._type(head) == _SEQUENCE:
                self._top = max(self._top, head[2] >> 1 & 7)

    def _type(self, head: bytes) -> int:
        return head[0] & 31 if self._codec == "h264" else head[0] >> 1 & 63

    def _heads(self, packet: VideoPacket) -> Iterator[bytes]:
        data = bytes(packet)
        return _behind_lengths(data, self._length) if self._length else _behind_start_codes(data)


def _behind_lengths(data: bytes, length: int) -> Iterator[bytes]:
    at = 0
    while at + length + _HEAD <= len(data):
        start = at + length
        yield data[start : start + _HEAD]
        at = start + int.from_bytes(data[at:start], "big")


def _behind_start_codes(data: bytes) -> Iterator[bytes]:
    at = data.find(_START_CODE)
    while 0 <= at <= len(data) - 2 * _HEAD:
        yield data[at + _HEAD : at + 2 * _HEAD]
        at = data.find(_START_CODE, at + _HEAD)


def _in_header(header: bytes) -> Iterator[bytes]:
    """Yield the heads of the units in the header of a file with HEVC: arrays of them, each behind its length."""
    at = _HEVC_ARRAYS + 1
    for _ in range(header[_HEVC_ARRAYS] if len(header) > _HEVC_ARRAYS else 0):
        count, at = int.from_bytes(header[at + 1 : at + 3], "big"), at + 3
        for _ in range(count):
            start = at + 2
            if start + _HEAD > len(header):
                return
            yield header[start : start + _HEAD]
            at = start + int.from_bytes(header[at:start], "big")
