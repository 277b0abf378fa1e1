"""Dolby Vision that only its own screens can show: its pictures have no colours that any other decoder knows.

What a recording tells of it stands in a record of its container, which PyAV does not hand on. Most have a base
layer of HLG, PQ or BT.709, which is shown as any other recording.
"""

import os
import re
from pathlib import Path

from av.container import InputContainer
from av.video.stream import VideoStream

_CODECS = frozenset({"hevc", "av1"})  # that it is made with
_HEAD = 4 * 1024 * 1024  # bytes at the beginning, in which Matroska and transport streams tell of their tracks
_LONGEST_INDEX = 64 * 1024 * 1024  # bytes
_RECORD = re.compile(
    rb"(?:\0\0\0\x20(?:dvcC|dvvC|dvwC)"  # MP4: a box of 32 bytes
    rb"|(?:dvcC|dvvC|dvwC)\x41\xed(?:\x98|\x01\0{6}\x18)"  # Matroska: the extra data of a block addition
    rb"|DOVI.{0,64}?\xb0[\x05-\x07])"  # transport stream: a descriptor, some way behind the registration
    rb"(\x01.{4})",
    re.DOTALL,
)
_TAGS = frozenset({"dvh1", "dvhe"})  # of streams in MP4 that other players are to leave alone
_ALONE = 5  # the profile without a base layer for others
_LAYERED = frozenset({10, 20})  # profiles whose base layer is for others only where its compatibility says so


def is_dolby_vision_alone(path: Path, container: InputContainer, stream: VideoStream) -> bool:
    """Return whether a recording's colours can be shown right by Dolby Vision's own screens only.

    Args:
        path: the file.
        container: of it, open.
        stream: its video.
    """
    if stream.codec.canonical_name not in _CODECS:
        return False
    told = _RECORD.search(_headers(path, is_mp4="mov" in container.format.name.split(",")))
    if told is not None:
        profile, compatibility = told[1][2] >> 1, told[1][4] >> 4
        return profile == _ALONE or (profile in _LAYERED and compatibility == 0)
    return stream.codec_context.codec_tag in _TAGS


def _headers(path: Path, *, is_mp4: bool) -> bytes:
    """Return the part of a file that tells of its streams."""
    with path.open("rb") as file:
        if not is_mp4:
            return file.read(_HEAD)
        while len(head := file.read(8)) == 8:
            size, kind = int.from_bytes(head[:4], "big"), head[4:]
            length = int.from_bytes(file.read(8), "big") - 16 if size == 1 else size - 8
            if kind == b"moov":
                return file.read(_LONGEST_INDEX if size == 0 else min(max(length, 0), _LONGEST_INDEX))
            if length < 0:
                break
            file.seek(length, os.SEEK_CUR)
    return b""
