"""What a decoder offers: sampled frames with their real presentation times."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retake_core.media.video_info import Span, VideoInfo

TOLERANCE = 0.001
"""Seconds by which a frame may come early and still belong to a cell or span.

Containers round times, some to whole milliseconds, so the frame meant for 0.5 s may say 0.4995 s.
"""

LONGEST_SIDE = 8
"""How many times longer than the short side a frame's long side may be."""

SAME_TIME = 5e-7
"""Seconds that two times may differ and be the same frame's: times are kept to the microsecond."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame.

    Attributes:
        time: presentation time in seconds from the container's start.
        image: RGB, uint8, [height, width, 3], upright (rotation applied), square pixels, C-contiguous.
    """

    time: float
    image: NDArray[np.uint8]


class FrameReader(Protocol):
    """Reads one video file. All its frames have one size."""

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield frames in strict order of time, at most one for each cell of the sampling: its first.

        The cell of a frame is `sample_cell(time, rate)`, [k / rate, (k + 1) / rate) but for a tolerance. It
        depends on nothing before the frame, so a run that resumes at a cell's start gives the same frames.

        Args:
            rate: samples per second.
            spans: only frames inside these sorted, disjoint spans (see `in_span`); None is the whole video.

        Raises:
            MediaError: nothing could be decoded from the whole video. (Spans may be empty.)
        """
        ...

    def close(self) -> None:
        """Give back the file and the decoder's memory."""
        ...


class FrameSource(FrameReader, Protocol):
    """A decoder that holds one video file open."""

    info: VideoInfo

    def frame_at(self, time: float) -> Frame:
        """Return the frame on screen at `time`: the last that starts at or before it, else the first.

        Raises:
            MediaError: nothing could be decoded.
        """
        ...


def sample_cell(time: float, rate: float) -> int:
    """Return the number of the sampling cell that a frame at `time` seconds belongs to."""
    return math.floor((time + TOLERANCE) * rate)


def in_span(time: float, span: Span) -> bool:
    """Tell whether a frame at `time` belongs to a span, with the same tolerance as the cells have."""
    return span[0] <= time + TOLERANCE < span[1]


def spans_behind(spans: Sequence[Span] | None, time: float, rate: float) -> list[Span]:
    """Return what is left of spans behind the sampling cell of a frame.

    Args:
        spans: see `in_span`; None is the whole video.
        time: of the frame, in seconds.
        rate: samples per second.
    """
    behind = (sample_cell(time, rate) + 1) / rate
    whole = [(0.0, math.inf)] if spans is None else spans
    return [(max(start, behind), end) for start, end in whole if end > behind]


def first_of_each(frames: Iterator[Frame], times: Sequence[float], cell: float) -> Iterator[tuple[float, Frame]]:
    """Yield each of these times with the first frame from there on, where one comes within `cell` seconds."""
    number = 0
    for frame in frames:
        while number < len(times) and times[number] + cell <= frame.time:
            number += 1
        if number < len(times) and frame.time + TOLERANCE >= times[number]:
            yield times[number], frame
            number += 1


def output_size(info: VideoInfo, short_side: int) -> tuple[int, int]:
    """Return (width, height) in pixels of upright frames whose short side is `short_side`, never enlarged.

    Of a ribbon, the long side is held to that of a picture eight times as long as it is wide.
    """
    scale = min(
        1.0, short_side / min(info.width, info.height), LONGEST_SIDE * short_side / max(info.width, info.height)
    )
    return max(1, round(info.width * scale)), max(1, round(info.height * scale))
