"""What a decoder offers: sampled frames with their real presentation times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retake_core.media.probe import VideoInfo

Span = tuple[float, float]
"""A stretch of a video, [start, end) in seconds from the container's start."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame.

    Attributes:
        time: presentation time in seconds from the container's start.
        image: RGB, uint8, [height, width, 3], upright (rotation applied), square pixels, C-contiguous.
    """

    time: float
    image: NDArray[np.uint8]


class FrameSource(Protocol):
    """A decoder that holds one video file open."""

    info: VideoInfo

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield frames in order of time, at most one for each cell [k / rate, (k + 1) / rate): its first.

        Args:
            rate: samples per second.
            spans: only frames inside these sorted, disjoint spans; None is the whole video.

        Raises:
            MediaError: nothing could be decoded.
        """
        ...

    def frame_at(self, time: float) -> Frame:
        """Return the frame on screen at `time`: the last that starts at or before it, else the first.

        Raises:
            MediaError: nothing could be decoded.
        """
        ...

    def close(self) -> None:
        """Give back the file and the decoder's memory."""
        ...
