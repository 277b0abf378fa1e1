"""The decoders there are: a file each in this package, and a name and a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from retake_core.media.decoders.decord import DecordSource
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.frames import FrameSource
from retake_core.media.video_info import VideoInfo

DecoderName = Literal["auto", "decord", "pyav", "hardware"]

AUTO: Final = "auto"
"""The best decoder for a file, and another from where that one fails."""

SAFE: Final = "pyav"
"""The decoder that reads everything and never hangs: the one to try after a process has died or hung."""

HARDWARE: Final = "hardware"
"""A graphics device: no line below, since a task says whether one may be used, and which."""

IN_TURN: Final[tuple[DecoderName, ...]] = (AUTO, SAFE)
"""What is tried of a file whose decoding ends a process."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """A decoding library behind `FrameSource`.

    Attributes:
        name: of the library.
        open: opens a file, given its path, the pixels of the frames' shorter side, and threads of the codec;
            raises MediaError for one that the library does not read rightly.
        least_pixels: of a picture; the decoder is not worth it for smaller ones.
        skips: whether it leaves out what no sampled frame needs; one that does not is not worth it for videos in
            which there is such.
    """

    name: DecoderName
    open: Callable[[Path, int, int], FrameSource]
    least_pixels: int = 0
    skips: bool = True

    def is_worth(self, info: VideoInfo) -> bool:
        """Return whether it is for a video."""
        return info.width * info.height >= self.least_pixels and (self.skips or not info.has_spare_pictures)


DECODERS: tuple[Decoder, ...] = (
    # Smaller pictures are decoded faster than they are used, and decord spins while it waits.
    Decoder("decord", DecordSource, least_pixels=1280 * 720, skips=False),
    Decoder(SAFE, PyAVSource),
)
"""In order of preference; the last one reads everything, pictures of every size."""
