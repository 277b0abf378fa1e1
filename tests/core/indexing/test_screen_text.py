"""Text on screen: read by the real engine from clips with known words, and found where it stands."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select, update

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled
from retake_core.indexing import run
from retake_core.indexing.passes.screen_text import ScreenPass
from retake_core.library import screen_texts as screens_table
from retake_core.library.database import Database
from retake_core.library.schema import text, text_reading
from retake_core.library.schema import video as video_table
from retake_core.library.vectors import VectorIndex
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.media.thumbnails import decode_thumbnail, encode_thumbnail
from retake_core.ocr import models
from retake_core.ocr.reader import EngineError, Reader, ScreenLine
from retake_core.ocr.screen_task import ReaderLoaded, ScreenRead, ScreenTask
from retake_core.protocol.indexing_events import Indexed, PassProgress, PassStarted, Remarked, TextRead
from retake_core.search.all_sources import search_moments
from retake_core.search.encoder_choice import Searcher
from retake_core.search.fusion import Why
from retake_core.settings import Settings
from tests.contract.clips import ffmpeg
from tests.support.fakes import FakeEncoder, age
from tests.support.in_process import decode_in_threads
from tests.support.screen_clips import CJK, LATIN, Caption, screen_clip
from tests.support.shelf import keyframe_times, only, run_index, video

LOOKS = ("red", "green", "blue", "yellow", "green", "red")
TITLE = "Tramway to Kestrel Hill"
NOTE = "process finished with exit 24"
ASIDE = "Nobody told the captain"

pytestmark = pytest.mark.skipif(models.find_models() is None, reason="the extra ocr is not installed")


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of clips: with captions, with Chinese and Japanese, and with nothing to read."""
    folder = tmp_path_factory.mktemp("screens")
    captions = [Caption(TITLE, 4, 20), Caption(ASIDE, 4, 8, y=230), Caption(NOTE, 16, 20, y=40, size=14)]
    screen_clip(folder / "captions.mp4", captions, LOOKS)
    screen_clip(folder / "short.mp4", [Caption(TITLE, 4, 8)], LOOKS[:3])
    screen_clip(folder / "plain.mp4", [], LOOKS[:3])
    return folder


@pytest.fixture
def in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decode and read in threads of this process, which keeps its priority."""
    decode_in_threads(monkeypatch)
    monkeypatch.setattr("os.nice", lambda _: 0)


def copy(screens: Path, folder: Path, *names: str) -> None:
    for name in names:
        shutil.copy2(screens / name, folder / name)


def on_screen(database: Database) -> list[tuple[str, float, float]]:
    """Return what was read, and from when to when."""
    with database.reading() as connection:
        rows = connection.execute(select(text).where(text.c.kind == "screen").order_by(text.c.start_us, text.c.id))
        return [(row.content, row.start_us / 1e6, row.end_us / 1e6) for row in rows]


def sources(database: Database) -> set[str]:
    with database.reading() as connection:
        found = connection.execute(select(text_reading.c.source)).scalars()
        return {source for source in found if source.startswith("screen")}


@pytest.mark.usefixtures("in_threads")
def test_words_on_screen_are_found_where_they_stand(
    screens: Path, folder: Path, database: Database, data_dir: DataDir, encoder: FakeEncoder
) -> None:
    copy(screens, folder, "captions.mp4", "plain.mp4")
    events = run_index(database, folder, encoder)
    times = keyframe_times(database, "captions.mp4")
    first, second, last, after = (next(t for t in times if t >= scene) for scene in (4, 8, 16, 20))
    assert on_screen(database) == [(ASIDE, first, second), (TITLE, first, after), (NOTE, last, after)]
    assert [started.videos for started in only(events, PassStarted) if started.name == "screen"] == [2]
    assert {Path(read.path).name: read.texts for read in only(events, TextRead)} == {
        "captions.mp4": 3,
        "plain.mp4": 0,
    }
    assert [event for event in only(events, PassProgress) if event.name == "screen"]
    searcher = Searcher(encoder, VectorIndex(data_dir.vectors, encoder.id, encoder.dimension))
    for query, start in (('"exit 24"', last), ("screen:kestrel", first), ("captain nobody told", first)):
        with database.reading() as connection:
            best = search_moments(connection, searcher, query)[0]
        assert (best.video.path.name, best.time, Why.SCREEN in best.why) == ("captions.mp4", start, True), query
    with database.reading() as connection:
        assert not search_moments(connection, searcher, '"exit 25"')
    assert not only(run_index(database, folder, encoder), TextRead), "nothing is read twice"


def test_a_keyframe_of_a_small_video_is_less_work(
    screens: Path, folder: Path, database: Database, encoder: FakeEncoder
) -> None:
    copy(screens, folder, "plain.mp4", "short.mp4")
    run_index(database, folder, encoder, settings=Settings(screen_text=False))
    small, large = video(database, "plain.mp4"), video(database, "short.mp4")
    found = models.find_models()
    assert found is not None
    with database.writing() as connection:
        connection.execute(update(video_table).where(video_table.c.id == large.id).values(width=3840, height=2160))
        works = ScreenPass(database, found, CancelToken()).due_work(connection)
    assert works[large.id] == len(keyframe_times(database, "short.mp4"))
    assert 0 < works[small.id] < len(keyframe_times(database, "plain.mp4")) / 2


@pytest.mark.usefixtures("in_threads")
@pytest.mark.parametrize(
    ("colour", "name", "coder"),
    [
        ("white", "title.mov", "qtrle"),
        ("black", "title.mov", "qtrle"),
        ("white", "title.webm", "libvpx -auto-alt-ref 0 -pix_fmt yuva420p"),
        ("black", "title.webm", "libvpx-vp9 -pix_fmt yuva420p"),
    ],
)
def test_words_on_nothing_are_read(
    folder: Path, database: Database, encoder: FakeEncoder, colour: str, name: str, coder: str
) -> None:
    """Pictures that are of one colour everywhere, and transparent where there is no word."""
    words = f"drawtext=fontfile={LATIN}:text=KESTREL:fontcolor={colour}:fontsize=40:x=20:y=60"
    ground = f"-f lavfi -i color={colour}@0.0:s=320x180:r=5:d=3,format=rgba,{words}"
    ffmpeg(f"{ground} -c:v {coder}", folder / name)
    age(folder / name)
    run_index(database, folder, encoder)
    assert [content for content, _, _ in on_screen(database)] == ["KESTREL"]


@pytest.mark.usefixtures("in_threads")
@pytest.mark.parametrize("words", ["EXIT24", "GATE7", "RUNWAY36L"])
def test_words_without_a_space_are_found_by_their_parts(
    folder: Path, database: Database, data_dir: DataDir, encoder: FakeEncoder, words: str
) -> None:
    screen_clip(folder / "sign.mp4", [Caption(words, 0, 4, size=40)], LOOKS[:1])
    run_index(database, folder, encoder)
    assert [content for content, _, _ in on_screen(database)] == [words], "it is read as it stands"
    searcher = Searcher(encoder, VectorIndex(data_dir.vectors, encoder.id, encoder.dimension))
    name = words.rstrip("0123456789L")
    with database.reading() as connection:
        for query in (words, name, f"{name} {words.removeprefix(name)}"):
            found = search_moments(connection, searcher, f'screen:"{query}"')
            assert [moment.video.path.name for moment in found] == ["sign.mp4"], query


@pytest.mark.usefixtures("in_threads")
@pytest.mark.skipif(not CJK.exists(), reason="the font fonts-wqy-microhei is not installed")
def test_chinese_and_japanese_are_read(folder: Path, database: Database, encoder: FakeEncoder) -> None:
    captions = [
        Caption("生日快乐", 4, 8, font=CJK, size=32),
        Caption("東京タワーへようこそ", 8, 12, font=CJK, size=32),
    ]
    screen_clip(folder / "signs.mp4", captions, LOOKS[:3])
    run_index(database, folder, encoder)
    assert [content for content, _, _ in on_screen(database)] == ["生日快乐", "東京タワーへようこそ"]


def test_a_stopped_reading_goes_on_where_it_was(
    screens: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(screens, folder, "captions.mp4")
    decode_in_threads(monkeypatch, lasting=False)  # what reads is a real process
    monkeypatch.setattr("retake_core.indexing.passes.stretch_pass.STRETCH", 2)
    cancel, stored = CancelToken(), []

    def store(*arguments: Any) -> None:
        screens_table.store_stretch(*arguments)
        stored.append(arguments[2].number)
        if len(stored) == 2:
            cancel.cancel()

    monkeypatch.setattr("retake_core.indexing.passes.screen_text.store_stretch", store)
    with pytest.raises(Cancelled):
        run_index(database, folder, encoder, cancel=cancel)
    assert sources(database) == {"screen:0", "screen:1"}
    assert TITLE in {content for content, _, _ in on_screen(database)}, "what was read can be found at once"
    run_index(database, folder, encoder)
    assert stored == [0, 1, 2]
    assert sources(database) == {"screen"}
    assert [(content, start) for content, start, _ in on_screen(database)] == [(ASIDE, 4), (TITLE, 4), (NOTE, 16)]


@pytest.mark.usefixtures("in_threads")
def test_what_is_more_urgent_comes_after_the_next_stretch(
    screens: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(screens, folder, "captions.mp4")
    run_index(database, folder, encoder, settings=Settings(screen_text=False))
    monkeypatch.setattr("retake_core.indexing.passes.stretch_pass.STRETCH", 2)
    engine = models.find_models()
    assert engine is not None
    assert not only(list(ScreenPass(database, engine, CancelToken()).run(give_way=lambda: True)), TextRead)
    assert len(sources(database)) == 1
    (read,) = only(list(ScreenPass(database, engine, CancelToken()).run()), TextRead)
    assert (read.texts, sources(database)) == (3, {"screen"})


@pytest.mark.usefixtures("in_threads")
def test_what_stands_for_a_video_is_read_anew_when_its_keyframes_change(
    screens: Path, folder: Path, database: Database, encoder: FakeEncoder
) -> None:
    copy(screens, folder, "short.mp4")
    run_index(database, folder, encoder)
    before = on_screen(database)
    more = run_index(database, folder, encoder, settings=Settings(keyframe_spacing=7))
    assert len(only(more, TextRead)) == 1
    assert {content for content, _, _ in on_screen(database)} == {content for content, _, _ in before}
    shutil.copy2(screens / "plain.mp4", folder / "short.mp4")
    run_index(database, folder, encoder)
    assert on_screen(database) == []


@pytest.mark.usefixtures("in_threads")
def test_nothing_is_read_where_it_is_not_wanted_or_cannot_be(
    screens: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(screens, folder, "captions.mp4")
    events = run_index(database, folder, encoder, settings=Settings(screen_text=False))
    monkeypatch.setattr(run, "find_models", lambda: None)
    events += run_index(database, folder, encoder)
    assert not only(events, TextRead)
    assert not only(events, Remarked)
    assert on_screen(database) == []


def test_what_is_missing_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    models.find_models.cache_clear()
    try:
        name, available, detail = models.ocr_status()
        assert (name, available) == ("rapidocr", False)
        assert "pip install 'retake-desktop[ocr]'" in detail
        with pytest.raises(EngineError, match="install"):
            Reader(1)
    finally:
        models.find_models.cache_clear()


@pytest.mark.usefixtures("in_threads")
def test_a_picture_that_the_engine_cannot_take_costs_only_itself(
    screens: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(screens, folder, "captions.mp4")
    lines = Reader.lines

    def sometimes(reader: Reader, image: NDArray[np.uint8]) -> list[ScreenLine]:
        red, green, _ = image[5, 5]
        if green > 2 * int(red):
            raise RuntimeError("no such shape")
        return lines(reader, image)

    monkeypatch.setattr(Reader, "lines", sometimes)
    events = run_index(database, folder, encoder)
    assert not only(events, Remarked)
    assert {content for content, _, _ in on_screen(database)} == {TITLE}, "the green pictures had the others"


@pytest.mark.usefixtures("in_threads")
def test_pictures_whose_thumbnail_shows_no_text_are_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = screen_clip(folder / "large.mp4", [Caption(TITLE, 4, 8)], LOOKS[:2], size="960x540")
    source = PyAVSource(clip)
    frames = [source.frame_at(time) for time in (1.0, 5.0)]
    source.close()
    task = ScreenTask(clip, (1.0, 5.0), tuple(encode_thumbnail(frame.image) for frame in frames), threads=1)
    lines, seen = Reader.lines, []

    def watched(reader: Reader, image: NDArray[np.uint8]) -> list[ScreenLine]:
        seen.append(image.shape)
        return lines(reader, image)

    monkeypatch.setattr(Reader, "lines", watched)
    told: list[Any] = []
    task.run(told.append)
    assert told[0] == ReaderLoaded()
    assert [(read.time, [line.text for line in read.lines]) for read in told[1:]] == [(1.0, []), (5.0, [TITLE])]
    assert seen.count((540, 960, 3)) == 1


def test_a_glance_sees_a_few_small_lines_on_a_dark_page() -> None:
    page = Image.new("RGB", (1920, 1080), (32, 36, 44))
    font = ImageFont.truetype(LATIN, 16)
    glance = Reader(1).may_have_text
    assert not glance(decode_thumbnail(encode_thumbnail(np.asarray(page))))
    for row in range(7):
        ImageDraw.Draw(page).text((60, 80 + 23 * row), f"{row} {NOTE}, {ASIDE}", (224, 224, 224), font)
    assert glance(decode_thumbnail(encode_thumbnail(np.asarray(page))))


@pytest.mark.usefixtures("in_threads")
def test_an_engine_that_crashes_is_told_once_and_stops_nothing_else(
    screens: Path, folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(screens, folder, "captions.mp4", "plain.mp4")
    tries = []

    def crash(task: ScreenTask, send: object) -> None:  # noqa: ARG001
        tries.append(task.path.name)
        raise EOFError

    monkeypatch.setattr(ScreenTask, "run", crash)
    events = run_index(database, folder, encoder)
    assert tries == ["captions.mp4", "captions.mp4"]
    assert [(remark.path, "crashes" in remark.text) for remark in only(events, Remarked)] == [("", True)]
    assert len(only(events, Indexed)) == 1


@pytest.mark.usefixtures("in_threads")
def test_a_video_that_crashes_the_engine_does_not_cost_the_others(
    folder: Path, database: Database, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ScreenTask.run

    def crash(task: ScreenTask, send: Any) -> None:
        if task.path.name == "bad.mp4":
            send(ScreenRead(task.times[0], ()))
            raise EOFError
        read(task, send)

    monkeypatch.setattr(ScreenTask, "run", crash)
    screen_clip(folder / "bad.mp4", [Caption("Harbour", 4, 8)], LOOKS[:2])
    screen_clip(folder / "good.mp4", [Caption("Lighthouse", 4, 8)], LOOKS[:2])
    events = run_index(database, folder, encoder)
    assert [Path(remark.path).name for remark in only(events, Remarked)] == ["bad.mp4"]
    assert "Lighthouse" in {content for content, _, _ in on_screen(database)}
    assert not only(run_index(database, folder, encoder), Remarked), "it is not tried again and again"


def page(lines: Sequence[str], font: Path = LATIN, size: int = 26) -> NDArray[np.uint8]:
    image = Image.new("RGB", (960, 540), (30, 90, 40))
    for row, line in enumerate(lines):
        ImageDraw.Draw(image).text((40, 40 + 60 * row), line, "white", ImageFont.truetype(str(font), size))
    return np.asarray(image)


@pytest.mark.parametrize(
    ("lines", "font"),
    [
        ((TITLE, NOTE, ASIDE), LATIN),
        (("EXIT 24", "6009 69 88", "SOS", "2019-07-14 15:30"), LATIN),  # some of it looks the same on its head
        (("Hello",), LATIN),
        (("今天天气很好我们去公园", "电车开往山上"), CJK),
    ],
)
def test_text_on_its_head_is_read_as_it_was_meant(lines: tuple[str, ...], font: Path) -> None:
    upright = page(lines, font)
    reader = Reader(1)
    for image in (upright, np.ascontiguousarray(upright[::-1, ::-1])):
        assert [line.text for line in reader.lines(image)] == list(lines)


@pytest.mark.parametrize("angle", [20, 60, 90, 110, 120, 180, 225, 270, 340])
@pytest.mark.parametrize(("line", "font"), [("EXIT24 north gate", LATIN), ("今天天气很好我们去公园", CJK)])
def test_a_line_is_read_whichever_way_it_runs(line: str, font: Path, angle: int) -> None:
    image = Image.fromarray(page((TITLE,)))
    face = ImageFont.truetype(str(font), 32)
    label = Image.new("RGBA", (round(face.getlength(line)) + 20, 56))
    ImageDraw.Draw(label).text((10, 8), line, "white", face)
    label = label.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    image.paste(label, (500, 130), label)
    assert {read.text for read in Reader(1).lines(np.asarray(image))} == {TITLE, line}


@pytest.mark.usefixtures("in_threads")
def test_a_recording_on_its_head_gives_no_rubbish(
    screens: Path, folder: Path, database: Database, encoder: FakeEncoder
) -> None:
    ffmpeg("-i IN -vf hflip,vflip -c:v libx264", folder / "turned.mp4", source=screens / "short.mp4")
    age(folder / "turned.mp4")
    run_index(database, folder, encoder)
    assert [content for content, _, _ in on_screen(database)] == [TITLE]
