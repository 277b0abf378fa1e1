"""The sound of a file that is made of others: copied where the container takes it, else encoded as AAC."""

import math
from collections.abc import Collection, Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.filter import Graph
from av.packet import Packet

from retake_core.media.ffmpeg.container import open_container
from retake_core.media.ffmpeg.h264 import TICK
from retake_core.media.video_info import Span

if TYPE_CHECKING:
    SoundPacket = Packet[AudioStream]
else:
    SoundPacket = Packet  # not generic at run time

PLAYED = frozenset({"aac", "mp3"})
"""Codecs that every player of MP4 knows."""

WHOLE: Span = (-math.inf, math.inf)
_AHEAD = 0.5  # seconds that the sound may run ahead of the picture; muxers want both about together
_LONGEST_SILENCE = 48_000  # samples made at once


class SoundTrack:
    """The sound stream of a container that is written, for one or more files one after another.

    Args:
        container: gets the stream, when there is any sound.
        path: the file whose sound says how the stream is to be.
        copied: codecs that are copied as they are; empty encodes everything.
        number: of the sound that is taken of that file, counted from 1; see `sound_stream`.
    """

    def __init__(
        self,
        container: OutputContainer,
        path: Path,
        copied: Collection[str] = PLAYED,
        number: int | None = None,
    ) -> None:
        self.container = container
        self.output: AudioStream | None = None
        self.copied = False
        self.last = -math.inf  # seconds of the last copied packet
        self.samples = 0  # encoded so far
        self._copied_to = 0.0
        with open_container(path) as source:
            stream = sound_stream(source, number)
            if stream is None:
                return
            if stream.codec.canonical_name in copied:
                with suppress(ValueError):  # it is not known how to write it
                    self.output = container.add_stream_from_template(stream)
                    self.copied = True
            if not self.copied:
                self.output = container.add_stream("aac", rate=min(stream.rate or 48_000, 48_000))
                self.output.codec_context.layout = "stereo" if stream.channels > 1 else "mono"

    @property
    def rate(self) -> int:
        """Samples per second of what is encoded."""
        assert self.output is not None
        return self.output.rate

    @property
    def reached(self) -> float:
        """Seconds up to which there is sound."""
        if self.output is None:
            return 0.0
        return self._copied_to if self.copied else self.samples / self.rate

    def copy(self, packet: SoundPacket, time: float) -> None:
        """Add a packet at a time of the container, in seconds; one that does not come later is left out."""
        if time <= self.last:
            return
        assert self.output is not None
        self.last = time
        self._copied_to = time + float((packet.duration or 0) * (packet.time_base or TICK))
        if packet.duration and packet.time_base:
            packet.duration = round(packet.duration * packet.time_base / TICK)
        packet.pts = packet.dts = round(time / TICK)
        packet.time_base, packet.stream = TICK, self.output
        self.container.mux(packet)

    def encode(self, frame: AudioFrame) -> None:
        """Add samples after those that are there."""
        assert self.output is not None
        frame.pts, frame.time_base = self.samples, Fraction(1, self.rate)
        self.samples += frame.samples
        self.container.mux(self.output.encode(frame))

    def be_silent_until(self, time: float) -> None:
        """Fill up to a time of the container, in seconds."""
        assert self.output is not None
        layout = self.output.codec_context.layout
        while (missing := round(time * self.rate) - self.samples) > 0:
            nothing = np.zeros((layout.nb_channels, min(missing, _LONGEST_SILENCE)), np.float32)
            frame = AudioFrame.from_ndarray(nothing, format="fltp", layout=layout.name)
            frame.sample_rate = self.rate
            self.encode(frame)

    def finish(self) -> None:
        """Write what the encoder still holds."""
        if self.output is not None and not self.copied and self.samples:
            self.container.mux(self.output.encode(None))


class SoundWriter:
    """Writes a file's best sound into a track, as far as the picture has come. Damage is left out.

    Args:
        path: the file.
        track: gets it.
        span: what is taken, in seconds from the container's start; all by default.
        at: seconds in the track where the span's start goes to.
        number: of the sound that is taken, counted from 1; see `sound_stream`.
    """

    def __init__(
        self,
        path: Path,
        track: SoundTrack,
        span: Span = WHOLE,
        at: float = 0.0,
        number: int | None = None,
    ) -> None:
        self._source = open_container(path)
        self._track, self._span = track, span
        self._at = at
        self._shift = at - (0.0 if span == WHOLE else span[0])
        self._stream = None if track.output is None else sound_stream(self._source, number)
        self._start = (self._source.start_time or 0) / 1_000_000
        self._time = -math.inf
        self._steps: Iterator[float] = iter(())
        if self._stream is not None:
            self._steps = self._copying(self._stream) if track.copied else self._encoding(self._stream)

    def __enter__(self) -> "SoundWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._source.close()

    def write_until(self, time: float) -> None:
        """Write what is heard up to `time`, in seconds from the file's start."""
        while self._time < time + _AHEAD:
            self._time = next(self._steps, math.inf)

    def finish(self) -> None:
        """Write all that is left, where no other file follows in the track."""
        self.write_until(math.inf)
        self._track.finish()

    def _packets(self, stream: AudioStream) -> Iterator[tuple[float, SoundPacket]]:
        """Yield the packets of the span with their times, and one that may reach into it before."""
        base = stream.time_base or TICK
        first, end = self._span
        self._skip_to(first)
        for packet in _forgiving(self._source.demux(stream)):
            if packet.pts is None or not packet.size:
                continue
            time = float(packet.pts * base) - self._start
            if time >= end:
                return
            if time + float((packet.duration or 0) * base) > first:
                yield time, packet

    def _skip_to(self, time: float) -> None:
        if time <= 0 or not {"mov", "matroska"} & set(self._source.format.name.split(",")):
            return
        try:
            self._source.seek(max(0, int((time + self._start - 1.0) / TICK)))
        except FFmpegError:
            self._source.seek(0)

    def _copying(self, stream: AudioStream) -> Iterator[float]:
        base = stream.time_base or TICK
        for time, packet in self._packets(stream):
            if time + float((packet.duration or 0) * base) / 2 >= self._span[0]:
                self._track.copy(packet, time + self._shift)
                yield time

    def _encoding(self, stream: AudioStream) -> Iterator[float]:
        """Encode exactly the samples of the span, with silence where there are none."""
        self._track.be_silent_until(self._at)
        graph: Graph | None = None
        kind: object = None
        for time, frame in self._decoded(stream):
            if kind != (frame.format.name, frame.layout.name, frame.sample_rate):
                kind = (frame.format.name, frame.layout.name, frame.sample_rate)
                yield from self._drained(graph, time)
                self._track.be_silent_until(max(time + self._shift, self._at))
                graph = self._trimmed(frame, time)
            assert graph is not None
            graph.push(frame)
            self._take(graph)
            yield time
        yield from self._drained(graph, self._span[1])

    def _decoded(self, stream: AudioStream) -> Iterator[tuple[float, AudioFrame]]:
        for time, packet in self._packets(stream):
            try:
                frames = stream.decode(packet)
            except FFmpegError:
                continue
            for frame in frames:
                own = time if frame.time is None else frame.time - self._start
                frame.time_base = Fraction(1, frame.sample_rate)
                frame.pts = round(own * frame.sample_rate)
                yield own, frame

    def _trimmed(self, like: AudioFrame, begin: float) -> Graph:
        """Return filters that let the span through, from `begin` on without gaps, as the encoder wants it."""
        assert self._track.output is not None
        layout = self._track.output.codec_context.layout.name
        start, end = max(self._span[0], 0.0), self._span[1]
        stretch = f"start={start:.6f}" + (f":end={end:.6f}" if math.isfinite(end) else "")
        graph = Graph()
        source = graph.add_abuffer(
            sample_rate=like.sample_rate, format=like.format, layout=like.layout.name, time_base=like.time_base
        )
        graph.link_nodes(
            source,
            graph.add("atrim", stretch),
            graph.add("asetpts", f"PTS-({max(begin, start):.6f}/TB)"),
            graph.add("aresample", f"{self._track.rate}:async=1:first_pts=0"),
            graph.add("aformat", f"sample_fmts=fltp:sample_rates={self._track.rate}:channel_layouts={layout}"),
            graph.add("abuffersink"),
        ).configure()
        return graph

    def _drained(self, graph: Graph | None, time: float) -> Iterator[float]:
        if graph is not None:
            graph.push(None)
            self._take(graph)
            yield time

    def _take(self, graph: Graph) -> None:
        while True:
            try:
                frame = graph.pull()
            except (FFmpegError, EOFError):  # it wants more, or has come to its end
                return
            assert isinstance(frame, AudioFrame)
            self._track.encode(frame)


def sound_stream(container: InputContainer, number: int | None = None) -> AudioStream | None:
    """Return a file's best sound, or None where there is none that can be decoded.

    Args:
        container: the file.
        number: of the sound that a person chose, counted from 1, which goes before what seems best.
    """
    if number is not None and number <= len(container.streams.audio):
        chosen = container.streams.audio[number - 1]
        if chosen.codec_context is not None:
            return chosen
    best = container.streams.best("audio")
    return best if isinstance(best, AudioStream) and best.codec_context is not None else None


def _forgiving(packets: Iterator[SoundPacket]) -> Iterator[SoundPacket]:
    """End at a read error, as if the sound ended there."""
    try:
        yield from packets
    except FFmpegError:
        return
