"""Recordings as people have them: what lies in them and beside them is read for what it is."""

import os
import shutil
import time
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from retake_core.cli.show.videos import print_videos, video_document
from retake_core.library.catalog import find_video, videos
from retake_core.library.database import Database
from retake_core.library.listening import due_speech
from retake_core.library.texts import NewText, TextKind, find_texts, replace_texts, sought_words, timed_texts
from retake_core.library.transcript import spoken
from retake_core.media.ffmpeg.sound import choose_tracks, read_sound
from retake_core.media.video_info import OWN_COLOURS
from retake_core.protocol.indexing_events import Indexed, Remarked
from retake_core.search.filters import videos_in_scope
from retake_core.search.query import parse
from tests.contract.clips import ffmpeg
from tests.support.dolby_vision import write_mp4
from tests.support.fakes import FakeEncoder, age
from tests.support.recordings import Noise, make_recording
from tests.support.shelf import only, run_index, video

pytestmark = pytest.mark.usefixtures("in_process")
COPIED = 1_790_000_000  # September 2026: when undated files were copied
SRT = "1\n00:00:01,000 --> 00:00:02,000\n{}\n"


@pytest.fixture
def index(database: Database, folder: Path, encoder: FakeEncoder) -> Iterator[Database]:
    yield database
    run_index(database, folder, encoder)  # a second run finds nothing wrong with what the first one stored


def clip(path: Path, options: str = "", *, when: int | None = None, seconds: float = 4) -> Path:
    colour = sum(path.name.encode()) * 4999 & 0xFFFFFF
    source = f"-f lavfi -i color=c=0x{colour:06x}:s=64x48:r=5:d={seconds}"
    ffmpeg(f"{source} {options} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -fflags +bitexact", path)
    if when is None:
        age(path)
    else:
        os.utime(path, (when, when))
    return path


def inside(path: Path, side: str, options: str) -> Path:
    """Put what stands in a text file into a clip."""
    described = path.with_suffix(".side")
    described.write_text(side)
    form = "srt" if "-->" in side else "ffmetadata"
    clip(path, f"-f {form} -i {described} {options}", seconds=10)
    described.unlink()
    return path


def in_scope(database: Database, query: str) -> set[str]:
    with database.reading() as connection:
        ids = videos_in_scope(connection, parse(query))
        return {entry.path.name for entry in videos(connection) if ids is None or entry.id in ids}


def transcript(database: Database, name: str) -> list[str]:
    with database.reading() as connection:
        return [line.shown for line in spoken(connection, video(database, name).id)]


def found(database: Database, words: str, kind: TextKind) -> list[float | None]:
    with database.reading() as connection:
        phrase = tuple(sought_words(connection, words))
        return [entry.start for entry in find_texts(connection, [phrase], every=True, kinds=[kind])]


def due(database: Database) -> set[str]:
    with database.reading() as connection:
        return {entry.file.path.name for entry in due_speech(connection, "model")}


def test_a_forced_stream_is_no_transcript(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    maps = "-map 0:v -map 1:s -c:s srt"
    inside(folder / "film.mkv", SRT.format("Bienvenue"), f"{maps} -disposition:s:0 forced")
    inside(folder / "signs.mkv", SRT.format("To the station"), f"{maps} -metadata:s:s:0 title=Signs")
    inside(folder / "whole.mkv", SRT.format("All of it"), maps)
    clip(folder / "beside.mp4")
    (folder / "beside.fr.forced.srt").write_text(SRT.format("Sortie"))
    run_index(index, folder, encoder)
    assert due(index) == {"film.mkv", "signs.mkv", "beside.mp4"}
    assert found(index, "Bienvenue", TextKind.SPOKEN) == [1.0]
    assert found(index, "Sortie", TextKind.SPOKEN) == [1.0]


def test_instruments_leave_the_speech_to_be_heard(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    clip(folder / "DJI_0001.MP4")
    reading = "[iso: 100] [shutter: 1/320.0] [fnum: 2.8] [latitude: 47.1] [longitude: 8.2]"
    cues = (f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{reading}\n\n" for n in range(1, 5))
    (folder / "DJI_0001.SRT").write_text("".join(cues))
    run_index(index, folder, encoder)
    assert transcript(index, "DJI_0001.MP4") == []
    assert due(index) == {"DJI_0001.MP4"}


def test_who_speaks_is_shown_and_found(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    clip(folder / "call.mp4")
    voices = (
        "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Bruna>In New York</v>\n\n00:01.000 --> 00:02.000\n<v Otto>At home\n"
    )
    (folder / "call.vtt").write_text(f"WEBVTT\n\n{voices}")
    run_index(index, folder, encoder)
    assert transcript(index, "call.mp4") == ["Bruna: In New York", "Otto: At home"]
    assert found(index, "bruna", TextKind.SPOKEN) == [0.0]


def test_the_fullest_source_speaks_and_others_add(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    clip(folder / "film.mp4")
    (folder / "film.en.srt").write_text(SRT.format("one line"))
    many = "".join(f"{n}\n00:00:0{n},500 --> 00:00:0{n},900\nsentence number {n}\n\n" for n in range(2, 8))
    (folder / "film.en.sdh.srt").write_text(many)
    (folder / "film.de.srt").write_text(SRT.format("eine Zeile"))
    run_index(index, folder, encoder)
    assert transcript(index, "film.mp4") == ["one line", *(f"sentence number {n}" for n in range(2, 8))]


def test_the_longest_name_owns_the_subtitles(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    for name in ("film.mp4", "film.2.mp4"):
        clip(folder / name)
    (folder / "film.2.en.srt").write_text(SRT.format("the second"))
    (folder / "Subs").mkdir()
    (folder / "Subs" / "film_en.srt").write_text(SRT.format("the first"))
    run_index(index, folder, encoder)
    assert transcript(index, "film.2.mp4") == ["the second"]
    assert transcript(index, "film.mp4") == ["the first"]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_chapters_are_read(index: Database, folder: Path, encoder: FakeEncoder, suffix: str) -> None:
    head = ";FFMETADATA1\ntitle=Evening\n"
    for start, name in ((0, "Introduction"), (5, "Kneading the dough")):
        head += f"[CHAPTER]\nTIMEBASE=1/1\nSTART={start}\nEND={start + 5}\ntitle={name}\n"
    inside(folder / f"lesson{suffix}", head, "-map 0:v -map_metadata 1")
    run_index(index, folder, encoder)
    assert found(index, "kneading", TextKind.CHAPTER) == [5.0]
    with index.reading() as connection:
        chapters = timed_texts(connection, video(index, f"lesson{suffix}").id, TextKind.CHAPTER)
    assert [(chapter.start, chapter.content) for chapter in chapters] == [
        (0.0, "Introduction"),
        (5.0, "Kneading the dough"),
    ]


def test_a_late_cue_does_not_set_the_length(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    late = SRT.format("hello") + "\n2\n10:00:00,000 --> 10:00:02,000\nthe end\n"
    for suffix, codec in ((".mkv", "srt"), (".mp4", "mov_text")):
        inside(folder / f"short{suffix}", late, f"-map 0:v -map 1:s -c:s {codec}")
    run_index(index, folder, encoder)
    assert [round(video(index, f"short{suffix}").duration or 0) for suffix in (".mkv", ".mp4")] == [10, 10]
    assert in_scope(index, "longer:1h") == set()


def test_a_recording_that_was_broken_off_has_its_length(
    database: Database, folder: Path, encoder: FakeEncoder
) -> None:
    """Its container tells none, and its last key frame lies far before its end."""
    clip(folder / "stream.mkv", "-g 100 -live 1", seconds=12)
    run_index(database, folder, encoder)
    assert video(database, "stream.mkv").duration == pytest.approx(12, abs=0.5)
    assert in_scope(database, "longer:11s") == {"stream.mkv"}


def test_tags_are_read_in_capitals(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    tags = "-metadata description=walrus -metadata comment=otter -metadata artist=Ann -metadata date=2019"
    for suffix in (".mkv", ".mp4"):
        clip(folder / f"zoo{suffix}", tags, when=COPIED)
    run_index(index, folder, encoder)
    for word in ("walrus", "otter", "ann"):
        assert len(found(index, word, TextKind.TITLE)) == 2, word
    assert in_scope(index, "after:2019 before:2020") == {"zoo.mkv", "zoo.mp4"}


def test_names_are_found_however_they_are_stored(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    for name in ("Übung.mp4", "학교.mp4"):
        clip(folder / unicodedata.normalize("NFD", name))
    run_index(index, folder, encoder)
    with index.reading() as connection:
        for form in ("NFC", "NFD"):
            assert find_video(connection, unicodedata.normalize(form, "Übung.mp4"))
            assert len(in_scope(index, unicodedata.normalize(form, "title:학교"))) == 1


def test_what_is_said_is_found_however_it_is_stored(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    clip(folder / "class.mp4")
    (folder / "class.ko.srt").write_text(SRT.format(unicodedata.normalize("NFD", "안녕하세요 친구")))
    run_index(index, folder, encoder)
    assert found(index, "친구", TextKind.SPOKEN) == [1.0]
    assert transcript(index, "class.mp4") == ["안녕하세요 친구"]


def test_dates_by_the_best_of_what_tells_them(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    for name in ("VID-20190714-WA0003.mp4", "PXL_20190714_153000123.mp4", "2019-07-14 15-30-00.mkv"):
        clip(folder / name, when=COPIED)
    clip(folder / "VID_20180203_101112.mp4", "-metadata creation_time=1970-01-01T00:00:00Z", when=COPIED)
    clip(folder / "party.mp4", when=COPIED)
    (folder / "party.mp4.supplemental-metadata.json").write_text('{"photoTakenTime": {"timestamp": "1500000000"}}')
    clip(folder / "bare.mp4", when=COPIED)
    clip(folder / "clock.mp4", when=10_413_792_000)
    events = run_index(index, folder, encoder)
    assert only(events, Indexed)[0].failed == 0
    assert len(in_scope(index, "after:2019-07-14 before:2019-07-15")) == 3
    assert in_scope(index, "after:2018-02-03 before:2018-02-04") == {"VID_20180203_101112.mp4"}
    assert in_scope(index, "after:2017-07 before:2017-08") == {"party.mp4"}
    assert in_scope(index, "after:2026-09") == {"bare.mp4"}
    sources = {name: video(index, name).dated_by for name in ("party.mp4", "bare.mp4", "clock.mp4")}
    assert sources == {"party.mp4": "takeout", "bare.mp4": "change", "clock.mp4": None}


def test_the_day_is_the_one_of_this_computer(
    index: Database, folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip(folder / "new-year.mp4", "-metadata creation_time=2024-01-01T04:30:00Z")
    run_index(index, folder, encoder)
    for place, day in {"America/Los_Angeles": date(2023, 12, 31), "Asia/Tokyo": date(2024, 1, 1)}.items():
        monkeypatch.setenv("TZ", place)
        time.tzset()
        when = video(index, "new-year.mp4").when
        assert when is not None
        assert when.date() == day
    monkeypatch.undo()
    time.tzset()


def free(size: int) -> bytes:
    """Return a box of MP4 that means nothing."""
    return (size + 8).to_bytes(4, "big") + b"free" + bytes(size)


def between_samples(path: Path) -> bytearray:
    """Move the tags of an MP4 to where no sample of the fingerprint lies, and return the file."""
    head, _, tail = path.read_bytes().partition(b"moov")
    data = bytearray(head[:-4] + free(1 << 20) + head[-4:] + b"moov" + tail + free(3 << 20))
    path.write_bytes(data)
    age(path)
    return data


def replace_file(path: Path, data: bytes | bytearray) -> None:
    path.write_bytes(data)
    os.utime(path, (path.stat().st_mtime - 500, path.stat().st_mtime - 500))


def test_a_mended_date_is_noticed(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    data = between_samples(clip(folder / "trip.mp4", "-metadata creation_time=2024-03-03T10:00:00Z"))
    run_index(index, folder, encoder)
    before = video(index, "trip.mp4")
    for box in (b"mvhd", b"tkhd", b"mdhd"):
        at = data.find(box) + 8
        data[at : at + 4] = (int.from_bytes(data[at : at + 4], "big") - 1825 * 86_400).to_bytes(4, "big")
    replace_file(folder / "trip.mp4", data)
    run_index(index, folder, encoder)
    after = video(index, "trip.mp4")
    assert (before.recorded or "")[:10] == "2024-03-03"
    assert (after.recorded or "")[:10] == "2019-03-05"
    assert (after.id, after.fingerprint, after.keyframes) == (before.id, before.fingerprint, before.keyframes)


def test_a_mended_title_is_noticed(index: Database, folder: Path, encoder: FakeEncoder) -> None:
    data = between_samples(clip(folder / "trip.mp4", "-metadata title=Walrus"))
    run_index(index, folder, encoder)
    before = video(index, "trip.mp4")
    assert [in_scope(index, f"title:{word}") for word in ("walrus", "beaver")] == [{"trip.mp4"}, set()]
    replace_file(folder / "trip.mp4", data.replace(b"Walrus", b"Beaver"))
    run_index(index, folder, encoder)
    assert [in_scope(index, f"title:{word}") for word in ("walrus", "beaver")] == [set(), {"trip.mp4"}]
    assert video(index, "trip.mp4").id == before.id


def test_the_track_that_speaks_is_heard(tmp_path: Path) -> None:
    talk = tmp_path / "talk.mp4"
    make_recording(talk, [Noise(4, 0.3)])
    silent = "-f lavfi -i anullsrc=r=44100:cl=stereo:d=4"
    ffmpeg(
        f"-i IN {silent} -map 0:v -map 1:a -map 0:a -c:v copy -c:a aac",
        tmp_path / "game.mkv",
        tmp_path / "talk.mp4",
    )
    assert choose_tracks(tmp_path / "game.mkv").streams == (2,)
    both = "-map 0:v -map 0:a -map 0:a -c copy"
    languages = (
        "-metadata:s:a:0 language=fra -metadata:s:a:1 language=eng -disposition:a:0 0 -disposition:a:1 default"
    )
    ffmpeg(f"-i IN {both} {languages}", tmp_path / "two.mkv", talk)
    assert choose_tracks(tmp_path / "two.mkv").streams == (2,)
    ffmpeg(f"-i IN {both}", tmp_path / "obs.mkv", talk)
    assert choose_tracks(tmp_path / "obs.mkv").streams == (1, 2), "they belong together"
    ffmpeg(f"-i IN {both} -disposition:a:0 comment", tmp_path / "film.mkv", talk)
    assert choose_tracks(tmp_path / "film.mkv").streams == (2,)


def test_channels_in_opposite_phase_are_no_silence(tmp_path: Path) -> None:
    make_recording(tmp_path / "talk.mp4", [Noise(3, 0.3)])
    opposite = "-filter_complex [0:a]pan=stereo|c0=c0|c1=-1*c0[a] -map 0:v -map [a] -c:v copy -c:a pcm_s16le"
    ffmpeg(f"-i IN {opposite}", tmp_path / "phase.mkv", tmp_path / "talk.mp4")
    loudness = [
        max(abs(part.samples).max() for part in read_sound(tmp_path / name, 0, 3))
        for name in ("talk.mp4", "phase.mkv")
    ]
    assert loudness[1] > loudness[0] / 2


def test_what_is_written_without_a_space_is_found(
    database: Database, folder: Path, clips: Path, encoder: FakeEncoder
) -> None:

    shutil.copy2(clips / "short.mp4", folder / "motorway.mp4")
    run_index(database, folder, encoder)
    with database.writing() as connection:
        entry = video(database, "motorway.mp4")
        replace_texts(connection, entry.id, "screen", TextKind.SCREEN, "1", [NewText("EXIT24", 0.0, 4.0)])
    for words in ("exit 24", "exit", "exit24"):
        assert found(database, words, TextKind.SCREEN) == [0.0], words


def test_colours_that_cannot_be_right_are_told_of_once(
    database: Database, folder: Path, encoder: FakeEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    age(write_mp4(folder / "alone.mp4", 5, 0))
    age(write_mp4(folder / "with-base.mp4", 8, 4))
    told = only(run_index(database, folder, encoder), Remarked)
    assert [(Path(remark.path).name, remark.text) for remark in told] == [("alone.mp4", OWN_COLOURS)]
    assert not only(run_index(database, folder, encoder), Remarked), "it was told"
    assert video(database, "alone.mp4").keyframes, "it is indexed all the same"
    with database.reading() as connection:
        listed = [video_document(entry) for entry in videos(connection)]
    assert [entry["remark"] for entry in listed] == [OWN_COLOURS, None]
    print_videos(listed)
    assert f"alone.mp4: {OWN_COLOURS}" in capsys.readouterr().out
