"""An answer with the frames that it rests on, as a page to keep or to send: HTML, or Markdown with a folder."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from retake_core.display import clock, readable
from retake_core.library.catalog import VideoEntry
from retake_core.library.history import StoredMessage
from retake_core.protocol.question_events import Cited
from retake_core.protocol.question_outcome import AnswerState

_EVIDENCE = (
    "These are the moments that the model attended to most while it wrote the answer, the strongest first. They "
    "show what the answer rests on, not that it is right."
)
_FOUND = "No model answered. These are the moments of the library that match the question best."
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#&~|$]|:(?=//)|(?<=www)\.|@)")
_MARKUP_AT_BEGINNING = re.compile(r"(?m)^(\s*\d*)([-+=.)])")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { font-size: 1.05rem; margin-top: 2.2rem; }
.answer { white-space: pre-wrap; font-size: 1.1rem; }
.frames { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1.1rem; padding: 0; }
figure { margin: 0; }
img { width: 100%; border-radius: 6px; display: block; }
figcaption, .quiet { font-size: .88rem; opacity: .78; }
"""


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """All that a page says.

    Attributes:
        videos: of its citations, by id; those that are gone are missing.
        pictures: encoded, by the ids of keyframes.
    """

    message: StoredMessage
    videos: Mapping[int, VideoEntry]
    pictures: Mapping[int, bytes]
    asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Figure:
    number: int
    cited: Cited
    video: str
    picture: bytes | None

    @property
    def caption(self) -> str:
        cited = self.cited
        times = f"{clock(cited.start)} to {clock(cited.end)}" if cited.end > cited.start else clock(cited.time)
        return f"{clock(cited.time)} in {self.video} ({times}, strength {cited.strength:.0%})"

    @property
    def suffix(self) -> str:
        return "webp" if self.picture is not None and self.picture[8:12] == b"WEBP" else "jpg"

    @property
    def media_type(self) -> str:
        return "image/webp" if self.suffix == "webp" else "image/jpeg"


def to_html(answer: AnswerContent) -> str:
    """Return a page that needs no other file; nothing in it that came from elsewhere is taken for mark-up."""
    message = answer.message
    figures = "\n".join(_html_figure(figure) for figure in _figures(answer))
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">",
        f"<title>{_html(message.question)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{_html(message.question)}</h1>",
        f'<div class="answer">{_html(_text(message))}</div>',
    ]
    if figures:
        parts += ["<h2>What it rests on</h2>", f'<p class="quiet">{_html(_about(message))}</p>']
        parts.append(f'<div class="frames">\n{figures}\n</div>')
    for title, lines in _sections(answer):
        rows = "".join(f"<li>{_html(line)}</li>" for line in lines)
        parts.append(f'<h2>{_html(title)}</h2><ul class="quiet">{rows}</ul>')
    return "\n".join([*parts, "</body></html>"]) + "\n"


def to_markdown(answer: AnswerContent, folder: str) -> tuple[str, dict[str, bytes]]:
    """Return a page, and the pictures that lie in a folder beside it, by name.

    Args:
        answer: what it says.
        folder: its name.
    """
    message = answer.message
    parts = [f"# {_markdown(message.question)}", _markdown(_text(message))]
    files: dict[str, bytes] = {}
    figures = _figures(answer)
    if figures:
        parts += ["## What it rests on", _markdown(_about(message))]
    for figure in figures:
        caption = _markdown(figure.caption)
        if figure.picture is None:
            parts.append(f"{figure.number}. {caption}")
            continue
        name = f"{figure.number}-{clock(figure.cited.time).replace(':', '.')}.{figure.suffix}"
        files[name] = figure.picture
        parts.append(f"![{caption}](<{_address(folder)}/{name}>)\n\n*{caption}*")
    for title, lines in _sections(answer):
        parts += [f"## {title}", "\n".join(f"- {_markdown(line)}" for line in lines)]
    return "\n\n".join(parts) + "\n", files


def _figures(answer: AnswerContent) -> list[_Figure]:
    return [
        _Figure(number, cited, _name(answer, cited.video_id), answer.pictures.get(cited.keyframe_id or 0))
        for number, cited in enumerate(answer.message.citations, start=1)
    ]


def _html_figure(figure: _Figure) -> str:
    caption = _html(figure.caption)
    picture = ""
    if figure.picture is not None:
        content = base64.b64encode(figure.picture).decode("ascii")
        picture = f'<img src="data:{figure.media_type};base64,{content}" alt="{caption}">'
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def _text(message: StoredMessage) -> str:
    if message.answer.strip():
        return message.answer.strip()
    if message.state == AnswerState.MOMENTS:
        return message.details.reason or _FOUND
    return message.details.reason or "There is no answer."


def _about(message: StoredMessage) -> str:
    return _FOUND if message.state == AnswerState.MOMENTS else _EVIDENCE


def _sections(answer: AnswerContent) -> list[tuple[str, list[str]]]:
    sections = [
        ("Words that it cites", _lines(answer)),
        ("Videos", _videos(answer)),
        ("How it came about", _origin(answer)),
        ("Not shown", _limits(answer)),
    ]
    return [(title, lines) for title, lines in sections if lines]


def _lines(answer: AnswerContent) -> list[str]:
    lines = []
    for line in answer.message.details.lines:
        where = "on screen" if line.on_screen else "said"
        lines.append(f"{clock(line.start)} in {_name(answer, line.video_id)}, {where}: “{line.text}”")
    return lines


def _videos(answer: AnswerContent) -> list[str]:
    message = answer.message
    cited = dict.fromkeys(cited.video_id for cited in message.citations)
    cited |= dict.fromkeys(line.video_id for line in message.details.lines)
    lines = []
    for video_id in cited:
        video = answer.videos.get(video_id)
        length = "" if video is None or not video.duration else f", {clock(video.duration)}"
        recorded = "" if video is None or video.when is None else f", recorded {video.when.date().isoformat()}"
        lines.append(f"{_name(answer, video_id)}{length}{recorded}")
    return lines


def _origin(answer: AnswerContent) -> list[str]:
    details = answer.message.details
    lines = []
    if details.plan is not None:
        lines.append(f"Model: {details.plan.model}")
    if answer.asked is not None:
        lines.append(f"Asked: {answer.asked:%Y-%m-%d %H:%M}")
    if details.measured is not None:
        measured = details.measured
        source = "from the video's memory" if measured.from_memory else "by reading the video"
        lines.append(f"{measured.frames:,} frames, answered {source} in {measured.seconds:.1f} s")
    agreed = [time.text for time in details.written if time.supported]
    doubted = [time.text for time in details.written if not time.supported]
    if agreed:
        lines.append(f"Times in the answer that the evidence supports: {', '.join(agreed)}")
    if doubted:
        lines.append(f"Times in the answer that the evidence does not show: {', '.join(doubted)}")
    return lines


def _limits(answer: AnswerContent) -> list[str]:
    message = answer.message
    lines = []
    if message.state == AnswerState.STOPPED:
        lines.append("The answer was stopped before its end.")
    if message.state == AnswerState.ASKED:
        lines.append("The answer was cut off.")
    measured = message.details.measured
    if measured is not None and measured.frames:
        lines.append(f"The model saw {measured.frames:,} frames; what lies between them it did not see.")
        if measured.tokens_kept < measured.tokens_read:
            lines.append(f"Of {measured.tokens_read:,} visual tokens it kept {measured.tokens_kept:,}.")
    lines += message.details.notices
    missing = sum(figure.picture is None for figure in _figures(answer))
    if missing:
        lines.append(f"{missing} of the moments have no picture: their video is no longer in the library.")
    return lines


def _name(answer: AnswerContent, video_id: int) -> str:
    video = answer.videos.get(video_id)
    return "a video that is no longer in the library" if video is None else readable(video.path.name)


def _html(text: str) -> str:
    return escape(text, quote=True)


def _markdown(text: str) -> str:
    """Return a text in which nothing is mark-up; lines stay lines."""
    plain = _MARKUP_AT_BEGINNING.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text))
    return "\n\n".join(part.replace("\n", "  \n") for part in _PARAGRAPHS.split(plain))


def _address(folder: str) -> str:
    return folder.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E")


def folder_of(target: Path) -> Path:
    """Return the folder of pictures that belongs to a Markdown page."""
    return target.with_name(f"{target.stem}-frames")
