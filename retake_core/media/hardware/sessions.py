"""Who may decode on the graphics card: a bounded number of streams, on devices that are right."""

import threading
from typing import Final

from retake_core.media.hardware.news import (
    DeviceJudged,
    DeviceLeft,
    DeviceMissing,
    DeviceTaken,
    HardwareNews,
    HardwareOrder,
)
from retake_core.media.hardware.stream_kind import LEAST_PIXELS
from retake_core.media.hardware.verdicts import Verdicts
from retake_core.settings import HardwareDecoding
from retake_core.system.decoding_devices import decoding_devices
from retake_core.system.verdicts import Verdict

MOST_STREAMS = 4
MOST_BYTES = 2 * 2**30
"""Of the card's memory that decoding may take, at an estimate; models want the rest."""

_CONTEXT_BYTES = 200 * 2**20  # that a driver takes for each process
_SURFACES = 24  # pictures that a decoder holds at most
_BYTES_A_PIXEL = 3  # of ten bits, and half as much again for the colours
_UNKNOWN_PIXELS = 3840 * 2160

CRASHED: Final = "The driver crashed or hung."


def chosen_devices(choice: HardwareDecoding) -> tuple[str, ...]:
    """Return the devices that a choice in the settings stands for, by FFmpeg's names."""
    if choice == "auto":
        return decoding_devices()
    return () if choice == "off" else (choice,)


class HardwareSessions:
    """The streams that the decoding processes of a program have on the graphics card; any thread may begin one.

    Args:
        choice: of the settings.
        verdicts: what is known of the devices.
    """

    def __init__(self, choice: HardwareDecoding, verdicts: Verdicts) -> None:
        self._devices = list(chosen_devices(choice))
        self._verdicts = verdicts
        self._open: list[Session] = []
        self._changing = threading.RLock()
        self.used = False  # a device has been, by a process that may still hold it open

    def begin(self, pixels: int | None = None) -> "Session":
        """Return a session for a video of so many pixels a picture; without an order where there is no room."""
        with self._changing:
            return self._begin(pixels or None)

    def _begin(self, pixels: int | None) -> "Session":
        size = _CONTEXT_BYTES + _SURFACES * _BYTES_A_PIXEL * (pixels or _UNKNOWN_PIXELS)
        room = len(self._open) < MOST_STREAMS and size + sum(each.size for each in self._open) <= MOST_BYTES
        worth = pixels is None or pixels >= LEAST_PIXELS
        known = {
            name: {kind: verdict.right for kind, verdict in self._verdicts.of(name).items()}
            for name in self._devices
        }
        order = HardwareOrder(tuple(self._devices), known) if room and worth and self._devices else None
        session = Session(self, order, size)
        if order is not None:
            self._open.append(session)
        return session

    def end(self, session: "Session") -> None:
        """Give a session's room to others."""
        with self._changing:
            if self.holds(session):
                self._open.remove(session)

    def holds(self, session: "Session") -> bool:
        """Return whether a session has room on the card."""
        return session in self._open

    def forget(self, device: str) -> None:
        """Do not ask for a device any more: it is missing."""
        with self._changing:
            if device in self._devices:
                self._devices.remove(device)

    def judge(self, device: str, kind: str, verdict: Verdict) -> None:
        """Remember whether a device is right."""
        with self._changing:
            self._verdicts.keep(device, kind, verdict)


NO_HARDWARE: Final = HardwareSessions("off", Verdicts(None))
"""Everything is left to the processor."""


class Session:
    """What one task may have of the card, and what came of it.

    Attributes:
        order: goes with the task; None leaves it to the processor.
        size: bytes of the card's memory.
    """

    def __init__(self, sessions: HardwareSessions, order: HardwareOrder | None, size: int) -> None:
        self.order, self.size = order, size
        self._sessions = sessions
        self._taken: DeviceTaken | None = None

    @property
    def device(self) -> str:
        """The device that decodes now; "" while it is the processor."""
        return "" if self._taken is None else self._taken.device

    @property
    def is_open(self) -> bool:
        """Whether the task may be using a device, or about to."""
        return self._sessions.holds(self)

    def hear(self, news: HardwareNews) -> None:
        """Take note of what the task tells."""
        match news:
            case DeviceMissing(device):
                self._sessions.forget(device)
            case DeviceTaken():
                self._taken, self._sessions.used = news, True
            case DeviceJudged(device, kind, verdict):
                self._sessions.judge(device, kind, verdict)
            case DeviceLeft():
                self._taken = None
                self._sessions.end(self)

    def died(self) -> None:
        """Take note that the process crashed or hung: the device's doing, if it was decoding."""
        if self._taken is not None:
            self._sessions.judge(self._taken.device, self._taken.kind, Verdict(False, CRASHED))
        self.end()

    def end(self) -> None:
        """Take note that the task is over."""
        self._taken = None
        self._sessions.end(self)
