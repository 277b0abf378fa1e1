"""Telling by its first bytes whether a file is a video, where its name does not tell."""

from pathlib import Path

_HEAD = 4096
_FURTHER = 64 << 10  # a recording may begin in the middle of a packet
_MARKS = (
    (4, (b"ftyp", b"moov", b"mdat", b"wide", b"pnot")),
    (0, (b"\x1a\x45\xdf\xa3", b"FLV\x01", b"OggS", b"\x30\x26\xb2\x75", b"\x06\x0e\x2b\x34", b"DHAV")),
    (0, (b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")),  # MPEG programme and picture streams
    (8, (b"AVI ",)),
)
_SYNC = 0x47  # begins every packet of a transport stream
_PACKETS = (188, 192, 204)  # bytes
_IN_A_ROW = 4


def is_video(path: Path) -> bool:
    """Return whether a file begins as a container of video does.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if any(head[at : at + len(mark)] == mark for at, marks in _MARKS for mark in marks):
            return True
        return _is_transport_stream(head) or _is_transport_stream(head + file.read(_FURTHER))


def _is_transport_stream(data: bytes) -> bool:
    """Return whether packets follow each other somewhere in some bytes."""
    first = data.find(_SYNC)
    while first >= 0:
        for length in _PACKETS:
            places = range(first, first + length * _IN_A_ROW, length)
            if places[-1] < len(data) and all(data[place] == _SYNC for place in places):
                return True
        first = data.find(_SYNC, first + 1)
    return False
