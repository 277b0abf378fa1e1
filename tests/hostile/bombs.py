"""Small files that ask for far more than they are worth."""

import io
import struct
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream
from PIL import Image

from tests.hostile.mutate import X264


def _ffmpeg(source: str, options: str, path: Path) -> None:
    words = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-threads",
        "1",
        "-f",
        "lavfi",
        "-i",
        source,
        *options.split(),
        str(path),
    ]
    subprocess.run(words, check=True, timeout=120, stderr=subprocess.DEVNULL)


def _declares_huge_pictures(path: Path) -> None:
    """A few bytes that announce pictures of 4 GB."""
    path.write_bytes(b"YUV4MPEG2 W30000 H30000 F4:1 Ip A1:1 C444\n" + b"FRAME\n" + bytes(4096))


def _huge_gif(path: Path) -> None:
    """A picture of 30000 x 30000 that is one colour."""
    screen = struct.pack("<HHBBB", 30_000, 30_000, 0x80, 0, 0) + bytes(6)
    buffer = io.BytesIO()
    Image.new("P", (2, 2)).save(buffer, "GIF")
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, 30_000, 30_000, 0) + b"\x02\x02\x4c\x01\x00"
    path.write_bytes(b"GIF89a" + screen + picture * 3 + b"\x3b")


def _large_pictures(path: Path) -> None:
    """Pictures of 16000 x 8000, 384 MB each when they are decoded."""
    _ffmpeg("color=size=16000x8000:rate=1:duration=3", "-c:v ffv1 -g 1 -threads 1 -pix_fmt yuv444p", path)


def _ribbon(size: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        _ffmpeg(f"color=size={size}:rate=4:duration=3,format=rgb24", "-c:v png", path)

    return make


def _absurd_header(mark: bytes, offset: int, value: bytes) -> Callable[[Path], None]:
    """An MP4 with other numbers at a place after a mark."""

    def make(path: Path) -> None:
        _ffmpeg("testsrc2=size=96x64:rate=4:duration=5", X264, path)
        data = bytearray(path.read_bytes())
        at = data.index(mark) + offset
        data[at : at + len(value)] = value
        path.write_bytes(data)

    return make


def _late_frames(path: Path) -> None:
    """Frames of which some are shown in 290 million years."""
    with av.open(str(path), "w", format="nut") as container:
        stream = container.add_stream("mjpeg", rate=4)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuvj420p"
        for number in range(12):
            (packet,) = stream.encode(av.VideoFrame(96, 64, "yuvj420p"))
            packet.time_base = Fraction(1)
            packet.pts = packet.dts = number if number < 6 else 2**53 + number
            container.mux(packet)


def _many_streams(path: Path) -> None:
    """A header that announces streams without end."""
    _ffmpeg("testsrc2=size=96x64:rate=4:duration=2", "-c:v mjpeg -pix_fmt yuvj420p", path)
    data = path.read_bytes()
    at = data.index(b"LIST", 12)
    size = struct.unpack("<I", data[at + 4 : at + 8])[0]
    stream = data[data.index(b"strl") - 8 :][
        : 8 + struct.unpack("<I", data[data.index(b"strl") - 4 : data.index(b"strl")])[0]
    ]
    path.write_bytes(data[: at + 8 + size] + stream * 3_000 + data[at + 8 + size :])


def _giant_cover(path: Path) -> None:
    """A cover of 16000 x 16000 beside a small video."""
    cover = path.with_suffix(".png")
    Image.new("1", (16_000, 16_000)).save(cover)
    plain = path.with_name("plain.mp4")
    _ffmpeg("testsrc2=size=96x64:rate=4:duration=5", X264, plain)
    words = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-i",
        str(plain),
        "-i",
        str(cover),
        "-map",
        "0",
        "-map",
        "1",
        "-c",
        "copy",
    ]
    subprocess.run([*words, "-disposition:v:1", "attached_pic", str(path)], check=True, timeout=120)
    cover.unlink()
    plain.unlink()


def _subtitle_bomb(path: Path) -> None:
    """A hundred thousand subtitles."""
    text = path.with_suffix(".srt")
    lines = (f"{n}\n00:00:00,{n % 999:03} --> 00:00:04,000\n{'x' * 200}\n\n" for n in range(100_000))
    text.write_text("".join(lines))
    plain = path.with_name("plain.mkv")
    _ffmpeg("testsrc2=size=96x64:rate=4:duration=5", X264, plain)
    words = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-i",
        str(plain),
        "-i",
        str(text),
        "-map",
        "0",
        "-map",
        "1",
        "-c",
        "copy",
        str(path),
    ]
    subprocess.run(words, check=True, timeout=120)
    text.unlink()
    plain.unlink()


BOMBS: dict[str, Callable[[Path], None]] = {
    "declared.y4m": _declares_huge_pictures,
    "huge.gif": _huge_gif,
    "heavy.mkv": _large_pictures,
    "one-high.mkv": _ribbon("30000x1"),
    "one-wide.mkv": _ribbon("1x30000"),
    "wide.mkv": _ribbon("16000x256"),
    "long.mp4": _absurd_header(b"mvhd", 20, b"\xff" * 3 + b"\xfe"),
    "slow-clock.mp4": _absurd_header(b"mdhd", 16, b"\x00\x00\x00\x01"),
    "fast-clock.mp4": _absurd_header(b"mdhd", 16, b"\x7f\xff\xff\xff"),
    "no-clock.mp4": _absurd_header(b"mdhd", 16, b"\x00\x00\x00\x00"),
    "samples.mp4": _absurd_header(b"stsz", 12, b"\x7f\xff\xff\xff"),
    "entries.mp4": _absurd_header(b"stts", 8, b"\xff\xff\xff\xff"),
    "late.mkv": _late_frames,
    "streams.avi": _many_streams,
    "cover.mp4": _giant_cover,
    "subtitles.mkv": _subtitle_bomb,
}
