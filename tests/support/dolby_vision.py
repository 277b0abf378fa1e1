"""Recordings that say of themselves that they are of Dolby Vision, as no encoder here writes them."""

from pathlib import Path

from tests.contract.clips import ffmpeg

_PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
_LEVEL, _LAYERS = 6, 0b101  # with data and base layer, without enhancement layer
_PACKET = 188  # bytes
_HEVC = (
    "-f lavfi -i smptebars=s=320x180:r=5:d=3 -pix_fmt yuv420p10le -c:v libx265 -preset ultrafast"
    " -x265-params log-level=error:pools=none:frame-threads=1"
)


def write_mp4(path: Path, profile: int, compatibility: int) -> Path:
    """Make a recording with the record of a profile, and of what its base layer is compatible with."""
    ffmpeg(f"{_HEVC} -tag:v hvc1", path)
    data = bytearray(path.read_bytes())
    name = b"dvcC" if profile <= 7 else b"dvvC"
    flags = profile << 9 | _LEVEL << 3 | _LAYERS
    record = b"\1\0" + flags.to_bytes(2, "big") + bytes([compatibility << 4]) + bytes(19)
    entry = data.rindex(b"hvc1") - 4
    end = entry + int.from_bytes(data[entry : entry + 4], "big")
    data[end:end] = (8 + len(record)).to_bytes(4, "big") + name + record
    for at in (*(data.rindex(parent) - 4 for parent in _PARENTS), entry):
        data[at : at + 4] = (int.from_bytes(data[at : at + 4], "big") + 8 + len(record)).to_bytes(4, "big")
    path.write_bytes(data)
    return path


def write_ts(path: Path, profile: int, compatibility: int) -> Path:
    """Make a transport stream whose programme map says the same."""
    ffmpeg(f"{_HEVC} -tag:v hvc1", path)
    data = path.read_bytes()
    flags = profile << 9 | _LEVEL << 3 | _LAYERS
    told = b"\x05\x04DOVI\xb0\x05\x01\0" + flags.to_bytes(2, "big") + bytes([compatibility << 4])
    packets = [data[at : at + _PACKET] for at in range(0, len(data), _PACKET)]
    path.write_bytes(
        b"".join(_with_descriptors(packet, told) if _is_map(packet) else packet for packet in packets)
    )
    return path


def _is_map(packet: bytes) -> bool:
    """Tell whether a packet holds the programme map, without an adaptation field before it."""
    return packet[1] & 0x40 != 0 and packet[3] & 0x30 == 0x10 and packet[4:6] == b"\0\2"


def _with_descriptors(packet: bytes, told: bytes) -> bytes:
    """Add descriptors to the only stream of a programme map."""
    length = int.from_bytes(packet[6:8], "big") & 0xFFF
    section = bytearray(packet[5 : 8 + length - 4])
    at = 12 + (int.from_bytes(section[10:12], "big") & 0xFFF) + 3
    described = (int.from_bytes(section[at : at + 2], "big") & 0xFFF) + len(told)
    section[at : at + 2] = (0xF000 | described).to_bytes(2, "big")
    section += told
    section[1:3] = (0xB000 | (length + len(told))).to_bytes(2, "big")
    whole = packet[:5] + section + _checksum(section).to_bytes(4, "big")
    return whole.ljust(_PACKET, b"\xff")


def _checksum(section: bytes | bytearray) -> int:
    """Return the CRC-32 of MPEG-2, which no module of Python has."""
    value = 0xFFFFFFFF
    for byte in section:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value >> 31 else 0)) & 0xFFFFFFFF
    return value
