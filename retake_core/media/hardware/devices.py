"""The graphics devices that FFmpeg decodes on."""

from pathlib import Path
from typing import Protocol

from av.codec import Codec
from av.codec.hwaccel import HWAccel, hwdevices_available
from av.container import InputContainer
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from retake_core.errors import MediaError
from retake_core.media.ffmpeg.container import has_hidden_alpha, open_container

UNKNOWN_FORMAT = "The graphics card does not decode its format."

_PLANAR = {
    "nv12": "yuv420p",
    "p010le": "yuv420p10le",
    "p012le": "yuv420p12le",
    "nv16": "yuv422p",
    "p210le": "yuv422p10le",
    "nv24": "yuv444p",
    "p410le": "yuv444p10le",
}
"""Layouts of pixels in which devices hold pictures, and the ones in which the processor decodes the same."""

_FULL_RANGE = 2
_FIXED_POOLS = frozenset({"d3d11va", "vaapi"})  # the others copy a decoded picture out of the decoder's own
_HELD_PICTURES = "4"  # more than any reader holds besides those that the decoder refers to


class MissingDeviceError(Exception):
    """This computer has no such device, or its driver does not work. The text says why."""


class Device(Protocol):
    """Something that decodes, and keeps the pictures to itself until one is asked for."""

    name: str

    def open(self, path: Path) -> InputContainer:
        """Open a file so that its video is decoded here.

        Raises:
            MediaError: it cannot be.
        """
        ...

    def decoder_of(self, stream: VideoStream) -> VideoCodecContext:
        """Return the decoder of a stream of such a file.

        Raises:
            MediaError: the device does not decode its format.
        """
        ...

    def brought_back(self, picture: VideoFrame) -> VideoFrame:
        """Return a decoded picture as the processor would have decoded it.

        Raises:
            FFmpegError: it cannot be copied.
        """
        ...


class GraphicsDevice:
    """A device by FFmpeg's name for its kind, such as "cuda".

    It is held open, so that the next file need not wait until the driver is ready.

    Raises:
        MissingDeviceError: there is none.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        if name not in hwdevices_available():
            raise MissingDeviceError("This build of PyAV does not know it.")
        try:
            self._context = self._accelerator().create(Codec("h264", "r"))
        except (FFmpegError, NotImplementedError) as error:
            why = getattr(error, "strerror", None) or error
            raise MissingDeviceError(f"There is no such card, or its driver does not work ({why}).") from error
        self._reformatter = VideoReformatter()

    def open(self, path: Path) -> InputContainer:
        """Open a file so that its video is decoded here; see `Device.open`."""
        try:
            return open_container(path, self._accelerator())
        except (NotImplementedError, RuntimeError, MemoryError) as error:  # the memory is the card's
            raise MediaError(UNKNOWN_FORMAT) from error

    def decoder_of(self, stream: VideoStream) -> VideoCodecContext:
        """Return the decoder of a stream; see `Device.decoder_of`."""
        decoder = stream.codec_context
        if not decoder.is_hwaccel or has_hidden_alpha(stream):
            raise MediaError(UNKNOWN_FORMAT)
        if self.name in _FIXED_POOLS:
            decoder.options = {"extra_hw_frames": _HELD_PICTURES}
        return decoder

    def brought_back(self, picture: VideoFrame) -> VideoFrame:
        """Copy a decoded picture from the device; see `Device.brought_back`."""
        held_as = picture.sw_format or picture.format
        return unpacked(picture, held_as.name, self._reformatter)

    def _accelerator(self) -> HWAccel:
        # One context of the card for all files of a process: each would take hundreds of megabytes there.
        options: dict[str, object] = {"primary_ctx": "1"} if self.name == "cuda" else {}
        return HWAccel(self.name, allow_software_fallback=False, is_hw_owned=True, options=options)


OPEN: dict[str, Device] = {}
"""The devices that this process holds open, by name."""


def opened(name: str) -> Device:
    """Return a device, held open for as long as this process lives.

    Raises:
        MissingDeviceError: there is none.
    """
    if name not in OPEN:
        OPEN[name] = GraphicsDevice(name)
    return OPEN[name]


def device_problem(name: str) -> str:
    """Return why a device cannot be opened, or "" where it can."""
    try:
        opened(name)
    except MissingDeviceError as error:
        return str(error)
    return ""


def unpacked(picture: VideoFrame, held_as: str, reformatter: VideoReformatter) -> VideoFrame:
    """Return a picture in the layout in which the processor decodes: all that follows gives the same pixels then.

    Args:
        picture: on a device or not.
        held_as: its layout there.
        reformatter: copies it.
    """
    layout = _PLANAR.get(held_as, held_as)
    if picture.color_range == _FULL_RANGE and layout in ("yuv420p", "yuv422p", "yuv444p"):
        layout = layout.replace("yuv", "yuvj")
    return reformatter.reformat(picture, format=layout, threads=1)
