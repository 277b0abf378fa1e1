"""Reading a subtitle file, whatever its format and encoding. It comes from anywhere: sizes are bounded."""

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retake_core.errors import MediaError
from retake_core.media.subtitles.ass import said
from retake_core.media.subtitles.cues import DEFAULT_LENGTH, Cue, clean
from retake_core.media.subtitles.encoding import decode

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SUFFIXES = frozenset({".srt", ".vtt", ".ass", ".ssa", ".sbv", ".ttml", ".dfxp", ".lrc"})
MAX_BYTES = 8 << 20
_SBV_TIMES = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d{3}),(\d+):(\d\d):(\d\d)\.(\d{3})")
_LRC_TIME = re.compile(r"\[(\d{1,3}):(\d\d)(?:[.:](\d{1,3}))?\]")
_LRC_WORD_TIME = re.compile(r"<\d{1,3}:\d\d(?:[.:]\d{1,3})?>")
_TIMES_WITH_COMMAS = re.compile(r"^([ \t\d:]+),(\d{3}[ \t]*-->[ \t\d:]+),(\d{3})", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>")


def read_subtitle_file(path: Path, language: str | None = None) -> list[Cue]:
    """Return the cues of a subtitle file; see `clean`.

    Args:
        path: the file.
        language: that its name tells; it decides which older encoding is meant.

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
    text = decode(data, language)
    try:
        return clean(_reader(text)(text))
    except (ValueError, LookupError, ArithmeticError) as error:
        raise MediaError("The subtitle file is damaged, or of an unknown kind.") from error


def _reader(text: str) -> Callable[[str], Iterator[Cue]]:
    """Tell the format by the content: a name may say anything."""
    head = text[:1000].lstrip("\ufeff \n\t")
    if head.startswith("WEBVTT"):
        return _read_webvtt
    if "[Script Info]" in head or head.startswith("[Events]"):
        return _read_ass
    if _SBV_TIMES.match(head):
        return _read_sbv
    if head.startswith("<") and re.search(r"<(?:\w+:)?tt[\s>]", head):
        return _read_ttml
    if re.match(r"\[(?:\d|[a-z]{2,8}:)", head):
        return _read_lrc
    return _read_srt


def _read_srt(text: str) -> Iterator[Cue]:
    import pysubs2  # here, as every decoding process loads this module and none needs it

    try:
        document = pysubs2.SSAFile.from_string(text, format_="srt")
    except pysubs2.exceptions.Pysubs2Error as error:
        raise ValueError from error
    for event in document:
        yield Cue(event.start / 1000, event.end / 1000, event.plaintext)


def _read_ass(text: str) -> Iterator[Cue]:
    import pysubs2

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about fields of a line that have no bearing on its words
            document = pysubs2.SSAFile.from_string(text, format_="ass")
    except pysubs2.exceptions.Pysubs2Error as error:
        raise ValueError from error
    lines = (event for event in document if not event.is_comment)
    yield from said(Cue(line.start / 1000, line.end / 1000, line.text, line.name or None) for line in lines)


def _read_webvtt(text: str) -> Iterator[Cue]:
    import webvtt

    try:
        captions = webvtt.from_string(_TIMES_WITH_COMMAS.sub(r"\1.\2.\3", text)).captions
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError) as error:
        raise ValueError from error
    for caption in captions:
        start, end = (at.in_milliseconds() / 1000 for at in (caption.start_time, caption.end_time))
        yield from by_voice(Cue(start, end, caption.raw_text))


def by_voice(cue: Cue) -> Iterator[Cue]:
    """Yield what each voice says in a cue of WebVTT, whose text is as it is written there."""
    first, *voices = _VOICE.split(cue.text)
    if first.strip() or not voices:
        yield replace(cue, text=first)
    for speaker, words in zip(voices[::2], voices[1::2], strict=True):
        yield replace(cue, text=words, speaker=speaker)


def _read_sbv(text: str) -> Iterator[Cue]:
    for block in re.split(r"\n\s*\n", text):
        times, _, words = block.strip().partition("\n")
        if match := _SBV_TIMES.fullmatch(times.strip()):
            h, m, s, ms, *end = map(int, match.groups())
            yield Cue(_seconds(h, m, s, ms), _seconds(*end), words)


def _read_lrc(text: str) -> Iterator[Cue]:
    """Read lyrics: a line may have several times, and lasts until the next one."""
    found: list[tuple[float, str]] = []
    for line in text.split("\n"):
        words = _LRC_WORD_TIME.sub("", _LRC_TIME.sub("", line)).strip()
        for minutes, seconds, rest in _LRC_TIME.findall(line):
            found.append((60 * int(minutes) + float(f"{seconds}.{rest or 0}"), words))
    found.sort(key=lambda line: line[0])
    ends = [start for start, _ in found[1:]] + [found[-1][0] + DEFAULT_LENGTH] if found else []
    for (start, words), end in zip(found, ends, strict=True):
        yield Cue(start, end, words)


def _read_ttml(text: str) -> Iterator[Cue]:
    from defusedxml import DefusedXmlException, ElementTree

    try:
        root = ElementTree.fromstring(text.encode(), forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise ValueError from error
    rates = {_local(name): value for name, value in root.attrib.items()}
    frames, ticks = float(rates.get("frameRate", 30)), float(rates.get("tickRate", 1))
    names = {
        _attribute(element, "id"): " ".join("".join(element.itertext()).split())
        for element in root.iter()
        if _local(element.tag) == "agent"
    }
    for element in root.iter():
        if _local(element.tag) != "p" or "begin" not in element.attrib:
            continue
        begin = _ttml_time(element.attrib["begin"], frames, ticks)
        if "end" in element.attrib:
            end = _ttml_time(element.attrib["end"], frames, ticks)
        else:
            end = begin + (_ttml_time(element.attrib["dur"], frames, ticks) if "dur" in element.attrib else -1.0)
        for line in element.iter():
            if _local(line.tag) == "br":
                line.tail = "\n" + (line.tail or "")
        # What stands between "<" and ">" is text here, and not for `clean` to take for markup.
        words = "".join(element.itertext()).replace("<", "&lt;")
        yield Cue(begin, end, words, names.get(_attribute(element, "agent")))


def _local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def _attribute(element: "Element", name: str) -> str:
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")


def _ttml_time(value: str, frames: float, ticks: float) -> float:
    """Return the seconds of 00:00:01.500, 00:00:01:12 (frames), 1.5s, 1500ms, 36f or 15000000t."""
    if match := re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?", value):
        hours, minutes, seconds, frame = match.groups()
        return 3600 * int(hours) + 60 * int(minutes) + float(seconds) + float(frame or 0) / frames
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(h|m|s|ms|f|t)", value)
    if match is None:
        raise ValueError(value)
    unit = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "f": 1 / frames, "t": 1 / ticks}[match[2]]
    return float(match[1]) * unit


def _seconds(hours: int, minutes: int, seconds: int, milliseconds: int) -> float:
    return 3600 * hours + 60 * minutes + seconds + milliseconds / 1000
