"""Small videos of every container, and seeded ways to damage them."""

import random
import struct
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

SMALL, LARGE = "size=96x64:rate=4:duration=5", "size=1280x720:rate=4:duration=2"
X264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 8"
TONE = "-f lavfi -i sine=duration=2 -c:a aac"

RECIPES = {
    "h264.mp4": (SMALL, X264),
    "h264_sound.mp4": (SMALL, f"{TONE} {X264}"),
    "h264_large.mp4": (LARGE, f"{X264} -movflags faststart"),  # decord takes these
    "vp9_large.mkv": (LARGE, "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 100k"),
    "fragments.mp4": (SMALL, f"{X264} -movflags frag_keyframe+empty_moov"),
    "mpeg4.mp4": (SMALL, "-c:v mpeg4"),
    "av1.mp4": (SMALL, "-c:v libsvtav1 -preset 12 -pix_fmt yuv420p -svtav1-params lp=1"),
    "hevc.mov": (SMALL, "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none:pools=none"),
    "prores.mov": (SMALL, "-c:v prores_ks -profile:v 0"),
    "h264.mkv": (SMALL, X264),
    "ffv1.mkv": (SMALL, "-c:v ffv1"),
    "vp8.webm": (SMALL, "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 100k"),
    "vp9.webm": (SMALL, "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 100k"),
    "mjpeg.avi": (SMALL, "-c:v mjpeg -pix_fmt yuvj420p"),
    "xvid.avi": (SMALL, "-c:v mpeg4 -vtag xvid -bf 2"),
    "h264.ts": (SMALL, X264),
    "mpeg2.mpg": ("size=96x64:rate=25:duration=2", "-c:v mpeg2video"),
    "theora.ogv": (SMALL, "-c:v libtheora"),
    "flv1.flv": (SMALL, "-c:v flv"),
    "wmv2.wmv": (SMALL, "-c:v wmv2"),
    "h263.3gp": ("size=128x96:rate=4:duration=3", "-c:v h263"),
    "plain.gif": (SMALL, ""),
    "plain.y4m": ("size=96x64:rate=4:duration=2", "-pix_fmt yuv420p"),
    "mpeg2.mxf": ("size=96x64:rate=25:duration=1", "-c:v mpeg2video"),
}

Damage = Callable[[bytearray, random.Random], bytes]


def make_clips(folder: Path) -> dict[str, bytes]:
    """Encode one video of each kind and return their bytes by name."""
    for name, (source, options) in RECIPES.items():
        words = ["ffmpeg", "-v", "error", "-y", "-threads", "1", "-f", "lavfi", "-i", f"testsrc2={source}"]
        command = [*words, *options.split(), str(folder / name)]
        subprocess.run(command, check=True, timeout=120, stderr=subprocess.DEVNULL)
    return {name: (folder / name).read_bytes() for name in RECIPES}


def _place(data: bytes | bytearray, chance: random.Random) -> int:
    """Choose a position; headers matter most, so half of all lie near the start or the end."""
    edge = min(len(data), 1500)
    where = chance.random()
    if where < 0.35:
        return chance.randrange(edge)
    return len(data) - 1 - chance.randrange(edge) if where < 0.5 else chance.randrange(len(data))


def flip_bits(data: bytearray, chance: random.Random) -> bytes:
    """Turn over some bits."""
    for _ in range(chance.choice([1, 3, 30, 300])):
        data[_place(data, chance)] ^= 1 << chance.randrange(8)
    return bytes(data)


def truncate(data: bytearray, chance: random.Random) -> bytes:
    """Lose the end, or the start."""
    at = chance.randrange(1, len(data))
    return bytes(data[:at] if chance.random() < 0.7 else data[at:])


def swap_blocks(data: bytearray, chance: random.Random) -> bytes:
    """Exchange two stretches."""
    size = max(1, min(chance.choice([16, 512, 4096]), len(data) // 3))
    first, second = sorted(chance.sample(range(len(data) - size + 1), 2))
    one, other = bytes(data[first : first + size]), bytes(data[second : second + size])
    data[first : first + size], data[second : second + size] = other, one
    return bytes(data)


def change_field(data: bytearray, chance: random.Random) -> bytes:
    """Write numbers that parsers dislike where headers keep sizes, counts, rates and times."""
    hard = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFF, 0x8000, 30_000, 65_535, chance.getrandbits(32))
    for _ in range(chance.choice([1, 2, 8])):
        at, order = _place(data, chance), chance.choice("<>")
        kind, mask = chance.choice([("H", 0xFFFF), ("I", 0xFFFFFFFF), ("Q", 0xFFFFFFFFFFFFFFFF)])
        number = chance.choice(hard) * (0x100000001 if kind == "Q" else 1)
        field = struct.pack(order + kind, number & mask)
        data[at : at + len(field)] = field
    return bytes(data)


def change_sizes(data: bytearray, chance: random.Random) -> bytes:
    """Give boxes of MP4 and chunks of RIFF other lengths than they have, or other names."""
    marks: tuple[bytes, ...] = (b"moov", b"trak", b"stts", b"ctts", b"stsc", b"stsz", b"stco", b"stsd", b"tkhd")
    marks += (
        b"mdhd",
        b"mvhd",
        b"elst",
        b"avcC",
        b"mdat",
        b"moof",
        b"LIST",
        b"strh",
        b"strf",
        b"idx1",
        b"movi",
        b"avih",
    )
    places = [at for mark in marks if (at := data.find(mark)) >= 4]
    if not places:
        return change_field(data, chance)
    at = chance.choice(places)
    at += chance.choice([-4, 0, 4, 8, 12, 16, 20])
    data[at : at + 4] = struct.pack(
        ">I", chance.choice([0, 1, 7, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, chance.getrandbits(32)])
    )
    return bytes(data)


def fill(data: bytearray, chance: random.Random) -> bytes:
    """Overwrite a stretch with zeros, ones or noise."""
    at = _place(data, chance)
    size = chance.choice([4, 64, 2048])
    size = min(size, len(data) - at)
    data[at : at + size] = chance.choice([bytes(size), b"\xff" * size, chance.randbytes(size)])
    return bytes(data)


def repeat(data: bytearray, chance: random.Random) -> bytes:
    """Insert a stretch once more."""
    at = _place(data, chance)
    part = bytes(data[at : at + chance.choice([8, 188, 3000])])
    return bytes(data[:at]) + part * chance.choice([1, 2, 40]) + bytes(data[at:])


def garbage(data: bytearray, chance: random.Random) -> bytes:
    """Keep the head and go on with noise."""
    return bytes(data[: chance.choice([0, 8, 64, 1024])]) + chance.randbytes(chance.choice([100, 20_000]))


DAMAGES: tuple[Damage, ...] = (
    flip_bits, truncate, swap_blocks, change_field, change_field, change_sizes, fill, repeat, garbage
)  # fmt: skip


def mutated(clips: Mapping[str, bytes], number: int) -> tuple[str, bytes]:
    """Return the name and the bytes of the damaged file of this number; always the same."""
    chance = random.Random(number)
    names = list(clips)
    name = names[number % len(names)]
    data = clips[name]
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        data = chance.choice(DAMAGES)(bytearray(data), chance) or b"\0"
    if chance.random() < 0.08:  # recordings joined at the end, also of other kinds
        data += clips[chance.choice(names)]
    # Files of one content count as one video.
    return f"{number:05}-{chance.choice([name, name, name, chance.choice(names)])}", data + number.to_bytes(
        4, "big"
    )
