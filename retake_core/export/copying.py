"""Cutting without encoding: packets go from the recording into the clip as they are, from a key frame on."""

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import chain

from av.container import OutputContainer
from av.video.stream import VideoStream

from retake_core.errors import MediaError
from retake_core.export.cut import ClipPiece, Cut, NotCopiableError
from retake_core.media.ffmpeg.packets import PacketGate, PacketReader, VideoPacket
from retake_core.media.ffmpeg.sound_track import SoundTrack, SoundWriter

_SEEK_GAIN = 2.0  # seconds of reading that a seek must save
_MOST_UNDATED = 32  # packets at the beginning without a decoding time: more than any codec puts in another order
_OVERHANG = 0.1  # seconds that the sound may last longer than the picture: its packets end where they end


class CopiedVideo:
    """The video stream of a clip whose packets are copied, one cut after another.

    Args:
        container: that is written.
        cuts: all of one look.
        sound: codecs of sound that are copied too; others are encoded.
        begin: hears where the first frame lies in its recording, in seconds, before anything is written.
        step: hears of the seconds that are done, after every packet.
    """

    def __init__(
        self,
        container: OutputContainer,
        cuts: Sequence[Cut],
        sound: set[str],
        begin: Callable[[float], None],
        step: Callable[[float], None],
    ) -> None:
        self._container, self._cuts, self._begin, self._step = container, cuts, begin, step
        reader = PacketReader(cuts[0].path)
        try:
            stream = container.add_stream_from_template(reader.stream)
        except ValueError as error:  # it is not known how to write it
            raise NotCopiableError from error
        finally:
            reader.close()
        assert isinstance(stream, VideoStream)
        self._stream = stream
        self._sound = SoundTrack(container, cuts[0].path, sound)
        self._last = -math.inf  # decoding time of the last packet, in seconds

    def write(self) -> tuple[ClipPiece, ...]:
        """Copy all cuts.

        Raises:
            MediaError: a recording cannot be read, or has nothing there.
            NotCopiableError: a container has no times of packets that could be kept.
        """
        pieces: list[ClipPiece] = []
        at = 0.0
        for cut in self._cuts:
            pieces.append(self._write_cut(cut, at))
            at += pieces[-1].length
        self._sound.finish()
        return tuple(pieces)

    def _write_cut(self, cut: Cut, at: float) -> ClipPiece:
        reader = PacketReader(cut.path)
        try:
            if reader.times_guessed:
                raise NotCopiableError
            packets = _needed(reader, cut)
            first = next(packets, None)
            if first is None:
                raise MediaError("Nothing of it can be copied there; choose another moment, or encode it exactly.")
            start, end = first[0], first[0]
            if at == 0:
                self._begin(start)
            with SoundWriter(cut.path, self._sound, (start, cut.end), at) as sound:
                for time, packet in chain([first], packets):
                    end = max(end, time + _length(packet, reader))
                    sound.write_until(time)
                    self._mux(packet, at - start, reader)
                    self._step(at + time - start)
                sound.write_until(math.inf)
        finally:
            reader.close()
        heard = self._sound.reached - at + start
        return ClipPiece(start, heard if heard > end + _OVERHANG else end, at)

    def _mux(self, packet: VideoPacket, shift: float, reader: PacketReader) -> None:
        base = packet.time_base or Fraction(1, 1_000_000)
        assert packet.pts is not None
        assert packet.dts is not None
        decoded = reader.clock.seconds(packet.dts) + shift
        if decoded <= self._last:
            raise NotCopiableError
        self._last = decoded
        ticks = round((shift - reader.clock.start) / base)
        packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
        packet.stream = self._stream
        self._container.mux(packet)


def _needed(reader: PacketReader, cut: Cut) -> Iterator[tuple[float, VideoPacket]]:
    """Yield the packets, with the times at which they are shown, that are needed to show a cut.

    The first one is a key frame. What is shown before it, though it comes after it in the file, depends on frames
    that are not there. What is shown after the end is left out, unless something before the end may need it; then
    all up to there is taken, so that no frame is missing in between.
    """
    first: float | None = None
    end = cut.end
    waiting: list[tuple[float, VideoPacket]] = []
    for packet in _dated(_from_key(reader, cut.start)):
        time = reader.time(packet)
        if time is None or packet.dts is None:
            raise NotCopiableError
        if first is None:
            if not packet.is_keyframe:
                continue
            first = time
        if time < first:
            continue
        if reader.clock.seconds(packet.dts) >= end and time > first:
            return
        waiting.append((time, packet))
        if time < end or time == first:
            end = max(end, *(seconds for seconds, _ in waiting))
            yield from waiting
            waiting = []


def _from_key(reader: PacketReader, start: float) -> Iterator[VideoPacket]:
    """Yield packets from the last key frame at or before a time on."""
    if start > _SEEK_GAIN and reader.seek(start):
        landed = next(reader.packets(), None)
        time = None if landed is None else reader.time(landed)
        if landed is None or time is None or time > start or not landed.is_keyframe or not reader.seek(start):
            reader.rewind()
    gate = PacketGate(start)
    for packet in reader.packets():
        yield from gate.push(packet, reader.time(packet))[1]
    yield from gate.release()[1]


def _dated(packets: Iterator[VideoPacket]) -> Iterator[VideoPacket]:
    """Give decoding times to the first packets where they have none: Matroska keeps none, and FFmpeg has to guess.

    Raises:
        NotCopiableError: there are none later either, or no presentation times.
    """
    undated: list[VideoPacket] = []
    for packet in packets:
        if packet.pts is None or len(undated) > _MOST_UNDATED:
            raise NotCopiableError
        undated.append(packet)
        if packet.dts is None:
            continue
        for back, early in enumerate(reversed(undated)):
            early.dts = packet.dts - back
        yield from undated
        undated = []
    if undated:
        raise NotCopiableError


def _length(packet: VideoPacket, reader: PacketReader) -> float:
    """Return how long a frame stays on screen, in seconds."""
    if packet.duration and packet.time_base:
        return float(packet.duration * packet.time_base)
    rate = reader.stream.average_rate or reader.stream.guessed_rate
    return float(1 / rate) if rate else 0.04
