"""What has to be equal for packets of several recordings to go into one file, and what an encoder is told."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.audio.stream import AudioStream
from av.container import InputContainer

from retake_core.export.cut import LeftOut
from retake_core.media.ffmpeg.colour import are_beyond_screens
from retake_core.media.ffmpeg.container import open_container, tags_of, video_stream
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.ffmpeg.sound_track import sound_stream

Colour = tuple[int, int, int, int]
"""Primaries, transfer, matrix and range, as FFmpeg numbers them."""


_PLACES = ("com.apple.quicktime.location.iso6709", "location", "location-eng")


@dataclass(frozen=True, slots=True)
class Look:
    """A recording's picture as it is coded.

    Attributes:
        size: width and height in pixels as coded, before rotation.
        rotation: degrees clockwise that make it upright.
        aspect: width of a pixel divided by its height.
        setup: what a decoder is told before the first packet.
        frame_rate: frames per second, 0.0 when unknown.
    """

    codec: str
    size: tuple[int, int]
    rotation: int
    aspect: Fraction
    pixels: str
    colour: Colour
    setup: bytes
    time_base: Fraction
    frame_rate: float
    sound: tuple[str, int, int, bytes] | None
    dropped: tuple[LeftOut, ...]
    recorded: str | None
    duration: float
    title: str = ""
    place: str = ""

    @property
    def is_beyond_screens(self) -> bool:
        """Whether its brightness or colours are those of high dynamic range."""
        primaries, transfer, _, _ = self.colour
        return are_beyond_screens(primaries, transfer)

    def joins(self, other: "Look") -> bool:
        """Whether packets of both can follow each other in one stream."""
        return self._parameters == other._parameters

    @property
    def _parameters(self) -> tuple[object, ...]:
        shown = (self.codec, self.size, self.rotation, self.aspect, self.pixels, self.colour)
        return (*shown, self.setup, self.time_base, self.sound)


def look_at(path: Path) -> Look:
    """Read what a clip of a recording has to know of it.

    Raises:
        MediaError: it is not a readable video.
    """
    info = probe(path)
    with open_container(path) as container:
        stream = video_stream(container)
        coded = stream.codec_context
        tags = tags_of(container.metadata)
        aspect = stream.sample_aspect_ratio or Fraction(1)
        return Look(
            codec=stream.codec.canonical_name,
            size=(coded.width, coded.height),
            rotation=info.rotation,
            aspect=aspect if Fraction(1, 8) <= aspect <= 8 else Fraction(1),
            pixels=coded.pix_fmt or "yuv420p",
            colour=(coded.color_primaries, coded.color_trc, coded.colorspace, coded.color_range),
            setup=coded.extradata or b"",
            time_base=stream.time_base or Fraction(1, 1_000_000),
            frame_rate=info.frame_rate,
            sound=_sound(sound_stream(container)),
            dropped=_dropped(container),
            recorded=info.recorded,
            duration=info.duration,
            title=tags.get("title", ""),
            place=next((tags[key] for key in _PLACES if key in tags), ""),
        )


def _sound(stream: AudioStream | None) -> tuple[str, int, int, bytes] | None:
    if stream is None:
        return None
    return (stream.codec.canonical_name, stream.rate, stream.channels, stream.codec_context.extradata or b"")


def _dropped(container: InputContainer) -> tuple[LeftOut, ...]:
    streams = container.streams
    found: list[LeftOut] = []
    if streams.subtitles:
        found.append("subtitles")
    if len(streams.audio) > 1:
        found.append("other sound")
    if len(streams.video) > 1 or streams.data:
        found.append("data")
    return tuple(found)
