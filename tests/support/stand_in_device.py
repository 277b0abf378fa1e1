"""A graphics device of software: it decodes, holds pictures as cards do, and is wrong where it is told to be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from retake_core.errors import MediaError
from retake_core.media.ffmpeg.container import has_hidden_alpha, open_container
from retake_core.media.ffmpeg.packets import VideoPacket
from retake_core.media.hardware import devices
from retake_core.media.hardware.devices import UNKNOWN_FORMAT, MissingDeviceError, unpacked

PACKED = {
    "yuv420p": "nv12",
    "yuvj420p": "nv12",
    "yuv420p10le": "p010le",
    "yuv422p": "nv16",
    "yuv422p10le": "p210le",
    "yuv444p": "nv24",
    "yuvj444p": "nv24",
}


@dataclass
class StandIn:
    """Stands in for `GraphicsDevice`.

    Attributes:
        brighter: levels by which its pictures are wrong.
        later: ticks by which its times are wrong.
        fails_at: the picture, counted from 0 over all files, that it cannot decode.
        full_at: the picture for which its memory is full.
        leaves_out: the picture that it says nothing of.
        refuses: whether it decodes no format at all.
        decoded: pictures so far.
        transfers: pictures that were copied back.
        opened: files.
    """

    name: str = "cuda"
    brighter: int = 0
    later: int = 0
    fails_at: int | None = None
    full_at: int | None = None
    leaves_out: int | None = None
    refuses: bool = False
    decoded: int = 0
    transfers: int = 0
    opened: list[Path] = field(default_factory=list)
    _reformatter: VideoReformatter = field(default_factory=VideoReformatter)

    def open(self, path: Path) -> InputContainer:
        if self.refuses:
            raise MediaError(UNKNOWN_FORMAT)
        self.opened.append(path)
        return open_container(path)

    def decoder_of(self, stream: VideoStream) -> VideoCodecContext:
        if has_hidden_alpha(stream):
            raise MediaError(UNKNOWN_FORMAT)
        return cast(VideoCodecContext, Decoder(self, stream.codec_context))

    def brought_back(self, picture: VideoFrame) -> VideoFrame:
        self.transfers += 1
        return unpacked(picture, picture.format.name, self._reformatter)

    def take(self, picture: VideoFrame) -> VideoFrame | None:
        """Return a picture as the device holds it, with what is wrong."""
        number, self.decoded = self.decoded, self.decoded + 1
        if number == self.fails_at:
            raise av.error.InvalidDataError(1, "Invalid data found when processing input")
        if number == self.full_at:
            raise av.error.MemoryError(12, "Cannot allocate memory")
        if number == self.leaves_out:
            return None
        held = picture
        layout = PACKED.get(picture.format.name)
        if layout is not None:
            held = self._reformatter.reformat(picture, format=layout, threads=1)
        if self.brighter:
            plane = held.planes[0]
            plane.update((np.frombuffer(bytes(plane), np.uint8) + np.uint8(self.brighter)).tobytes())
        if self.later and held.pts is not None:
            held.pts += self.later
        return held


class Decoder:
    """Decodes in software, and hands on what the device makes of it."""

    def __init__(self, device: StandIn, real: VideoCodecContext) -> None:
        object.__setattr__(self, "_device", device)
        object.__setattr__(self, "_real", real)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real, name, value)

    def decode(self, packet: VideoPacket | None = None) -> list[VideoFrame]:
        taken = (self._device.take(picture) for picture in self._real.decode(packet))
        return [picture for picture in taken if picture is not None]


@contextmanager
def plugged_in(*stand_ins: StandIn) -> Iterator[tuple[StandIn, ...]]:
    """Let these be all the devices of this computer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(devices, "OPEN", {each.name: each for each in stand_ins})
        patch.setattr(devices, "GraphicsDevice", no_other)
        yield stand_ins


def no_other(name: str) -> None:
    """Refuse to open a device that is not plugged in."""
    raise MissingDeviceError(f"There is no {name}.")
