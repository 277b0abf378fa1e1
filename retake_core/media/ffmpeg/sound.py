"""The sound of a file, as speech models want it: one channel, 16,000 numbers a second."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Discard
from numpy.typing import NDArray

from retake_core.media.ffmpeg.container import Clock, clock_of, open_container

RATE = 16_000
_PREROLL = 1.0  # seconds that a decoder may need before it gives what an undisturbed one does
_SLACK = 0.05  # seconds: times in containers are that exact
_MISSED = 0.5  # seconds after the place that was looked for: the file's index may be wrong
_BLOCK = 2 * RATE  # samples that are told at once

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SoundPart:
    """What is heard from a time on: seconds from the container's start, and float32 [samples], -1..1."""

    time: float
    samples: Samples


def read_sound(path: Path, start: float, length: float) -> Iterator[SoundPart]:
    """Yield the best sound stream of a file from a time on; the parts follow each other without a gap.

    The first part may begin later than asked for, where nothing is recorded; from then on gaps are silence. The
    same call gives the same numbers, whatever was read before.

    Args:
        path: the file. One without sound yields nothing.
        start: seconds from the container's start.
        length: seconds at most.

    Raises:
        MediaError: it cannot be opened.
    """
    for from_start in (False, True):
        with open_container(path) as container:
            best = container.streams.best("audio")
            if not isinstance(best, AudioStream) or best.codec_context is None:
                return
            parts = _read(container, best, start, length, from_start=from_start or start <= _PREROLL)
            first = next(parts, None)
            if from_start or start <= _PREROLL or (first is not None and first.time <= start + _MISSED):
                if first is not None:
                    yield first
                    yield from parts
                return


def _read(
    container: InputContainer, stream: AudioStream, start: float, length: float, *, from_start: bool
) -> Iterator[SoundPart]:
    clock = clock_of(container, stream)
    for other in container.streams:
        if other is not stream:
            other.discard = Discard.all  # many demuxers do not even read them then
    if not from_start:
        try:
            container.seek(clock.ticks(start - _PREROLL), stream=stream)
        except FFmpegError:
            return
    frames = _decoded(container, stream, clock, start - _PREROLL)
    yield from _blocks(_placed(_resampled(frames, clock), start, round(length * RATE)))


def _placed(parts: Iterable[tuple[float | None, Samples]], start: float, most: int) -> Iterator[SoundPart]:
    """Yield what is at `start` and behind, at most so many samples: gaps are filled, what comes twice is cut."""
    began, count = start, 0
    for time, samples in parts:
        if count == 0:
            if time is None or time + len(samples) / RATE <= start:
                continue
            began, samples = max(time, start), samples[max(0, round((start - time) * RATE)) :]
        elif time is not None:
            missing = round((time - began) * RATE) - count
            if missing > _SLACK * RATE:
                samples = np.concatenate([np.zeros(min(missing, most - count), np.float32), samples])
            elif missing < -_SLACK * RATE:
                samples = samples[-missing:]
        samples = samples[: most - count]
        yield SoundPart(began + count / RATE, samples)
        count += len(samples)
        if count >= most:
            return


def _blocks(parts: Iterable[SoundPart]) -> Iterator[SoundPart]:
    """Join what follows each other, as one part is a fraction of a second."""
    waiting: list[SoundPart] = []
    for part in parts:
        waiting.append(part)
        if sum(len(sound.samples) for sound in waiting) >= _BLOCK:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(parts: list[SoundPart]) -> SoundPart:
    return SoundPart(parts[0].time, np.concatenate([part.samples for part in parts]))


def _resampled(frames: Iterable[AudioFrame], clock: Clock) -> Iterator[tuple[float | None, Samples]]:
    """Yield the samples of each frame with its time."""
    resampler, shape = None, None
    for frame in frames:
        ticks, frame.pts = frame.pts, None  # the resampler would refuse times that run backward
        if resampler is None or shape != (frame.format.name, frame.layout.name, frame.sample_rate):
            shape = (frame.format.name, frame.layout.name, frame.sample_rate)
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        try:
            made = [part.to_ndarray()[0] for part in resampler.resample(frame)]
        except (FFmpegError, ValueError):
            continue
        if made:
            yield clock.time(ticks), np.concatenate(made).astype(np.float32, copy=False)


def _decoded(container: InputContainer, stream: AudioStream, clock: Clock, since: float) -> Iterator[AudioFrame]:
    """Yield the frames from a time on that can be decoded: damage is left out, and a read error is the end."""
    try:
        for packet in container.demux(stream):
            time = clock.time(packet.pts)
            if time is not None and time < since:
                continue
            try:
                yield from stream.decode(packet)
            except FFmpegError:
                continue
    except FFmpegError:
        return
