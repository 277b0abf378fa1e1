"""The one video encoder of this package, and how many threads it takes."""

import os
from fractions import Fraction

from av.container import OutputContainer
from av.video.stream import VideoStream

TICK = Fraction(1, 1_000_000)
_SLOWEST, _FASTEST = 1, 240  # frames per second; a damaged header may say anything
_USUAL = Fraction(25)


def add_h264(
    container: OutputContainer,
    frame_rate: float,
    size: tuple[int, int],
    options: dict[str, str],
    *,
    pixels: str = "yuv420p",
    time_base: Fraction = TICK,
) -> VideoStream:
    """Add a stream of H.264 to a container; frames may come at any times.

    Args:
        container: that is written.
        frame_rate: frames per second, as the file says; 0 when unknown.
        size: width and height in pixels, both even.
        options: of libx264.
        pixels: FFmpeg's name of their format.
        time_base: seconds of a tick of the frames' times.
    """
    rate = Fraction(frame_rate).limit_denominator(1001) if _SLOWEST <= frame_rate <= _FASTEST else _USUAL
    stream = container.add_stream("libx264", rate=rate, options=options)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size
    stream.pix_fmt = pixels
    stream.codec_context.thread_count = encoding_threads()
    stream.time_base = stream.codec_context.time_base = time_base
    return stream


def encoding_threads() -> int:
    """Return how many threads may encode: half of the processors."""
    return max(1, (os.cpu_count() or 2) // 2)
