"""The sound of a playable copy."""

import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet

from retake_core.media.container import open_container

if TYPE_CHECKING:
    SoundPacket = Packet[AudioStream]
else:
    SoundPacket = Packet  # not generic at run time

_COPIED = frozenset({"aac", "mp3"})
_TICK = Fraction(1, 1_000_000)
_AHEAD = 0.5  # seconds that the sound may run ahead of the picture; muxers want both about together


class Sound:
    """Writes a file's best sound into a container, as far as the picture has come. Damage is left out.

    Args:
        path: the file that is copied.
        container: gets a stream for the sound, when there is any.
    """

    def __init__(self, path: Path, container: OutputContainer) -> None:
        self._source = open_container(path)
        self._target = container
        best = self._source.streams.best("audio")
        self._stream = best if isinstance(best, AudioStream) and best.codec_context is not None else None
        self._start = (self._source.start_time or 0) / 1_000_000
        self._time = -math.inf
        self._steps: Iterator[float] = iter(())
        if self._stream is not None:
            self._copied = self._stream.codec.canonical_name in _COPIED
            self._output = self._added(self._stream)
            self._steps = self._copying() if self._copied else self._encoding()

    def __enter__(self) -> "Sound":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._source.close()

    def write_until(self, time: float) -> None:
        """Write what is heard up to `time`, in seconds from the container's start."""
        while self._time < time + _AHEAD:
            self._time = next(self._steps, math.inf)

    def _added(self, stream: AudioStream) -> AudioStream:
        if self._copied:
            return self._target.add_stream_from_template(stream)
        output = self._target.add_stream("aac", rate=min(stream.rate or 48_000, 48_000))
        output.codec_context.layout = "stereo" if stream.channels > 1 else "mono"
        return output

    def _copying(self) -> Iterator[float]:
        assert self._stream is not None
        base = self._stream.time_base or _TICK
        last = -math.inf
        for packet in _forgiving(self._source.demux(self._stream)):
            if packet.pts is None or not packet.size:
                continue
            time = float(packet.pts * base) - self._start
            if time <= last:
                continue
            last = time
            packet.pts = packet.dts = round(time / _TICK)
            packet.time_base, packet.stream = _TICK, self._output
            self._target.mux(packet)
            yield time

    def _encoding(self) -> Iterator[float]:
        assert self._stream is not None
        for frame in self._decoded():
            time = None if frame.time is None else frame.time - self._start
            frame.pts = None if time is None else round(time * frame.sample_rate)
            frame.time_base = Fraction(1, frame.sample_rate)
            self._target.mux(self._output.encode(frame))
            if time is not None:
                yield time
        self._target.mux(self._output.encode(None))

    def _decoded(self) -> Iterator[AudioFrame]:
        assert self._stream is not None
        for packet in _forgiving(self._source.demux(self._stream)):
            try:
                yield from self._stream.decode(packet)
            except FFmpegError:
                continue


def _forgiving(packets: Iterator[SoundPacket]) -> Iterator[SoundPacket]:
    """End at a read error, as if the sound ended there."""
    try:
        yield from packets
    except FFmpegError:
        return
