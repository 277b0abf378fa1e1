"""An answer with the frames that it rests on, as a page to keep or to send: HTML, or Markdown with a folder."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path

from retake_core.display import clock, readable
from retake_core.export import page_words
from retake_core.export.page_words import PageWords
from retake_core.library.catalog import VideoEntry
from retake_core.library.description import Chapter
from retake_core.library.history import StoredMessage
from retake_core.protocol.question_events import Cited
from retake_core.protocol.question_outcome import AnswerState

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
        chapters: of its citations' videos, by the ids of these.
        words: its language.
    """

    message: StoredMessage
    videos: Mapping[int, VideoEntry]
    pictures: Mapping[int, bytes]
    chapters: Mapping[int, Sequence[Chapter]] = field(default_factory=dict)
    asked: datetime | None = None
    words: PageWords = field(default_factory=PageWords)


@dataclass(frozen=True, slots=True)
class _Figure:
    number: int
    cited: Cited
    video: str
    picture: bytes | None
    words: PageWords

    @property
    def caption(self) -> str:
        cited = self.cited
        return self.words.say(
            page_words.CAPTION_OF_STRETCH if cited.end > cited.start else page_words.CAPTION,
            time=clock(cited.time),
            video=self.video,
            start=clock(cited.start),
            end=clock(cited.end),
            strength=f"{cited.strength:.0%}",
        )

    @property
    def suffix(self) -> str:
        return "webp" if self.picture is not None and self.picture[8:12] == b"WEBP" else "jpg"

    @property
    def media_type(self) -> str:
        return "image/webp" if self.suffix == "webp" else "image/jpeg"


def to_html(answer: AnswerContent) -> str:
    """Return a page that needs no other file; nothing in it that came from elsewhere is taken for mark-up."""
    message, say = answer.message, answer.words.say
    figures = "\n".join(_html_figure(figure) for figure in _figures(answer))
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{_html(answer.words.language)}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">",
        f"<title>{_html(message.question)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{_html(message.question)}</h1>",
        f'<div class="answer">{_html(_text(answer))}</div>',
    ]
    if figures:
        parts += [f"<h2>{_html(say(page_words.RESTS_ON))}</h2>", f'<p class="quiet">{_html(_about(answer))}</p>']
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
    parts = [f"# {_markdown(message.question)}", _markdown(_text(answer))]
    files: dict[str, bytes] = {}
    figures = _figures(answer)
    if figures:
        parts += [f"## {answer.words.say(page_words.RESTS_ON)}", _markdown(_about(answer))]
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
        _Figure(
            number,
            cited,
            _name(answer, cited.video_id),
            answer.pictures.get(cited.keyframe_id or 0),
            answer.words,
        )
        for number, cited in enumerate(answer.message.citations, start=1)
    ]


def _html_figure(figure: _Figure) -> str:
    caption = _html(figure.caption)
    picture = ""
    if figure.picture is not None:
        content = base64.b64encode(figure.picture).decode("ascii")
        picture = f'<img src="data:{figure.media_type};base64,{content}" alt="{caption}">'
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def _text(answer: AnswerContent) -> str:
    message = answer.message
    if message.answer.strip():
        return message.answer.strip()
    if message.details.reason:
        return answer.words.repeat(message.details.reason)
    found = message.state == AnswerState.MOMENTS
    return answer.words.say(page_words.FOUND if found else page_words.NO_ANSWER)


def _about(answer: AnswerContent) -> str:
    found = answer.message.state == AnswerState.MOMENTS
    return answer.words.say(page_words.FOUND if found else page_words.EVIDENCE)


def _sections(answer: AnswerContent) -> list[tuple[str, list[str]]]:
    sections = [
        (page_words.CITED_LINES, _lines(answer)),
        (page_words.CHAPTERS, _chapters(answer)),
        (page_words.VIDEOS, _videos(answer)),
        (page_words.ORIGIN, _origin(answer)),
        (page_words.LIMITS, _limits(answer)),
    ]
    return [(answer.words.say(title), lines) for title, lines in sections if lines]


def _lines(answer: AnswerContent) -> list[str]:
    return [
        answer.words.say(
            page_words.ON_SCREEN if line.on_screen else page_words.SAID,
            time=clock(line.start),
            video=_name(answer, line.video_id),
            line=line.text,
        )
        for line in answer.message.details.lines
    ]


def _chapters(answer: AnswerContent) -> list[str]:
    """Return the chapters that a cited moment or line lies in, with their sentences."""
    message = answer.message
    times = [(cited.video_id, cited.time) for cited in message.citations]
    times += [(line.video_id, line.start) for line in message.details.lines]
    return [
        answer.words.say(
            page_words.CHAPTER_WITH_TEXT if chapter.text else page_words.CHAPTER,
            start=clock(chapter.start),
            end=clock(chapter.end),
            video=_name(answer, video_id),
            title=chapter.title,
            text=chapter.text,
        )
        for video_id in dict.fromkeys(video_id for video_id, _ in times)
        for chapter in answer.chapters.get(video_id, ())
        if any(about == video_id and chapter.start <= time < chapter.end for about, time in times)
    ]


def _videos(answer: AnswerContent) -> list[str]:
    message = answer.message
    cited = dict.fromkeys(cited.video_id for cited in message.citations)
    cited |= dict.fromkeys(line.video_id for line in message.details.lines)
    lines = []
    for video_id in cited:
        video = answer.videos.get(video_id)
        parts = [_name(answer, video_id)]
        if video is not None and video.duration:
            parts.append(clock(video.duration))
        if video is not None and video.when is not None:
            parts.append(answer.words.say(page_words.RECORDED, day=video.when.date().isoformat()))
        lines.append(", ".join(parts))
    return lines


def _origin(answer: AnswerContent) -> list[str]:
    details, say = answer.message.details, answer.words.say
    lines = []
    if details.plan is not None:
        lines.append(say(page_words.MODEL, model=details.plan.model))
    if answer.asked is not None:
        lines.append(say(page_words.ASKED, time=f"{answer.asked:%Y-%m-%d %H:%M}"))
    if details.measured is not None:
        measured = details.measured
        how = page_words.FROM_MEMORY if measured.from_memory else page_words.BY_READING
        lines.append(say(how, frames=f"{measured.frames:,}", seconds=f"{measured.seconds:.1f}"))
    agreed = [time.text for time in details.written if time.supported]
    doubted = [time.text for time in details.written if not time.supported]
    if agreed:
        lines.append(say(page_words.SUPPORTED, times=", ".join(agreed)))
    if doubted:
        lines.append(say(page_words.DOUBTED, times=", ".join(doubted)))
    return lines


def _limits(answer: AnswerContent) -> list[str]:
    message, say = answer.message, answer.words.say
    lines = []
    if message.state == AnswerState.STOPPED:
        lines.append(say(page_words.STOPPED))
    if message.state == AnswerState.ASKED:
        lines.append(say(page_words.CUT_OFF))
    measured = message.details.measured
    if measured is not None and measured.frames:
        lines.append(say(page_words.SAW, frames=f"{measured.frames:,}"))
        if measured.tokens_kept < measured.tokens_read:
            read, kept = f"{measured.tokens_read:,}", f"{measured.tokens_kept:,}"
            lines.append(say(page_words.KEPT, read=read, kept=kept))
    lines += map(answer.words.repeat, message.details.notices)
    missing = sum(figure.picture is None for figure in _figures(answer))
    if missing:
        lines.append(say(page_words.NO_PICTURE, count=missing))
    return lines


def _name(answer: AnswerContent, video_id: int) -> str:
    video = answer.videos.get(video_id)
    return answer.words.say(page_words.VIDEO_GONE) if video is None else readable(video.path.name)


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
