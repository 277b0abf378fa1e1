"""What is said in a video, and the files it is written to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from retake_core.export.transcript import to_srt, to_text, to_vtt
from retake_core.library.database import Database
from retake_core.library.texts import SPEECH, NewText, TextEntry, TextKind, replace_texts
from retake_core.library.transcript import spoken
from retake_core.media.subtitles.file import read_subtitle_file
from tests.support.colour_library import Library

WORDS = [NewText("Happy birthday,\ndear Martha!", 1.25, 3.5), NewText("a {b} <c> --> d", 65.0, 66.0)]


@pytest.fixture
def video(library: Library) -> int:
    return library.add("/videos/party.mp4", "red")


def _say(connection: Connection, video: int, source: str, *content: str) -> None:
    texts = [NewText(words, float(at), at + 1.0) for at, words in enumerate(content)]
    replace_texts(connection, video, source, TextKind.SPOKEN, "1", texts)


def test_one_source_speaks_and_a_person_s_own_subtitles_go_first(database: Database, video: int) -> None:
    with database.writing() as connection:
        replace_texts(connection, video, "names", TextKind.TITLE, "1", [NewText("party")])
        assert spoken(connection, video) == []
        _say(connection, video, SPEECH, "heard", "by", "a model")
        assert [cue.content for cue in spoken(connection, video)] == ["heard", "by", "a model"]
        _say(connection, video, "inside:2", "from the disc")
        assert [cue.content for cue in spoken(connection, video)] == ["from the disc"]
        _say(connection, video, "beside:party.de.srt", "ein Wort")
        _say(connection, video, "beside:party.srt", "two", "words")
        assert [cue.content for cue in spoken(connection, video)] == ["two", "words"]


@pytest.mark.parametrize(("write", "suffix"), [(to_srt, ".srt"), (to_vtt, ".vtt")])
def test_files_say_the_same_when_they_are_read_again(
    database: Database, video: int, tmp_path: Path, write: Callable[[list[TextEntry]], str], suffix: str
) -> None:
    with database.writing() as connection:
        replace_texts(connection, video, SPEECH, TextKind.SPOKEN, "1", WORDS)
        cues = spoken(connection, video)
    written = tmp_path / f"party{suffix}"
    written.write_text(write(cues), encoding="utf-8")
    read = [(cue.start, cue.end, cue.text) for cue in read_subtitle_file(written)]
    signs = "a (b) ‹c› --› d" if suffix == ".srt" else "a {b} <c> --> d"
    assert read == [(1.25, 3.5, "Happy birthday, dear Martha!"), (65.0, 66.0, signs)]


def test_plain_text_has_a_line_for_each_cue(database: Database, video: int) -> None:
    with database.writing() as connection:
        replace_texts(connection, video, SPEECH, TextKind.SPOKEN, "1", WORDS)
        assert to_text(spoken(connection, video)) == (
            "0:01  Happy birthday, dear Martha!\n1:05  a {b} <c> --> d\n"
        )
