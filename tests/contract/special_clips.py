"""Videos whose truth is less plain: cut, late, turned, joined, irregular."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from tests.contract.barcode import draw
from tests.contract.clips import (
    BUILDERS,
    COUNT,
    RATE,
    TONE,
    VP9,
    X264,
    Builder,
    Clip,
    Frames,
    Recipe,
    ffmpeg,
    regular,
)

_TURN = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
_IRREGULAR = tuple(round(n * 0.04 + 0.3 * (n // 10) + 1.7 * (n // 30) + 0.01 * (n % 3), 3) for n in range(COUNT))


def _turned(degrees: int) -> Builder:
    def build(folder: Path) -> Clip:
        wide = degrees == 180
        width, height = (128, 96) if wide else (96, 128)
        turns = degrees // 90
        pictures = [np.ascontiguousarray(np.rot90(draw(n, width, height), turns)) for n in range(COUNT)]
        path = folder / f"turned_{degrees}.mp4"
        ffmpeg(
            f"-f rawvideo -pix_fmt rgb24 -s 128x96 -r {RATE} -i pipe:0 {X264}",
            path,
            stdin=b"".join(picture.tobytes() for picture in pictures),
        )
        _set_matrix(path, _TURN[degrees])
        return Clip(path, regular(), width, height, rotation=degrees)

    return build


def _set_matrix(path: Path, turn: tuple[int, int, int, int]) -> None:
    """Write a display matrix into the first track header of an MP4 file."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    a, b, c, d = (value << 16 for value in turn)
    matrix = (a, b, 0, c, d, 0, 0, 0, 1 << 30)
    data[at : at + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in matrix)
    path.write_bytes(data)


def _at_times(name: str, codec: str, options: dict[str, str], times: Sequence[float]) -> Builder:
    """Encode frames at irregular times, in a stream that counts milliseconds."""

    def build(folder: Path) -> Clip:
        path = folder / name
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=RATE, options=options)
            assert isinstance(stream, VideoStream)
            stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
            stream.codec_context.time_base = Fraction(1, 1000)
            for number, time in enumerate(times):
                picture = av.VideoFrame.from_ndarray(draw(number, 128, 96), format="rgb24")
                picture.pts, picture.time_base = round(time * 1000), Fraction(1, 1000)
                container.mux(stream.encode(picture))
            container.mux(stream.encode(None))
        return Clip(path, tuple((time, number) for number, time in enumerate(times)))

    return build


def _changed(name: str, base: str, options: str, frames: Frames | None = None) -> Builder:
    """Make a clip from another with ffmpeg; IN in the options stands for its path."""

    def build(folder: Path) -> Clip:
        clip = BUILDERS[base](folder)
        path = folder / name
        ffmpeg(options, path, source=clip.path)
        return replace(clip, path=path, frames=frames or clip.frames)

    return build


def _renamed(name: str, base: str) -> Builder:
    def build(folder: Path) -> Clip:
        clip = BUILDERS[base](folder)
        return replace(clip, path=clip.path.rename(folder / name))

    return build


def _with_cover(name: str, offset: float = 0.0) -> Builder:
    """Add cover art to a clip; in Matroska, the silence that AAC begins with comes before the video."""

    def build(folder: Path) -> Clip:
        clip = BUILDERS["h264_sound.mp4"](folder)
        path = folder / name
        cover = "-c:v:1 mjpeg -disposition:v:1 attached_pic"
        inputs = "-i IN -f lavfi -i testsrc=s=600x600:d=0.04 -map 0 -map 1:v"
        ffmpeg(f"{inputs} -c copy {cover}", path, source=clip.path)
        return replace(clip, path=path, frames=regular(offset=offset))

    return build


def _resized(folder: Path) -> Clip:
    """One VP9 stream whose size changes, as browsers record calls."""
    parts = [
        Recipe(f"part{n}.webm", VP9, width=width, height=height, count=25).encode(folder)
        for n, (width, height) in enumerate(((128, 96), (192, 144)))
    ]
    playlist = folder / "parts.txt"
    playlist.write_text("".join(f"file '{part}'\n" for part in parts))
    path = folder / "vp9_resized.webm"
    ffmpeg("-f concat -safe 0 -i IN -c copy", path, source=playlist)
    again = tuple((time + 1.0, number) for time, number in regular(25))
    return Clip(path, regular(25) + again)


_X264_OPTIONS = {"preset": "veryfast", "bf": "2", "g": "20", "threads": "1"}
_LONG = tuple(float(n) for n in range(100))

BUILDERS |= {
    "turned_90.mp4": _turned(90),
    "turned_180.mp4": _turned(180),
    "turned_270.mp4": _turned(270),
    "irregular.mp4": _at_times("irregular.mp4", "libx264", _X264_OPTIONS, _IRREGULAR),
    "irregular.mkv": _at_times("irregular.mkv", "libx264", _X264_OPTIONS, _IRREGULAR),
    "irregular.webm": _at_times("irregular.webm", "libvpx-vp9", {"deadline": "realtime", "g": "20"}, _IRREGULAR),
    "long.mp4": _at_times("long.mp4", "libx264", _X264_OPTIONS, _LONG),
    "long.mkv": _at_times("long.mkv", "libx264", _X264_OPTIONS, _LONG),
    "long_no_index.mkv": _changed("long_no_index.mkv", "long.mkv", "-i IN -c copy -live 1"),
    "long.ts": _changed("long.ts", "long.mkv", "-i IN -c copy -muxdelay 0"),
    "cut.mp4": _changed("cut.mp4", "h264.mp4", "-ss 1.52 -i IN -c copy", regular(37, 38)),
    "cut_open_group.mp4": _changed(
        "cut_open_group.mp4", "h264_open_group.mp4", "-ss 1.52 -i IN -c copy", regular(37, 38)
    ),
    "late_video.mp4": _changed(
        "late_video.mp4",
        "h264.mp4",
        f"{TONE} -itsoffset 0.8 -i IN -c:v copy -c:a aac",
        regular(offset=0.8),
    ),
    "late_video.mkv": _changed(
        "late_video.mkv",
        "h264.mp4",
        f"{TONE} -itsoffset 0.8 -i IN -c:v copy -c:a pcm_s16le",
        regular(offset=0.8),
    ),
    "late_start.ts": _changed("late_start.ts", "h264.mp4", "-i IN -c copy -output_ts_offset 10"),
    "late_start.mkv": _changed("late_start.mkv", "h264.mp4", "-i IN -c copy -output_ts_offset 3"),
    "cover.mp4": _with_cover("cover.mp4"),
    "cover.mkv": _with_cover("cover.mkv", offset=0.023),
    "mp4.avi": _renamed("mp4.avi", "h264_sound.mp4"),
    "mkv.mp4": _renamed("mkv.mp4", "h264.mkv"),
    "vp9_resized.webm": _resized,
}

ALL = tuple(BUILDERS)
