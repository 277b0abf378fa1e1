"""What is read of a video without a model: its names, the subtitles beside it, and those inside it."""

import gc
import shutil
import subprocess
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import select

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled, MediaError
from retake_core.indexing.passes import names_and_subtitles
from retake_core.library.database import Database
from retake_core.library.schema import text
from retake_core.library.texts import (
    NewText,
    TextKind,
    find_texts,
    frequency,
    readings,
    replace_texts,
    sought_words,
)
from retake_core.library.words import Word
from retake_core.media.ffmpeg.subtitles import FileTexts, Subtitles, embedded
from retake_core.media.process.tasks import Task, TextsTask
from retake_core.media.subtitles import cues, file
from retake_core.media.subtitles.cues import MAX_TEXT, Cue, clean
from retake_core.media.subtitles.file import read_subtitle_file
from retake_core.media.subtitles.labels import Owners
from tests.support.fakes import FakeEncoder, age
from tests.support.in_process import ThreadDecoder, decode_in_threads
from tests.support.shelf import run_index, video

SRT = "1\n00:00:01,000 --> 00:00:03,500\n<i>{}</i>\n\n2\n00:00:05,000 --> 00:00:06,000\nThe second line\n"


def srt(path: Path, first: str = "Happy birthday", encoding: str = "utf-8") -> Path:
    path.write_bytes(SRT.format(first).encode(encoding))
    return path


def with_subtitles(source: Path, target: Path, codec: str, title: str) -> Path:
    """Copy a clip, with a title and two lines of subtitles in it."""
    lines = srt(target.with_suffix(".lines.srt.txt"))
    command: list[str | Path] = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        source,
        "-f",
        "srt",
        "-i",
        lines,
        "-map",
        "0:v",
        "-map",
        "1:s",
    ]
    command += ["-c:v", "copy", "-c:s", codec, "-metadata", f"title={title}", target]
    subprocess.run(command, check=True)
    lines.unlink()
    age(target)
    return target


def texts(database: Database) -> list[tuple[str, str, float | None, str]]:
    """Return every text: kind, source, seconds, words."""
    with database.reading() as connection:
        rows = connection.execute(select(text).order_by(text.c.id))
        return [(r.kind, r.source, None if r.start_us is None else r.start_us / 1e6, r.content) for r in rows]


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Schöne Grüße", "utf-8"),
        ("Schöne Grüße", "utf-8-sig"),
        ("Schöne Grüße", "utf-16"),
        ("Schöne Grüße aus München, älter, größer, öfter", "cp1252"),
        ("С днём рождения тебя, дорогая мама. Мы очень рады", "cp1251"),
        ("誕生日おめでとうございます。今日はとても良い天気ですね", "shift_jis"),
        ("生日快乐，我们去北京看长城，天气很好", "gb18030"),
    ],
)
def test_encodings(tmp_path: Path, words: str, encoding: str) -> None:
    cues = read_subtitle_file(srt(tmp_path / "a.srt", words, encoding))
    assert cues == [Cue(1.0, 3.5, words), Cue(5.0, 6.0, "The second line")]


def test_other_formats(tmp_path: Path) -> None:
    vtt = tmp_path / "a.vtt"
    vtt.write_text("WEBVTT\n\n00:01.000 --> 00:02.000 align:start\n<v Bob>Hi <c.red>there</c>\n")
    assert read_subtitle_file(vtt) == [Cue(1.0, 2.0, "Hi there", "Bob")]
    ass = tmp_path / "a.ass"
    ass.write_text(
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,not said\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}Hi{\\i0}\\Nthere\n"
    )
    assert read_subtitle_file(ass) == [Cue(1.0, 2.0, "Hi there")]


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 3000, bytes(range(256)) * 20, b"WEBVTT\n\n00:00 --> \n", b"[Events]\n"]
)
def test_what_is_no_subtitle_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(content)
    with suppress(MediaError):  # and nothing else
        assert read_subtitle_file(path) == []


def test_hostile_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = srt(tmp_path / "a.srt", "word " * MAX_TEXT)
    assert len(read_subtitle_file(path)[0].text) <= MAX_TEXT
    monkeypatch.setattr(file, "MAX_BYTES", 100)
    with pytest.raises(MediaError, match="too large"):
        read_subtitle_file(path)
    monkeypatch.setattr(cues, "MAX_CUES", 3)
    assert len(clean([Cue(float(n), n + 0.5, f"line {n}") for n in range(9)])) == 3


def test_lines_that_roll_on_are_one() -> None:
    cues = [Cue(0, 2, "one"), Cue(2, 4, "one"), Cue(4, 3, "two"), Cue(-1, 2, "before"), Cue(1e9, 2e9, "after")]
    assert clean(cues) == [Cue(0, 4, "one"), Cue(4, 8, "two")]


@pytest.mark.parametrize(("suffix", "codec"), [(".mp4", "mov_text"), (".mkv", "subrip")])
def test_streams_inside(tmp_path: Path, clips: Path, suffix: str, codec: str) -> None:
    made = with_subtitles(clips / "short.mp4", tmp_path / f"a{suffix}", codec, "Mum turns 60")
    told, *streams = embedded(made)
    assert told == FileTexts(["Mum turns 60"], [])
    lines = [cue for part in streams if isinstance(part, Subtitles) for cue in part.cues]
    assert [(cue.start, cue.text) for cue in lines] == [(1.0, "Happy birthday"), (5.0, "The second line")]


@pytest.mark.usefixtures("in_process")
def test_indexing_reads_names_and_subtitles_and_again_only_what_changed(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    trip = folder / "Summer 2023"
    trip.mkdir()
    shutil.copy2(clips / "short.mp4", trip / "beachTrip.mp4")
    srt(trip / "beachTrip.en.srt")
    srt(trip / "beachTrip2.srt", "not of this video")
    with_subtitles(clips / "short.mp4", folder / "inside.mkv", "subrip", "Mum turns 60")
    run_index(database, folder, encoder)
    found = texts(database)
    assert ("title", "names", None, "beachTrip") in found
    assert ("title", "names", None, "videos / Summer 2023") in found
    assert ("spoken", "beside:beachTrip.en.srt", 1.0, "Happy birthday") in found
    assert ("title", "inside", None, "Mum turns 60") in found
    assert ("spoken", "inside:1", 5.0, "The second line") in found
    assert not any("not of this" in words for *_, words in found)

    reads: list[Path] = []

    def counted(path: Path, language: str | None) -> list[Cue]:
        reads.append(path)
        return read_subtitle_file(path, language)

    monkeypatch.setattr(names_and_subtitles, "read_subtitle_file", counted)
    monkeypatch.setattr(names_and_subtitles, "TextsTask", None)  # nothing inside is read twice
    run_index(database, folder, encoder)
    assert texts(database) == found
    assert reads == []

    srt(trip / "beachTrip.en.srt", "Good night, everybody")
    (folder / "inside.mkv").rename(folder / "renamed.mkv")
    run_index(database, folder, encoder)
    changed = texts(database)
    assert ("spoken", "beside:beachTrip.en.srt", 1.0, "Good night, everybody") in changed
    assert ("spoken", "beside:beachTrip.en.srt", 1.0, "Happy birthday") not in changed
    assert ("title", "names", None, "renamed") in changed
    assert ("title", "names", None, "inside") not in changed
    assert len(reads) == 1

    (trip / "beachTrip.en.srt").unlink()
    run_index(database, folder, encoder)
    assert not any(source.startswith("beside:") for _, source, _, _ in texts(database))


def test_subtitles_belong_to_the_video_of_their_name() -> None:
    names = [
        "film.srt",
        "FILM.de.vtt",
        "film.pt-BR.forced.srt",
        "film.mp4.srt",
        "film.2.srt",
        "film2.srt",
        "o.srt",
    ]
    assert {name for name in names if Owners(["film"]).owner(Path(name).stem) is not None} == set(names[:5])
    assert Owners(["film", "film.2"]).owner("film.2") == "film.2"


@pytest.mark.usefixtures("in_process")
def test_a_video_whose_drive_is_away_keeps_its_words(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:
    shutil.copy2(clips / "short.mp4", folder / "a.mp4")
    srt(folder / "a.srt")
    run_index(database, folder, encoder)
    before = texts(database)
    for path in (folder / "a.mp4", folder / "a.srt"):
        path.unlink()
    run_index(database, folder, encoder)
    assert video(database, "a.mp4").offline
    assert texts(database) == before != []


def test_a_source_is_replaced_as_a_whole(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO video (fingerprint, size) VALUES ('a', 1)")
        for words in ("one two", "two three"):
            new = [NewText(words, 1.0, 2.0, "en"), NewText("...", 3.0, 4.0)]
            replace_texts(connection, 1, "speech", TextKind.SPOKEN, words, new)
    with database.reading() as connection:
        assert readings(connection) == {(1, "speech"): "two three"}
        assert [frequency(connection, word) for word in sought_words(connection, "one two three")] == [0, 1, 1]
    assert texts(database) == [("spoken", "speech", 1.0, "two three")]


def test_words_stay_in_memory_of_texts_that_are_found_and_not_of_those_that_are_stored(database: Database) -> None:
    def remembered() -> int:
        gc.collect()
        return sum(type(thing) is Word for thing in gc.get_objects())

    before = remembered()
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO video (fingerprint, size) VALUES ('a', 1)")
        new = [NewText(f"never said before {number}", 1.0, 2.0) for number in range(50)]
        replace_texts(connection, 1, "speech", TextKind.SPOKEN, "1", new)
    assert remembered() == before
    with database.reading() as connection:
        (entry,) = find_texts(connection, [tuple(sought_words(connection, "49"))], every=True)
        (again,) = find_texts(connection, [tuple(sought_words(connection, "49"))], every=True)
    assert entry.tokens() is again.tokens()


def test_a_stop_is_seen_while_one_message_follows_the_other(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy2(clips / "short.mp4", folder / "talks.mp4")
    cancel = CancelToken()

    class Talkative(ThreadDecoder):
        """Always has something more to say of a file's texts, and never waits."""

        texts = False

        def submit(self, task: Task) -> None:
            self.texts = isinstance(task, TextsTask)
            super().submit(task)

        def receive(self) -> object:
            if not self.texts:
                return super().receive()
            cancel.cancel()
            return FileTexts(["on and on"], [])

    decode_in_threads(monkeypatch, Talkative)
    monkeypatch.setattr(Connection, "poll", lambda *_: True)
    with pytest.raises(Cancelled):
        run_index(database, folder, encoder, cancel=cancel)
