"""MPEG-2 whose every picture is one field, as broadcasters write it; FFmpeg itself writes frames only."""

import re
from pathlib import Path

from tests.contract.clips import ffmpeg

_HEIGHT = 240  # of the frames
PICTURE_START, _SEQUENCE, _EXTENSION = b"\x00\x00\x01\x00", b"\x00\x00\x01\xb3", b"\x00\x00\x01\xb5"
_RATE = 3  # the code of 25 frames per second
_SEQUENCE_KIND, _CODING_KIND = 1, 8  # of extensions


def make_field_pictures(options: str, path: Path) -> None:
    """Make a video of intra-coded field pictures, the upper field first.

    An intra picture of a field has the very macroblocks of a frame of half the height: only the headers differ.

    Args:
        options: for FFmpeg, with a graph at their end that makes interlaced frames of 240 lines, 25 per second.
        path: the suffix chooses the container.
    """
    fields = path.with_suffix(".fields.m2v")
    ffmpeg(f"{options},separatefields -c:v mpeg2video -q:v 4 -g 1 -bf 0 -r 50", fields)
    parts = re.split(f"(?={re.escape(_SEQUENCE.decode('latin1'))})", fields.read_bytes().decode("latin1"))
    pictures = [part.encode("latin1") for part in parts if part]
    stream = path.with_suffix(".frames.m2v")
    stream.write_bytes(b"".join(_as_field(picture, number % 2) for number, picture in enumerate(pictures)))
    ffmpeg(f"-i {stream} -c copy -bsf:v setts=ts=N/25/TB", path)
    fields.unlink()
    stream.unlink()


def _as_field(picture: bytes, second: int) -> bytes:
    data = bytearray(picture)
    data[5] = data[5] & 0xF0 | _HEIGHT >> 8
    data[6] = _HEIGHT & 0xFF
    data[7] = data[7] & 0xF0 | _RATE
    at = data.find(_EXTENSION)
    while at >= 0:
        if data[at + 4] >> 4 == _SEQUENCE_KIND:
            data[at + 5] &= ~0x08  # not progressive
        elif data[at + 4] >> 4 == _CODING_KIND:
            data[at + 6] = data[at + 6] & ~0x03 | (2 if second else 1)  # which field it is
            data[at + 7] &= ~0xC1  # nothing of frames, nor the chroma of one
            data[at + 8] &= ~0x80  # no progressive frame
        at = data.find(_EXTENSION, at + 4)
    return bytes(data[data.index(PICTURE_START) :] if second else data)
