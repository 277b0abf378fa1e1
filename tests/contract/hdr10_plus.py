"""Recordings with HDR10+ metadata: usual encoders are built without it, so it is put into the stream of one."""

import re
from pathlib import Path

from tests.contract.clips import ffmpeg

_START = b"\x00\x00\x01"
_SEI, _REGISTERED = b"\x4e\x01", 4  # the kind of unit before a picture, and of its payload
_WHO = b"\xb5\x00\x3c\x00\x01\x04\x01"  # SMPTE ST 2094-40
_BRIGHTEST, _MEAN, _SHARES = 9000, 1000, ((1, 10), (50, 400), (99, 9000))
_LAST_SLICE = 31  # higher kinds of units are no pictures


def add_hdr10_plus(source: Path, path: Path) -> None:
    """Copy a recording in HEVC with what HDR10+ says of each picture."""
    raw, dynamic = path.with_suffix(".raw.hevc"), path.with_suffix(".plus.hevc")
    ffmpeg(f"-i {source} -c copy -bsf:v hevc_mp4toannexb", raw)
    units = re.split(b"\x00\x00\x00?\x01", raw.read_bytes())[1:]
    parts = []
    for unit in units:
        begins_picture = unit[0] >> 1 & 0x3F <= _LAST_SLICE and unit[2] & 0x80
        parts += [_message(), unit] if begins_picture else [unit]
    dynamic.write_bytes(b"".join(_START + part for part in parts))
    ffmpeg(f"-r 5 -i {dynamic} -c copy", path)
    raw.unlink()
    dynamic.unlink()


def _message() -> bytes:
    fields = [(1, 2), (400, 27), (0, 1), *[(_BRIGHTEST, 17)] * 3, (_MEAN, 17), (len(_SHARES), 4)]
    fields += [field for share, value in _SHARES for field in ((share, 7), (value, 17))]
    fields += [(0, 10), (0, 1), (0, 1), (0, 1)]
    bits = "".join(f"{value:0{width}b}" for value, width in fields)
    bits += "0" * (-len(bits) % 8)
    payload = _WHO + int(bits, 2).to_bytes(len(bits) // 8, "big")
    body = bytes([_REGISTERED, len(payload)]) + payload + b"\x80"
    # Three bytes in a row that look like the start of a unit are told apart by another one.
    return _SEI + re.sub(b"\x00\x00([\x00-\x03])", b"\x00\x00\x03\\1", body)
