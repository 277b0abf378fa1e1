"""The decoder that a graphics device is: tried first where one may be used, and left at its first error."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from retake_core.errors import MediaError
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.decoders.registry import HARDWARE, Decoder
from retake_core.media.frames import Frame
from retake_core.media.hardware.devices import UNKNOWN_FORMAT, Device, MissingDeviceError, opened
from retake_core.media.hardware.news import (
    DeviceJudged,
    DeviceLeft,
    DeviceMissing,
    DeviceTaken,
    HardwareNews,
    HardwareOrder,
)
from retake_core.media.hardware.stream_kind import LEAST_PIXELS, stream_kind
from retake_core.media.hardware.trial import judge
from retake_core.media.video_info import Span

Tell = Callable[[HardwareNews], None]


class HardwareSource(PyAVSource):
    """A FrameSource whose pictures a device decodes, and of which only the sampled ones are copied back.

    Args:
        path: the file.
        short_side: pixels of the frames' shorter side; smaller videos are not enlarged.
        device: decodes.
        tell: hears when the device failed.

    Raises:
        MediaError: the device does not decode the file.
    """

    def __init__(self, path: Path, short_side: int, device: Device, tell: Tell) -> None:
        super().__init__(path, short_side, device=device)
        self._tell = tell

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        """Yield the first frame of each sampling cell; see `FrameSource.frames`.

        Raises:
            MediaError: at the first error, whatever it is: the next decoder goes on from there.
        """
        try:
            yield from super().frames(rate, spans)
        except MediaError:
            self._tell(DeviceLeft())
            raise


def hardware_decoder(order: HardwareOrder, tell: Tell) -> Decoder:
    """Return the decoder that is the best device of an order for each file; `tell` hears what becomes of them."""
    return Decoder(HARDWARE, partial(_open, order, tell), least_pixels=LEAST_PIXELS)


def _open(order: HardwareOrder, tell: Tell, path: Path, short_side: int, _threads: int) -> HardwareSource:
    """Open a file on the first device that decodes its kind rightly; what is not known to is tried before.

    Raises:
        MediaError: none does.
    """
    kind = stream_kind(path)
    for name in order.devices if kind is not None else ():
        assert kind is not None
        known = order.verdicts.get(name, {}).get(kind)
        if known is False:
            continue
        try:
            device = opened(name)
        except MissingDeviceError as error:
            tell(DeviceMissing(name, str(error)))
            continue
        tell(DeviceTaken(name, kind))
        if known or _is_right(path, device, kind, tell):
            try:
                return HardwareSource(path, short_side, device, tell)
            except MediaError:
                pass
    tell(DeviceLeft())
    raise MediaError(UNKNOWN_FORMAT)


def _is_right(path: Path, device: Device, kind: str, tell: Tell) -> bool:
    verdict = judge(path, device)
    if verdict is None:
        return False
    tell(DeviceJudged(device.name, kind, verdict))
    return verdict.right
