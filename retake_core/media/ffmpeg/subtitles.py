"""What a video file says of itself: titles, chapters and text streams. All sizes are bounded."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream

from retake_core.media.ffmpeg.container import open_container, tags_of
from retake_core.media.subtitles.cues import DEFAULT_LENGTH, MAX_CUES, MAX_TEXT, Cue, clean
from retake_core.media.subtitles.labels import language_tag, partial_title

CUES_AT_ONCE = 500
MAX_CHAPTERS = 1_000
_TITLES = ("title", "show", "album", "artist", "description", "synopsis", "comment", "keywords")
_BITMAPS = frozenset({"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub", "dvb_teletext"})


@dataclass(frozen=True, slots=True)
class FileTexts:
    """What a file says of its content: titles and the like, and its chapters."""

    titles: list[str]
    chapters: list[Cue]


@dataclass(frozen=True, slots=True)
class Subtitles:
    """Cues of one stream, or some of them.

    Attributes:
        stream: its number.
        language: a lower-case tag such as "en", or None.
        partial: it holds signs or foreign words only.
    """

    stream: int
    language: str | None
    partial: bool
    cues: list[Cue]


def titles(container: InputContainer) -> list[str]:
    """Return what a container says of its content, such as its title."""
    tags = tags_of(container.metadata)
    values = [" ".join(tags.get(key, "").split())[:MAX_TEXT] for key in _TITLES]
    return [value for value in dict.fromkeys(values) if value]


def chapters(container: InputContainer) -> list[Cue]:
    """Return the named chapters of a container, in order of time."""
    start = (container.start_time or 0) / 1_000_000
    found = []
    for chapter in container.chapters()[:MAX_CHAPTERS]:
        tags = tags_of(chapter["metadata"])
        base = chapter["time_base"] or Fraction(1)
        begin, end = (max(0.0, float(chapter[key] * base) - start) for key in ("start", "end"))
        found.append(Cue(begin, end, " ".join(tags.get("title", "").split())[:MAX_TEXT]))
    return sorted((chapter for chapter in found if chapter.text), key=lambda chapter: chapter.start)


def embedded(path: Path) -> Iterator[FileTexts | Subtitles]:
    """Yield what a video file says of itself, then the cues of its text streams, part by part.

    Raises:
        MediaError: it cannot be opened.
    """
    with open_container(path) as container:
        yield FileTexts(titles(container), chapters(container))
        streams = [stream for stream in container.streams.subtitles if _is_text(stream)]
        if streams:
            yield from _cues(container, streams)


def _cues(container: InputContainer, streams: list[SubtitleStream]) -> Iterator[Subtitles]:
    start = (container.start_time or 0) / 1_000_000
    waiting: dict[int, list[Cue]] = {stream.index: [] for stream in streams}
    languages = {stream.index: _language(stream) for stream in streams}
    partial = {stream.index: _is_partial(stream) for stream in streams}
    left = MAX_CUES
    try:
        for packet in container.demux(streams):
            if packet.pts is None or left == 0:
                continue
            stream: Any = packet.stream
            begin = float(packet.pts * packet.time_base) - start
            length = float((packet.duration or 0) * packet.time_base) or DEFAULT_LENGTH
            cues = waiting[stream.index]
            cues.append(Cue(begin, begin + length, _text(stream, packet)))
            left -= 1
            if len(cues) >= CUES_AT_ONCE:
                yield Subtitles(stream.index, languages[stream.index], partial[stream.index], clean(cues))
                cues.clear()
    except FFmpegError:
        pass  # what came before the damage is of use
    for index, cues in waiting.items():
        if cues:
            yield Subtitles(index, languages[index], partial[index], clean(cues))


def _text(stream: SubtitleStream, packet: Any) -> str:
    try:
        lines = [getattr(subtitle, "dialogue", b"") for subtitle in stream.decode(packet) or ()]
    except FFmpegError:
        return ""
    return " ".join(line.decode(errors="replace") if isinstance(line, bytes) else str(line) for line in lines)


def _is_text(stream: SubtitleStream) -> bool:
    return stream.codec_context is not None and stream.codec_context.name not in _BITMAPS


def _language(stream: SubtitleStream) -> str | None:
    return language_tag(stream.language or "")


def _is_partial(stream: SubtitleStream) -> bool:
    return bool(stream.disposition & Disposition.forced) or partial_title(stream.metadata.get("title"))
