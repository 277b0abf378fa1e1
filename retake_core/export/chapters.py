"""Chapters of one video: FFmpeg's metadata file, and WebVTT."""

import re
from collections.abc import Sequence

from retake_core.errors import UserError
from retake_core.export.moments import Item
from retake_core.library.description import Chapter

_SPECIAL = re.compile(r"([=;#\\\n])")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
SHORTEST_CHAPTER = 0.001  # seconds


def chapters(items: Sequence[Item], duration: float | None) -> list[Chapter]:
    """Return items as chapters: in order of time, each to its end or to where the next one begins.

    Raises:
        UserError: there are none, or they are of several videos.
    """
    if not items:
        raise UserError("There is nothing to write: no keyframes yet, or no moments. Index the video first.")
    if len({item.video.id for item in items}) > 1:
        raise UserError("Chapters belong to one video, and these moments are of several; choose one of them.")
    ordered = sorted(items, key=lambda item: item.start)
    firsts = [item for before, item in zip([None, *ordered], ordered, strict=False) if _later(before, item)]
    nexts = [item.start for item in firsts[1:]] + [max(duration or 0.0, firsts[-1].end)]
    return [
        Chapter(item.start, max(min(item.end, following), item.start + SHORTEST_CHAPTER), item.label, item.text)
        for item, following in zip(firsts, nexts, strict=True)
    ]


def to_ffmetadata(parts: Sequence[Chapter], title: str) -> str:
    """Return what `ffmpeg -i video -i FILE -map_metadata 1 -codec copy out` takes in."""
    lines = [";FFMETADATA1", f"title={_escaped(title)}"]
    for part in parts:
        times = f"START={round(part.start * 1000)}\nEND={round(part.end * 1000)}"
        lines.append(f"\n[CHAPTER]\nTIMEBASE=1/1000\n{times}\ntitle={_escaped(part.title)}")
    return "\n".join(lines) + "\n"


def to_webvtt(parts: Sequence[Chapter]) -> str:
    """Return what `<track kind="chapters">` of a web page takes in; sentences are comments."""
    cues = []
    for number, part in enumerate(parts, start=1):
        if part.text:
            cues.append(f"NOTE {' '.join(part.text.split()).replace('-->', '->')}\n")
        cues.append(f"{number}\n{_stamp(part.start)} --> {_stamp(part.end)}\n{part.title.translate(_MARKUP)}\n")
    return "\n".join(["WEBVTT\n", *cues])


def _later(before: Item | None, item: Item) -> bool:
    return before is None or item.start - before.start >= SHORTEST_CHAPTER


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _stamp(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
