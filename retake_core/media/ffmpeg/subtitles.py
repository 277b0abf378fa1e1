"""What a video file says of itself: titles, chapters and text streams. All sizes are bounded."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from retake_core.media.ffmpeg.container import open_container, tags_of
from retake_core.media.subtitles.ass import said
from retake_core.media.subtitles.cues import DEFAULT_LENGTH, MAX_CUES, MAX_TEXT, Cue, clean
from retake_core.media.subtitles.file import by_voice
from retake_core.media.subtitles.labels import language_tag, partial_title

CUES_AT_ONCE = 500
MAX_CHAPTERS = 1_000
_TITLES = ("title", "show", "album", "artist", "description", "synopsis", "comment", "keywords")
_STYLED = frozenset({"ass", "ssa"})
_NAME, _BEFORE_TEXT = 3, 8  # which field of a line tells who speaks, and how many come before its text
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
            cues += (replace(line, start=begin, end=begin + length) for line in _lines(stream, packet))
            left -= 1
            if len(cues) >= CUES_AT_ONCE:
                yield Subtitles(stream.index, languages[stream.index], partial[stream.index], _said(stream, cues))
                cues.clear()
    except FFmpegError:
        pass  # what came before the damage is of use
    for stream in streams:
        if cues := waiting[stream.index]:
            yield Subtitles(stream.index, languages[stream.index], partial[stream.index], _said(stream, cues))


def _lines(stream: SubtitleStream, packet: Any) -> Iterator[Cue]:
    """Yield the lines of a packet, without their times, as they are written where that tells more than words."""
    if stream.codec_context.name == "webvtt":  # its decoder drops who speaks
        yield from by_voice(Cue(0, 0, bytes(packet).decode(errors="replace")))
        return
    try:
        lines = [subtitle for subtitle in stream.decode(packet) or () if isinstance(subtitle, AssSubtitle)]
    except FFmpegError:
        return
    if stream.codec_context.name in _STYLED:
        for line in lines:
            fields = line.ass.decode(errors="replace").split(",", _BEFORE_TEXT)
            yield Cue(0, 0, fields[-1], fields[_NAME] if len(fields) > _BEFORE_TEXT else None)
    else:
        yield Cue(0, 0, " ".join(line.dialogue.decode(errors="replace") for line in lines))


def _said(stream: SubtitleStream, cues: list[Cue]) -> list[Cue]:
    return clean(said(cues) if stream.codec_context.name in _STYLED else cues)


def _is_text(stream: SubtitleStream) -> bool:
    return stream.codec_context is not None and stream.codec_context.name not in _BITMAPS


def _language(stream: SubtitleStream) -> str | None:
    return language_tag(stream.language or "")


def _is_partial(stream: SubtitleStream) -> bool:
    return bool(stream.disposition & Disposition.forced) or partial_title(stream.metadata.get("title"))
