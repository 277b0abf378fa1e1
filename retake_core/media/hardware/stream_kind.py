"""Kinds of streams of which a device decodes all rightly, or none."""

from pathlib import Path

from retake_core.media.ffmpeg.container import has_hidden_alpha, open_container, video_stream

LEAST_PIXELS = 1280 * 720
"""Of a picture; smaller ones are decoded faster than they are used."""

_CODECS = frozenset({"h264", "hevc", "vp9"})  # PyAV opens AV1 with a decoder that knows no devices
_SIZES = ((1280, "720p"), (2048, "1080p"), (4096, "2160p"))  # pixels of the longer side
_LARGEST = "4320p"


def stream_kind(path: Path) -> str | None:
    """Return the kind of a file's video: codec, profile, layout of pixels (so bit depth, too), and class of size.

    Returns:
        Such as "h264 High yuv420p 1080p"; None where no device is worth trying.

    Raises:
        MediaError: the file cannot be opened, or has no video.
    """
    with open_container(path) as container:
        stream = video_stream(container)
        coded = stream.codec_context
        codec, pixels = stream.codec.canonical_name, coded.format
        if codec not in _CODECS or pixels is None or has_hidden_alpha(stream):
            return None
        if coded.width * coded.height < LEAST_PIXELS:
            return None
        longer = max(coded.width, coded.height)
        size = next((name for most, name in _SIZES if longer <= most), _LARGEST)
        return f"{codec} {coded.profile or 'unknown'} {pixels.name} {size}"
