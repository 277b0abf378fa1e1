"""The sound of a file, as speech models want it: one channel, 16,000 numbers a second."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Discard, Disposition
from numpy.typing import NDArray

from retake_core.media.ffmpeg.container import Clock, clock_of, open_container

RATE = 16_000
_PREROLL = 1.0  # seconds that a decoder may need before it gives what an undisturbed one does
_SLACK = 0.05  # seconds: times in containers are that exact
_MISSED = 0.5  # seconds after the place that was looked for: the file's index may be wrong
_BLOCK = 2 * RATE  # samples that are told at once
_ASIDE = Disposition.comment | Disposition.visual_impaired | Disposition.karaoke | Disposition.clean_effects
_PROBED = (0.25, 0.5, 0.75)  # of a recording: where a track is listened to, to see whether it is silent
_PROBE = 5.0  # seconds
_SILENCE = 3e-4  # root of the mean square: -70 dB
_OPPOSITE = 1e-3  # share of the channels' power that their mean keeps, below which they are in opposite phase

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SoundPart:
    """What is heard from a time on: seconds from the container's start, and float32 [samples], -1..1."""

    time: float
    samples: Samples


def read_sound(path: Path, start: float, length: float, chosen: int | None = None) -> Iterator[SoundPart]:
    """Yield what is heard in a file from a time on, without gaps between the parts; see `choose_tracks`.

    The first part may begin later than asked for, where nothing is recorded; from then on gaps are silence. The
    same call gives the same numbers, whatever was read before.

    Args:
        path: the file. One without sound yields nothing.
        start: seconds from the container's start.
        length: seconds at most.
        chosen: the number of the track that a person chose, if one did.

    Raises:
        MediaError: it cannot be opened.
    """
    tracks = choose_tracks(path, chosen).streams
    if len(tracks) == 1:
        yield from _track(path, tracks[0], start, length)
    elif tracks:
        yield from _mixed([list(_track(path, track, start, length)) for track in tracks])


def _track(path: Path, index: int, start: float, length: float) -> Iterator[SoundPart]:
    for from_start in (False, True):
        with open_container(path) as container:
            stream = container.streams[index]
            assert isinstance(stream, AudioStream)
            parts = _read(container, stream, start, length, from_start=from_start or start <= _PREROLL)
            first = next(parts, None)
            if from_start or start <= _PREROLL or (first is not None and first.time <= start + _MISSED):
                if first is not None:
                    yield first
                    yield from parts
                return


def _mixed(tracks: list[list[SoundPart]]) -> Iterator[SoundPart]:
    """Yield the sum of tracks that are heard at the same time."""
    parts = [part for track in tracks for part in track]
    if not parts:
        return
    began = min(part.time for part in parts)
    count = max(round((part.time - began) * RATE) + len(part.samples) for part in parts)
    mix = np.zeros(count, np.float32)
    for part in parts:
        first = round((part.time - began) * RATE)
        mix[first : first + len(part.samples)] += part.samples
    np.clip(mix, -1, 1, out=mix)
    for first in range(0, count, _BLOCK):
        yield SoundPart(began + first / RATE, mix[first : first + _BLOCK])


class ChoiceReason(StrEnum):
    """Why tracks are listened to."""

    HAND = "by hand"
    NONE = "no sound"
    ONLY = "the only track"
    SPOKEN = "the others are comments or descriptions"
    AUDIBLE = "the others are silent"
    LANGUAGE = "of several languages, the one that players take"
    ALL = "heard at once"


@dataclass(frozen=True, slots=True)
class TrackChoice:
    """The numbers of the streams that are listened to, in the container, and why."""

    streams: tuple[int, ...]
    reason: ChoiceReason


def choose_tracks(path: Path, chosen: int | None = None) -> TrackChoice:
    """Choose the sound in which people may speak: one track, or several that belong together.

    Comments on a film and descriptions of it are left out, and so are tracks in which nothing is heard. Of tracks
    in several languages the one that players take is chosen; others, such as a game and the player's microphone,
    are heard at once.

    Args:
        path: the file.
        chosen: the number of a track among those of sound, from 1, that a person chose. One that the file does
            not have is passed over.

    Raises:
        MediaError: the file cannot be opened.
    """
    try:
        return _choose_tracks(path, path.stat().st_mtime_ns, chosen)
    except OSError:
        return _choose_tracks(path, 0, chosen)  # it says itself why it cannot be opened


@lru_cache(16)  # a long recording is read stretch by stretch
def _choose_tracks(path: Path, _changed: int, chosen: int | None) -> TrackChoice:
    with open_container(path) as container:
        sound = container.streams.audio
        if chosen is not None and chosen <= len(sound) and sound[chosen - 1].codec_context is not None:
            return TrackChoice((sound[chosen - 1].index,), ChoiceReason.HAND)
        streams = [stream for stream in sound if stream.codec_context is not None]
        best = container.streams.best("audio")
        told = [stream for stream in streams if not stream.disposition & _ASIDE] or streams
        languages = {stream.index: stream.language for stream in told}
        duration = (container.duration or 0) / 1_000_000
        first = best.index if best in told and best is not None else next(iter(languages), None)
        alone = len(streams) == len(told)
    if len(languages) <= 1:
        reason = ChoiceReason.ONLY if alone else ChoiceReason.SPOKEN
        return TrackChoice(tuple(languages), reason if languages else ChoiceReason.NONE)
    audible = [number for number in languages if _is_audible(path, number, duration)] or list(languages)
    distinct = {languages[number] for number in audible} - {None, "und"}
    if len(distinct) > 1:
        played = first if first is not None and first in audible else audible[0]
        return TrackChoice((played,), ChoiceReason.LANGUAGE)
    return TrackChoice(tuple(audible), ChoiceReason.AUDIBLE if len(audible) == 1 else ChoiceReason.ALL)


def _is_audible(path: Path, number: int, duration: float) -> bool:
    """Return whether something is heard at one of a few places of a track."""
    places = {0.0, *(duration * share for share in _PROBED)}
    for place in sorted(places):
        for part in _track(path, number, place, _PROBE):
            if len(part.samples) and float(np.sqrt(np.mean(part.samples**2))) > _SILENCE:
                return True
    return False


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
    resampler, shape, stereo = None, None, False
    for frame in frames:
        ticks, frame.pts = frame.pts, None  # the resampler would refuse times that run backward
        if resampler is None or shape != (frame.format.name, frame.layout.name, frame.sample_rate):
            shape = (frame.format.name, frame.layout.name, frame.sample_rate)
            stereo = frame.layout.nb_channels == 2
            resampler = av.AudioResampler(format="flt", layout="stereo" if stereo else "mono", rate=RATE)
        try:
            made = [part.to_ndarray()[0] for part in resampler.resample(frame)]
            made = [_one_channel(samples) for samples in made] if stereo else made
        except (FFmpegError, ValueError):
            continue
        if made:
            yield clock.time(ticks), np.concatenate(made).astype(np.float32, copy=False)


def _one_channel(packed: Samples) -> Samples:
    """Return the mean of two channels, or one of them where each takes back what the other says."""
    left, right = packed[::2], packed[1::2]
    mean = ((left + right) / 2).astype(np.float32, copy=False)
    apart = np.mean(left**2) + np.mean(right**2)
    return left if np.mean(mean**2) < _OPPOSITE * apart else mean


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
