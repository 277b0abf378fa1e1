"""Subtitles: files beside a video, and text streams inside it. Both come from anywhere: sizes are bounded."""

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from av.container import InputContainer
from av.error import FFmpegError
from av.subtitles.stream import SubtitleStream

from retake_core.errors import MediaError
from retake_core.media.ffmpeg.container import open_container

SUFFIXES = frozenset({".srt", ".vtt", ".ass", ".ssa"})
MAX_BYTES = 8 << 20
MAX_CUES = 50_000
MAX_TEXT = 2_000  # characters of one cue, or of one value of the metadata
MAX_TIME = 1e7  # seconds: no recording lasts four months
DEFAULT_LENGTH = 4.0  # seconds that a cue of unknown length is shown
CUES_AT_ONCE = 500
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_TOLD = ("title", "show", "album", "artist", "description", "synopsis", "comment", "keywords")
_BITMAPS = frozenset({"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub", "dvb_teletext"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A text that is shown for some seconds, counted from the container's start."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Subtitles:
    """Cues of one stream, or some of them: its number, and its language as an ISO 639 code or None."""

    stream: int
    language: str | None
    cues: list[Cue]


def read_sidecar(path: Path) -> list[Cue]:
    """Read a subtitle file, whatever its encoding.

    Raises:
        MediaError: it cannot be read, is too large, or is none.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MediaError("The subtitle file is too large.")
        data = path.read_bytes()
    except OSError as error:
        raise MediaError(
            f"The subtitles cannot be read: {(error.strerror or 'unknown error').lower()}."
        ) from error
    import pysubs2  # here, as every decoding process loads this module and none needs it

    try:
        text = _decode(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about fields of a line that have no bearing on its words
            document = pysubs2.SSAFile.from_string(text, format_=_format(text))
        cues = [
            Cue(event.start / 1000, event.end / 1000, event.plaintext)
            for event in document
            if not event.is_comment and not event.is_drawing
        ]
    except (pysubs2.exceptions.Pysubs2Error, ValueError, LookupError, OverflowError, ArithmeticError) as error:
        raise MediaError("The subtitle file is damaged, or of an unknown kind.") from error
    return clean(cues)


def clean(cues: Iterable[Cue]) -> list[Cue]:
    """Return the cues in order of time without markup, odd times, and lines that only roll on."""
    found: list[Cue] = []
    for cue in sorted(cues, key=lambda cue: cue.start):
        text = " ".join(_TAG.sub(" ", cue.text).replace("\\N", " ").split())[:MAX_TEXT].strip()
        if not text or not 0 <= cue.start < MAX_TIME:
            continue
        end = cue.end if cue.start <= cue.end < MAX_TIME else cue.start + DEFAULT_LENGTH
        if found and found[-1].text == text and cue.start <= found[-1].end + 0.1:
            found[-1] = Cue(found[-1].start, max(end, found[-1].end), text)
        elif len(found) < MAX_CUES:
            found.append(Cue(cue.start, end, text))
    return found


def told(container: InputContainer) -> list[str]:
    """Return what a container says of its content, such as its title."""
    values = [" ".join(str(container.metadata.get(key, "")).split())[:MAX_TEXT] for key in _TOLD]
    return [value for value in dict.fromkeys(values) if value]


def embedded(path: Path) -> Iterator[list[str] | Subtitles]:
    """Yield what a video file says of itself, then the cues of its text streams, part by part.

    Raises:
        MediaError: it cannot be opened.
    """
    with open_container(path) as container:
        yield told(container)
        streams = [stream for stream in container.streams.subtitles if _is_text(stream)]
        if streams:
            yield from _cues(container, streams)


def _cues(container: InputContainer, streams: list[SubtitleStream]) -> Iterator[Subtitles]:
    start = (container.start_time or 0) / 1_000_000
    waiting: dict[int, list[Cue]] = {stream.index: [] for stream in streams}
    languages = {stream.index: _language(stream) for stream in streams}
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
                yield Subtitles(stream.index, languages[stream.index], clean(cues))
                cues.clear()
    except FFmpegError:
        pass  # what came before the damage is of use
    for index, cues in waiting.items():
        if cues:
            yield Subtitles(index, languages[index], clean(cues))


def _text(stream: SubtitleStream, packet: Any) -> str:
    try:
        lines = [getattr(subtitle, "dialogue", b"") for subtitle in stream.decode(packet) or ()]
    except FFmpegError:
        return ""
    return " ".join(line.decode(errors="replace") if isinstance(line, bytes) else str(line) for line in lines)


def _is_text(stream: SubtitleStream) -> bool:
    return stream.codec_context is not None and stream.codec_context.name not in _BITMAPS


def _language(stream: SubtitleStream) -> str | None:
    language = stream.language
    return None if not language or language == "und" else language


def _format(text: str) -> str:
    """Tell the format by the content. Not left to the library: some that it knows are XML, which can explode."""
    head = text[:1000].lstrip("\ufeff \r\n\t")
    if head.startswith("WEBVTT"):
        return "vtt"
    return "ass" if head.startswith("[") or "[Script Info]" in head else "srt"


def _decode(data: bytes) -> str:
    """Turn a file into text: by its mark, as UTF-8, or by what its bytes look like."""
    import charset_normalizer

    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(data).best()
        if best is None:
            raise MediaError("The subtitle file is in an unknown encoding.") from None
        text = str(best)
    if "\0" in text:
        best = charset_normalizer.from_bytes(data).best()
        text = "" if best is None else str(best)
    return text
