"""What a decoding process is told about devices, and what it tells of them: plain data."""

from collections.abc import Mapping
from dataclasses import dataclass

from retake_core.system.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class HardwareOrder:
    """Which devices a task may decode on.

    Attributes:
        devices: by FFmpeg's names, in order of preference.
        verdicts: what is known of each: whether it is right, by kinds of streams. Another kind is tried first.
    """

    devices: tuple[str, ...]
    verdicts: Mapping[str, Mapping[str, bool]]


@dataclass(frozen=True, slots=True)
class DeviceMissing:
    """A device is not there, with the reason."""

    device: str
    why: str


@dataclass(frozen=True, slots=True)
class DeviceTaken:
    """A device begins to decode a stream of a kind, be it for a trial: what follows may be its doing."""

    device: str
    kind: str


@dataclass(frozen=True, slots=True)
class DeviceJudged:
    """A device was compared with the processor."""

    device: str
    kind: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class DeviceLeft:
    """The processor decodes from here on."""


HardwareNews = DeviceMissing | DeviceTaken | DeviceJudged | DeviceLeft
