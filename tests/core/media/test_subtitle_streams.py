"""Subtitles in a recording are read as those beside it are."""

from pathlib import Path

import pytest

from retake_core.media.ffmpeg.subtitles import Subtitles, embedded
from tests.contract.clips import ffmpeg

FIELDS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
SONG = "twinklelittlestarhowiwonderwhatyouare"


def inside(folder: Path, name: str, content: str) -> list[tuple[float, str, str | None]]:
    """Put a subtitle file into a recording as it is, and return what is read there: when, what, and by whom."""
    (folder / name).write_text(content)
    source = "-f lavfi -i color=s=64x48:r=5:d=10"
    ffmpeg(f"{source} -i IN -map 0:v -map 1:s -c:v libx264 -c:s copy", folder / "film.mkv", folder / name)
    parts = [part for part in embedded(folder / "film.mkv") if isinstance(part, Subtitles)]
    return [(cue.start, cue.text, cue.speaker) for part in parts for cue in part.cues]


def test_karaoke_is_not_said_letter_by_letter(tmp_path: Path) -> None:
    head = ["[Script Info]", "ScriptType: v4.00+", "", "[Events]", f"Format: {FIELDS}"]
    letters = [
        f"Dialogue: {layer},0:00:0{n // 10}.{n % 10}0,0:00:05.00,Default,,0,0,0,,{{\\pos({n},200)}}{sign}"
        for n, sign in enumerate(SONG)
        for layer in range(4)
    ]
    drawn = "Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}"
    said = "Dialogue: 0,0:00:01.00,0:00:03.00,Default,Ann,0,0,0,,{\\i1}See you,\\Nat the harbour"
    content = "\n".join([*head, *letters, drawn, said, ""])
    assert inside(tmp_path, "song.ass", content) == [(1.0, "See you, at the harbour", "Ann")]


@pytest.mark.parametrize("reference", ["&amp;", "&"])
def test_voices_are_kept(tmp_path: Path, reference: str) -> None:
    content = (
        f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Bruna {reference} Co>We went to H{reference}M</v>\n\n"
        "00:02.000 --> 00:03.000\nand <i>home</i>\n"
    )
    assert inside(tmp_path, "call.vtt", content) == [
        (1.0, "We went to H&M", "Bruna & Co"),
        (2.0, "and home", None),
    ]


def test_a_few_short_lines_are_said(tmp_path: Path) -> None:
    content = "\n".join(
        ["[Script Info]", "ScriptType: v4.00+", "", "[Events]", f"Format: {FIELDS}"]
        + [f"Dialogue: 0,0:00:0{n}.00,0:00:0{n}.90,Default,,0,0,0,,{{\\pos(9,9)}}Yes{n}" for n in range(3)]
    )
    assert [words for _, words, _ in inside(tmp_path, "talk.ass", content + "\n")] == ["Yes0", "Yes1", "Yes2"]
