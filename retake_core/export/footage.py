"""How editing programs count a recording's frames: rate and start time code. Read in a process of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path
from statistics import median

from av.container import InputContainer
from av.video.stream import VideoStream

from retake_core.media.ffmpeg.container import clock_of, open_container, video_stream
from retake_core.media.ffmpeg.packets import PacketReader
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.ffmpeg.sound_track import sound_stream
from retake_core.media.process.patience import Limit
from retake_core.media.process.tasks import RISKY_STEP_LIMIT, Send

RATES = (
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(48000, 1001),
    Fraction(48),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
)
"""Frames per second that editing programs and time codes know."""

_LOOKED_AT = 600  # packets
_SAME = 0.0004  # share by which a rate may differ from a known one: 29.97 and 30 differ by 0.001
_OFF = 0.005  # share by which the whole recording's average may differ from that of its beginning
_UNEVEN = 0.2  # of a frame's length, by which it may come early or late in a constant rate: containers round times


@dataclass(frozen=True, slots=True)
class Footage:
    """How a recording's frames are counted.

    Attributes:
        rate: frames per second, one of RATES.
        average: frames per second of the recording itself.
        variable: frames come at odd times.
        timecode: of its first frame, such as "01:00:00;00", or None.
        first: seconds from the container's start to the first frame.
        duration: seconds.
        size: pixels as shown.
        sound: samples per second and channels, or None.
    """

    rate: Fraction
    average: float
    variable: bool
    timecode: str | None
    first: float
    duration: float
    size: tuple[int, int]
    sound: tuple[int, int] | None

    @property
    def counted_otherwise(self) -> bool:
        """Whether editors cannot count at the recording's own constant rate."""
        return not self.variable and abs(self.average - float(self.rate)) > self.average * _SAME


@dataclass(frozen=True, slots=True)
class FootageTask:
    """Look into a recording."""

    path: Path

    @property
    def limit(self) -> Limit:
        """What it may take."""
        return RISKY_STEP_LIMIT

    def run(self, _send: Send) -> Footage:
        """Look.

        Raises:
            MediaError: it is not a readable video.
        """
        info = probe(self.path)
        times = sorted(islice(_times(self.path), _LOOKED_AT))
        steps = [after - before for before, after in pairwise(times) if after > before]
        step = median(steps) if steps else 0.0
        variable = bool(steps) and max(abs(each - step) for each in steps) > max(_UNEVEN * step, 0.0015)
        # What comes at odd times only later shows in the average of all.
        variable |= bool(steps) and abs(info.frame_rate * (times[-1] - times[0]) / len(steps) - 1) > _OFF
        with open_container(self.path) as container:
            stream = video_stream(container)
            first = 0.0 if stream.start_time is None else clock_of(container, stream).seconds(stream.start_time)
            sound = sound_stream(container)
            average = info.frame_rate or (1 / step if step else 25.0)
            return Footage(
                rate=known_rate(1 / step if variable and step else average),
                average=average,
                variable=variable,
                timecode=_timecode(container, stream),
                first=max(first, 0.0),
                duration=info.duration,
                size=(info.width, info.height),
                sound=None if sound is None else (sound.rate, sound.channels),
            )


def known_rate(rate: float) -> Fraction:
    """Return the rate of RATES that a rate is, else a multiple or part of it, else the nearest."""
    for factor in (Fraction(1), Fraction(2), Fraction(3), Fraction(4), Fraction(1, 2), Fraction(1, 4)):
        for choice in RATES:
            if abs(rate * factor - choice) <= float(choice) * _SAME:
                return choice
    return min(RATES, key=lambda choice: abs(choice - Fraction(rate)))


def _times(path: Path) -> Iterator[float]:
    reader = PacketReader(path)
    try:
        for packet in reader.packets():
            time = reader.time(packet)
            if time is not None and not packet.is_discard:
                yield time
    finally:
        reader.close()


def _timecode(container: InputContainer, stream: VideoStream) -> str | None:
    """Return the time code of the first frame: a stream's, or that of a track beside it."""
    places = [stream.metadata, container.metadata, *(other.metadata for other in container.streams.data)]
    return next((place["timecode"] for place in places if place.get("timecode")), None)
