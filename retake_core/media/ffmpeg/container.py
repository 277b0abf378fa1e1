"""Opening a video file with PyAV, and the one clock that all times in this package are read from."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.codec import CodecContext
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from retake_core.errors import MediaError

LATEST = 1e9
"""Seconds: no recording is so long, so what says more is damaged, or means harm."""

_WITH_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
_NOT_VIDEO = frozenset({"tty", "hls", "dash", "concat", "image2", "sdp"})
_VIDEO_SIGNATURES = (
    (4, b"ftyp"),
    (4, b"moov"),
    (4, b"mdat"),
    (0, b"\x1a\x45\xdf\xa3"),  # Matroska
    (0, b"RIFF"),
    (0, b"FLV"),
    (0, b"GIF8"),
    (0, b"OggS"),
    (0, b"YUV4MPEG2"),
    (0, b"\x00\x00\x01\xba"),  # MPEG programme stream
    (0, b"\x30\x26\xb2\x75"),  # ASF
)


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns a stream's ticks into seconds from the container's start.

    The container's start is the earliest presentation time of its streams, which players show as 0:00. Edit
    lists are already applied to ticks and start by the demuxer.
    """

    time_base: Fraction
    start: float

    def seconds(self, ticks: int) -> float:
        """Return the time of `ticks` in seconds, to the microsecond: the start is no more exact than that."""
        seconds = ticks * self.time_base.numerator / self.time_base.denominator - self.start
        return round(seconds, 6) + 0.0  # no negative zero

    def time(self, ticks: int | None) -> float | None:
        """Return the time of `ticks` in seconds; None where there is none that a recording could have."""
        seconds = None if ticks is None else self.seconds(ticks)
        return seconds if seconds is not None and abs(seconds) <= LATEST else None

    def ticks(self, seconds: float) -> int:
        """Return the last tick at or before `seconds`."""
        return int((seconds + self.start) / self.time_base)


def open_container(path: Path, accelerator: HWAccel | None = None) -> InputContainer:
    """Open a local video file for reading, to be decoded by the processor or an accelerator.

    Raises:
        MediaError: it cannot be read, or holds nothing that FFmpeg knows.
    """
    _check_file(path)
    try:
        # "file:" keeps a colon in a name from being read as a protocol; the list keeps playlists off the net.
        container = av.open(
            f"file:{path.absolute()}",
            metadata_errors="replace",
            container_options={"protocol_whitelist": "file"},
            hwaccel=accelerator,
        )
    except MemoryError:
        raise  # FFmpeg's own is an FFmpegError, too
    except (FFmpegError, ValueError, OSError) as error:
        raise MediaError(_explain_open(path, error)) from error
    names = set(container.format.name.split(","))
    if names & _NOT_VIDEO or container.format.name.endswith("_pipe"):
        container.close()
        raise MediaError("It is not a video.")
    return container


def video_stream(container: InputContainer) -> VideoStream:
    """Return the stream that a player would show: FFmpeg's best one, never cover art.

    Raises:
        MediaError: there is none, or no decoder for it.
    """
    moving = [stream for stream in container.streams.video if not _is_picture(stream)]
    if not moving:
        sound = bool(container.streams.audio)
        raise MediaError("It has no video, only sound." if sound else "It has no video.")
    best = container.streams.best("video")
    stream = best if isinstance(best, VideoStream) and best in moving else moving[0]
    if stream.codec_context is None:
        raise MediaError("Its video format is not supported.")
    return stream


def decoder_of(stream: VideoStream) -> VideoCodecContext:
    """Return a decoder for a video stream: FFmpeg's own ones of VP8 and VP9 leave out what shows through."""
    if not has_hidden_alpha(stream):
        return stream.codec_context
    return cast(VideoCodecContext, CodecContext.create(_WITH_ALPHA[stream.codec.canonical_name], "r"))


def has_hidden_alpha(stream: VideoStream) -> bool:
    """Return whether a stream is transparent although the format of its pictures does not say so."""
    name = stream.codec.canonical_name
    return name in _WITH_ALPHA and tags_of(stream.metadata).get("alpha_mode") == "1"


def tags_of(metadata: Mapping[str, str]) -> dict[str, str]:
    """Return tags by their names in lower case: Matroska writes capitals."""
    return {key.lower(): str(value) for key, value in metadata.items()}


def clock_of(container: InputContainer, stream: VideoStream | AudioStream) -> Clock:
    """Return the clock of a stream."""
    time_base = stream.time_base or Fraction(1, 1_000_000)
    if container.start_time is not None:
        start = container.start_time / 1_000_000
    else:
        start = float((stream.start_time or 0) * time_base)
    # Some recorders count from 1970 on: the start itself may be late.
    return Clock(time_base, start if abs(start) <= 10 * LATEST else 0.0)


def _is_picture(stream: VideoStream) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def _check_file(path: Path) -> None:
    try:
        if not path.exists():
            raise MediaError("The file does not exist.")
        if not path.is_file():
            raise MediaError("It is not a file.")
        if path.stat().st_size == 0:
            raise MediaError("The file is empty.")
    except OSError as error:
        raise MediaError(_explain_os(error)) from error


def _explain_open(path: Path, error: Exception) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as os_error:
        return _explain_os(os_error)
    if any(head[at : at + len(mark)] == mark for at, mark in _VIDEO_SIGNATURES):
        return "The file is damaged or incomplete."
    if isinstance(error, OSError):
        return _explain_os(error)
    return "It is not a video, or it is too damaged to open."


def _explain_os(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "You have no permission to read it."
    if isinstance(error, FileNotFoundError):
        return "The file does not exist."
    return f"The file cannot be read: {(error.strerror or 'unknown error').lower()}."
