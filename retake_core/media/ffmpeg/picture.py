"""From a decoded picture to the upright RGB image that everything else works on."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from retake_core.media.ffmpeg.colour import is_beyond_screens, is_transparent, tone_mapped, tone_mapped_quickly
from retake_core.media.ffmpeg.container import Clock
from retake_core.media.ffmpeg.fields import deinterlaced
from retake_core.media.ffmpeg.probe import quarter_turns
from retake_core.media.frames import TOLERANCE, Frame, output_size
from retake_core.media.video_info import VideoInfo

_SLOWEST = 0.01
"""Frames per second: a damaged header may say less, and steps of such length would lead anywhere."""

_DARK, _BRIGHT = 32, 223
"""Grounds for transparent pictures."""

Picture = tuple[float, VideoFrame]
"""The time of a decoded picture in seconds from the container's start, and the picture as it was coded."""


class PictureConverter:
    """Scales pictures to one size, turns them upright and makes them RGB.

    Args:
        info: of the video, for the size.
        short_side: pixels of the result's shorter side, unless the video is smaller.
        quick: whether high dynamic range may come out a few levels off, in a sixth of the time.
    """

    def __init__(self, info: VideoInfo, short_side: int, *, quick: bool = False) -> None:
        self._tone_mapped = tone_mapped_quickly if quick else tone_mapped
        self._width, self._height = output_size(info, short_side)
        self._reformatter = VideoReformatter()

    def frame(self, picture: Picture) -> Frame | None:
        """Return the converted picture, or None when it is too damaged for that."""
        time, coded = picture
        turns = quarter_turns(coded)
        width, height = (self._height, self._width) if turns % 2 else (self._width, self._height)
        try:
            image = self._shown(deinterlaced(coded), width, height)
        except (FFmpegError, ValueError):
            return None
        return Frame(time, np.ascontiguousarray(np.rot90(image, turns)))

    def _shown(self, coded: VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
        """Return what a screen shows of a picture at a size: uint8 [height, width, 3]."""
        if is_beyond_screens(coded):
            signal = self._scaled(coded, width, height, "rgb48le")
            return self._tone_mapped(signal.astype(np.uint16, copy=False), coded.color_trc)
        if is_transparent(coded):
            return on_ground(self._scaled(coded, width, height, "rgba").astype(np.uint8, copy=False))
        return self._scaled(coded, width, height, "rgb24").astype(np.uint8, copy=False)

    def _scaled(self, coded: VideoFrame, width: int, height: int, pixels: str) -> NDArray[Any]:
        scaled = self._reformatter.reformat(coded, width, height, pixels, threads=1)
        image: Any = scaled.to_ndarray()
        return np.asarray(image)


def on_ground(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture on a ground against which it stands out: dark for what is bright, bright for what is dark.

    Args:
        image: RGBA. [height, width, 4]
    """
    cover = image[..., 3:].astype(np.float32) / 255
    if cover.min() == 1:
        return image[..., :3]
    drawn = float((image[..., :3].mean(axis=-1, keepdims=True) * cover).sum() / max(float(cover.sum()), 1e-6))
    ground = _DARK if drawn > 127 else _BRIGHT
    return np.round(image[..., :3] * cover + ground * (1 - cover)).astype(np.uint8)


class PictureTimer:
    """Finds the time of decoded pictures, also of those that have none.

    Args:
        clock: of the stream.
        frame_rate: frames per second; 0 when unknown.
        by_decoding: whether decoding times tell when a picture is shown, and presentation times do not.
    """

    def __init__(self, clock: Clock, frame_rate: float, by_decoding: bool = False) -> None:
        self._clock = clock
        self._by_decoding = by_decoding
        self._step = 1.0 / (frame_rate if frame_rate >= _SLOWEST else 25.0)
        self._last = -self._step

    def restart(self) -> None:
        """Forget the time of the last picture."""
        self._last = -self._step

    def skip(self) -> None:
        """Pass over a picture that was not decoded."""
        self._last += self._step

    def picture(self, coded: VideoFrame) -> Picture:
        """Return the picture with its own time; with none, it comes one step after the last."""
        time = self._clock.time(coded.dts if self._by_decoding or coded.pts is None else coded.pts)
        self._last = self._last + self._step if time is None else time
        return self._last, coded


def forward_only(pictures: Iterator[Picture]) -> Iterator[Picture]:
    """Drop pictures whose time does not move forward, and those before the start, which an edit list hides.

    A picture is held until the next one is known: where time falls back, it may be this one that jumped ahead
    (a damaged time stamp), and then it is dropped rather than everything after it.
    """
    last = -TOLERANCE
    held: Picture | None = None
    for time, coded in pictures:
        if time <= last or (held is not None and time == held[0]):
            continue
        if held is not None and held[0] < time:
            yield held
            last = held[0]
        held = (time, coded)
    if held is not None:
        yield held
