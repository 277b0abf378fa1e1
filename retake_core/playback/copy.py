"""Copies that the window's player shows exactly: the same frames at the same times in MP4.

Where only the container stands in the way, the packets are copied; everything else is encoded anew as H.264
with key frames so close together that every frame is reached at once. The original is only ever read.
"""

import math
import os
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError
from retake_core.media.ffmpeg.container import open_container, video_stream
from retake_core.media.ffmpeg.h264 import TICK, add_h264, encoding_threads
from retake_core.media.ffmpeg.packets import PacketGate, PacketReader, VideoPacket
from retake_core.media.ffmpeg.picture import PictureConverter, forward_only
from retake_core.media.ffmpeg.picture_decoder import PictureDecoder
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.ffmpeg.sound_track import SoundTrack, SoundWriter
from retake_core.media.frames import TOLERANCE, Frame
from retake_core.media.process.tasks import TellFraction
from retake_core.media.video_info import VideoInfo
from retake_core.playback.playable import CODECS, CONTAINERS
from retake_core.system.files import open_private

MICROSECONDS = 1_000_000
GROUP = 24  # frames from one key frame to the next
_COPIED = frozenset({"h264", "hevc"})
_PAINTED = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "nv12"})
"""Pixel formats that a player paints without a graphics card."""
_REORDERED = 17  # packets that come before what is shown first, at most
_ENCODER = {"preset": "superfast", "crf": "20", "tune": "fastdecode"}


@dataclass(frozen=True, slots=True)
class PlayableCopy:
    """A copy that was made.

    Attributes:
        times: when the frames of the original are shown, in microseconds from the container's start.
        shift: microseconds by which the copy's frames come earlier: a container may begin at its first frame.
        encoded: whether it was encoded anew; else it holds the original's packets.
    """

    times: "array[int]"
    shift: int
    encoded: bool


def plays(path: Path) -> bool:
    """Tell whether the player is likely to show the file itself.

    Raises:
        MediaError: it is not a readable video.
    """
    with open_container(path) as container:
        codec = video_stream(container).codec.canonical_name
        known = codec in CODECS and not CONTAINERS.isdisjoint(container.format.name.split(","))
    return known and probe(path).plain  # a player shows others with teeth, without their ground, or pale


def frame_times(path: Path) -> "array[int]":
    """Return when the frames of a file are shown, in microseconds from the container's start, sorted.

    Only packets are read, a hundredth of the work of decoding.

    Raises:
        MediaError: it is not a readable video.
    """
    reader = PacketReader(path)
    try:
        times = (reader.time(packet) for packet in reader.packets() if not packet.is_discard)
        ticks = {round(time * MICROSECONDS) for time in times if time is not None and time > -TOLERANCE}
    finally:
        reader.close()
    return array("q", sorted(ticks))


def make_copy(
    path: Path,
    target: Path,
    short_side: int,
    cancel: CancelToken,
    tell: TellFraction,
    *,
    encode: bool = False,
    sound: int | None = None,
) -> PlayableCopy:
    """Write a playable copy of a video, with its sound.

    Args:
        path: the video.
        target: the copy; what it holds is lost. It is removed when the work does not come to its end.
        short_side: pixels of the shorter side of an encoded copy; smaller videos are not enlarged.
        cancel: looked at between frames.
        tell: hears of the progress.
        encode: do not try to copy the packets; a player has failed on them.
        sound: the track that is to be heard, counted from 1; None is the one that seems best.

    Raises:
        MediaError: it cannot be read, or there is no room for the copy.
        Cancelled: a stop was asked for.
    """
    info = probe(path)

    def step(time: float) -> None:
        cancel.check()
        tell(min(time / info.duration, 1.0) if info.duration else 0.0)

    try:
        if not encode and info.plain and info.codec in _COPIED:
            times = _copy(path, target, sound, step)
            shift = _shift(times, target)
            if shift is not None:
                return PlayableCopy(times, shift, encoded=False)
        times = _encode(path, target, info, short_side, sound, step)
        shift = _shift(times, target)
        if shift is None:
            raise MediaError("No copy of it can be made that shows the same frames.")
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, FFmpegError | OSError):
            reason = (error.strerror or "unknown error").lower()
            raise MediaError(f"No copy that can be played could be made: {reason}.") from error
        raise
    return PlayableCopy(times, shift, encoded=True)


def _shift(times: "array[int]", target: Path) -> int | None:
    """Return the microseconds by which the frames of a copy come earlier, or None when it has others."""
    if not times:
        return None
    copied = frame_times(target)
    if len(times) != len(copied):
        return None
    shift = times[0] - copied[0]
    same = all(abs(time - copy - shift) <= 1000 for time, copy in zip(times, copied, strict=True))
    return shift if same else None


@contextmanager
def _writing(target: Path) -> Iterator[OutputContainer]:
    os.close(open_private(target, os.O_WRONLY | os.O_TRUNC))
    container = av.open(os.fspath(target), "w", format="mp4")
    try:
        yield container
    finally:
        container.close()


def _copy(path: Path, target: Path, number: int | None, step: Callable[[float], None]) -> "array[int]":
    """Copy the packets; return nothing where their times are not such that a container keeps them."""
    reader = PacketReader(path)
    times: set[int] = set()
    try:
        if reader.times_guessed or reader.stream.pix_fmt not in _PAINTED:
            return array("q")
        with _writing(target) as container, _sound_writer(container, path, number) as sound:
            stream = container.add_stream_from_template(reader.stream)
            assert isinstance(stream, VideoStream)
            usual = 1 / reader.stream.guessed_rate if reader.stream.guessed_rate else TICK
            last, lead = -math.inf, 0.0
            for packet in _with_decoding_times(reader):
                if not times and not packet.is_keyframe:
                    continue  # nothing can be shown of what comes before the first key frame
                shown = reader.time(packet)
                if shown is None or packet.pts is None or packet.dts is None:
                    return array("q")
                decoded = reader.clock.seconds(packet.dts)
                if decoded <= last or round(shown * MICROSECONDS) in times:
                    return array("q")
                last = decoded
                times.add(round(shown * MICROSECONDS))
                lead = max(lead, shown)
                sound.write_until(lead)
                length = packet.duration * (packet.time_base or TICK) if packet.duration else usual
                packet.duration = round(length / TICK)
                packet.pts, packet.dts = round(shown * MICROSECONDS), round(decoded * MICROSECONDS)
                packet.time_base, packet.stream = TICK, stream
                container.mux(packet)
                step(lead)
            sound.finish()
    finally:
        reader.close()
    return array("q", sorted(times))


def _sound_writer(container: OutputContainer, path: Path, number: int | None) -> SoundWriter:
    return SoundWriter(path, SoundTrack(container, path, number=number), number=number)


def _with_decoding_times(reader: PacketReader) -> Iterator[VideoPacket]:
    """Yield packets; with B-frames Matroska leaves out the decoding times of the first: they come right before."""
    held: list[VideoPacket] = []
    for packet in reader.packets():
        held.append(packet)
        if packet.dts is None and len(held) < _REORDERED:
            continue
        for early, number in zip(held[:-1], range(len(held) - 1, 0, -1), strict=True):
            early.dts = None if packet.dts is None else packet.dts - number
        yield from held
        held = []
    yield from held


def _encode(
    path: Path,
    target: Path,
    info: VideoInfo,
    short_side: int,
    number: int | None,
    step: Callable[[float], None],
) -> "array[int]":
    times = array("q")
    decoder = PictureDecoder(path, info.frame_rate, encoding_threads())
    converter = PictureConverter(info, short_side, quick=True)
    stream: VideoStream | None = None
    try:
        with _writing(target) as container, _sound_writer(container, path, number) as sound:
            for picture in forward_only(decoder.pictures(PacketGate(-math.inf))):
                frame = converter.frame(picture)
                if frame is None:
                    continue
                if stream is None:
                    stream = _encoder(container, info, frame)
                time = max(round(frame.time * MICROSECONDS), 0)
                if times and time <= times[-1]:
                    continue
                times.append(time)
                sound.write_until(frame.time)
                container.mux(stream.encode(_even(frame, time)))
                step(frame.time)
            if stream is None:
                raise MediaError("None of its frames can be decoded.")
            container.mux(stream.encode(None))
            sound.finish()
    finally:
        decoder.close()
    return times


def _encoder(container: OutputContainer, info: VideoInfo, frame: Frame) -> VideoStream:
    height, width = (side // 2 * 2 or 2 for side in frame.image.shape[:2])
    stream = add_h264(container, info.frame_rate, (width, height), _ENCODER)
    stream.codec_context.gop_size = GROUP
    stream.codec_context.max_b_frames = 0
    return stream


def _even(frame: Frame, time: int) -> av.VideoFrame:
    """Return a picture for the encoder, which wants even sides: an odd last row or column is left out."""
    height, width = (side // 2 * 2 or side for side in frame.image.shape[:2])
    picture = av.VideoFrame.from_ndarray(frame.image[:height, :width].copy(), format="rgb24")
    picture.pts, picture.time_base = time, TICK
    return picture
