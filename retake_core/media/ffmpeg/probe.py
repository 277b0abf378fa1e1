"""What a video file says of itself, read without decoding more than its first key frame."""

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from retake_core.errors import MediaError
from retake_core.media.ffmpeg.colour import are_beyond_screens, is_beyond_screens, is_transparent
from retake_core.media.ffmpeg.container import (
    LATEST,
    clock_of,
    decoder_of,
    has_hidden_alpha,
    open_container,
    tags_of,
    video_stream,
)
from retake_core.media.ffmpeg.dolby_vision import is_dolby_vision_alone
from retake_core.media.ffmpeg.units import tells_spare_pictures
from retake_core.media.recording_date import normal
from retake_core.media.video_info import LONGEST_LIVE_FILM, VideoInfo

LARGEST_PICTURE = 2**27
"""Pixels; cameras make a quarter of that, and a decoder needs room for many such pictures."""
_PEEK_PACKETS = 250
_LIVE_KEYS = ("com.apple.quicktime.content.identifier", "com.apple.quicktime.live-photo.auto")
_DATE_KEYS = ("com.apple.quicktime.creationdate", "creation_time", "date_recorded", "date")


def probe(path: Path) -> VideoInfo:
    """Read the metadata of a video file.

    Raises:
        MediaError: it is not a readable video; the text is one sentence without the path.
    """
    with open_container(path) as container:
        stream = video_stream(container)
        _refuse_huge(stream)  # before anything of it is decoded
        picture = _first_picture(container, stream)
        width, height = _shown_size(stream, picture)
        rotation = 0 if picture is None else 90 * (-quarter_turns(picture) % 4)
        if rotation in (90, 270):
            width, height = height, width
        duration = _duration(container, stream)
        tags = container.metadata | stream.metadata
        return VideoInfo(
            duration=duration,
            width=width,
            height=height,
            rotation=rotation,
            codec=stream.codec.canonical_name,
            container=container.format.name,
            frame_rate=float(stream.average_rate or stream.guessed_rate or 0),
            start=clock_of(container, stream).start,
            size=path.stat().st_size,
            recorded=_recorded(tags_of(stream.metadata), tags_of(container.metadata)),
            interlaced=picture is not None and picture.interlaced_frame,
            plain=_is_told_plain(stream) if picture is None else _is_plain(picture),
            live=0 < duration <= LONGEST_LIVE_FILM and any(map(tags_of(tags).get, _LIVE_KEYS)),
            own_colours=is_dolby_vision_alone(path, container, stream),
            has_sound=bool(container.streams.audio),
            has_spare_pictures=_has_spare_pictures(stream),
        )


def quarter_turns(picture: VideoFrame) -> int:
    """Return how many quarter turns counterclockwise make a decoded picture upright."""
    return round(picture.rotation / 90) % 4


def _is_plain(picture: VideoFrame) -> bool:
    return not (picture.interlaced_frame or is_beyond_screens(picture) or is_transparent(picture))


def _is_told_plain(stream: VideoStream) -> bool:
    told = stream.codec_context
    return not (are_beyond_screens(told.color_primaries, told.color_trc) or has_hidden_alpha(stream))


def _has_spare_pictures(stream: VideoStream) -> bool:
    return tells_spare_pictures(stream.codec.canonical_name) and bool(stream.codec_context.has_b_frames)


def _first_picture(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    """Decode the first key frame: only decoded frames carry the display matrix, and the true size."""
    decoder = decoder_of(stream)
    decoder.thread_count = 1
    try:
        for number, packet in enumerate(container.demux(stream)):
            if number >= _PEEK_PACKETS:
                break
            if packet.is_keyframe and packet.size:
                # Draining at once gets the picture out without the frames after it.
                if pictures := [*decoder.decode(packet), *decoder.decode(None)]:
                    return pictures[0]
                decoder.flush_buffers()
    except FFmpegError:
        pass  # damaged at its start; decoding may still find frames further on
    return None


def _refuse_huge(coded: VideoFrame | VideoStream) -> None:
    if coded.width * coded.height > LARGEST_PICTURE:
        raise MediaError(f"Its pictures are too large to decode: {coded.width} x {coded.height}.")


def _shown_size(stream: VideoStream, picture: VideoFrame | None) -> tuple[int, int]:
    coded: VideoFrame | VideoStream = picture or stream
    if coded.width <= 0 or coded.height <= 0:
        raise MediaError("The file is damaged or incomplete.")
    _refuse_huge(coded)
    aspect = stream.sample_aspect_ratio or Fraction(1)
    if not Fraction(1, 8) <= aspect <= 8:
        aspect = Fraction(1)  # nonsense from a damaged header
    return max(1, round(coded.width * aspect)), coded.height


def _duration(container: InputContainer, stream: VideoStream) -> float:
    duration = _told_duration(container, stream)
    return duration if duration <= LATEST else 0.0


def _told_duration(container: InputContainer, stream: VideoStream) -> float:
    # A subtitle may stand far behind the end: what is seen and heard tells the length where it can.
    lengths = [_stream_end(stream), *map(_stream_end, container.streams.audio)]
    start = (container.start_time or 0) / 1_000_000
    if container.streams.subtitles and (told := [length for length in lengths if length is not None]):
        return max(0.0, max(told) - start)
    if container.duration is not None:
        # Matroska stores the end of the last frame, and not how long it is from the first.
        return max(0.0, container.duration / 1_000_000 - (start if "matroska" in container.format.name else 0.0))
    if stream.duration is not None and stream.time_base is not None:
        return max(0.0, float(stream.duration * stream.time_base))
    return 0.0


def _stream_end(stream: VideoStream | AudioStream) -> float | None:
    """Return the seconds at which a stream ends, as its header or its tags tell, or None."""
    if stream.duration is not None and stream.time_base is not None:
        return float((stream.duration + (stream.start_time or 0)) * stream.time_base)
    tags = tags_of(stream.metadata)
    match = re.match(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", tags.get("duration", ""))
    return 3600 * int(match[1]) + 60 * int(match[2]) + float(match[3]) if match else None


def _recorded(*sources: Mapping[str, str]) -> str | None:
    """Return the first date of the tags that may be true."""
    told = (normal(tags[key]) for key in _DATE_KEYS for tags in sources if key in tags)
    return next((date for date in told if date is not None), None)
