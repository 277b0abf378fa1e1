"""A real, tiny Whisper model listens to words that are known, at times that are known."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from retake_core.cancel import CancelToken
from retake_core.cli import __main__ as cli
from retake_core.data_dir import DataDir
from retake_core.indexing.passes import hearing
from retake_core.indexing.passes.speech import SpeechPass
from retake_core.library import catalog
from retake_core.library.database import Database, copy_database
from retake_core.library.schema import listening, text, text_reading
from retake_core.library.texts import SPEECH
from retake_core.library.transcript import spoken
from retake_core.library.vectors import VectorIndex
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import PassProgress, TextRead
from retake_core.search.all_sources import search_moments
from retake_core.search.encoder_choice import Searcher
from retake_core.search.options import SearchOptions
from retake_core.settings import Settings, change_settings
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.paths import ROOT
from tests.support.recordings import Noise, make_recording, model_folder
from tests.support.shelf import run_index

MODEL = str(model_folder())
SENTENCES = (
    "Happy birthday, dear Martha.",
    "The quick brown fox jumps over the lazy dog.",
    "My grandfather lived in a small village near the sea.",
)
STRETCH = 12.0  # seconds: the talk takes three

Said = list[tuple[float | None, float | None, str]]


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float]]:
    """Return a folder of recordings, and when each sentence of the talk begins."""
    folder = tmp_path_factory.mktemp("recordings")
    first, second, third = SENTENCES
    parts = (Noise(3), first, Noise(7, 0.01), second, Noise(6), third, Noise(2))
    begins = make_recording(folder / "talk.mp4", parts)
    make_recording(folder / "quiet.mkv", (Noise(8), Noise(8, 0.03), Noise(4, 0.2)))
    make_recording(folder / "mute.mp4", ())
    return folder, begins[1::2]


@pytest.fixture(scope="module")
def seen(recordings: tuple[Path, list[float]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library of the recordings to which nobody listened yet; copy it."""
    path = tmp_path_factory.mktemp("seen") / "library.db"
    database = Database(path)
    events = run_index(database, recordings[0], FakeEncoder(), settings=Settings(screen_text=False))
    assert not [event for event in events if isinstance(event, PassProgress) and event.name == SPEECH]
    database.close()
    return path


@pytest.fixture(autouse=True)
def _in_short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "STRETCH", STRETCH)
    decode_in_threads(monkeypatch)


@pytest.fixture(scope="module")
def heard(seen: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, list[Event]]]:
    """Return a library that was listened to without a break, and what was told meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hearing, "STRETCH", STRETCH)
        decode_in_threads(patch)
        path = tmp_path_factory.mktemp("heard") / "library.db"
        shutil.copy(seen, path)
        database = Database(path)
        events = listen(database)
    yield database, events
    database.close()


@pytest.fixture
def library(seen: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(seen, tmp_path / "library.db")
    database = Database(tmp_path / "library.db")
    yield database
    database.close()


def listen(database: Database, cancel: CancelToken | None = None) -> list[Event]:
    return list(SpeechPass(database, Settings(speech=MODEL), cancel or CancelToken()).run())


def said(database: Database, name: str = "talk.mp4") -> Said:
    with database.reading() as connection:
        entry = catalog.find_video(connection, name)
        return [(cue.start, cue.end, cue.content) for cue in spoken(connection, entry.id)]


def heard_words(content: str) -> set[str]:
    """Return words as they sound; how a model spells a sentence differs from one processor to the next."""
    return set(re.findall(r"[a-z]{4,}", content.lower()))


def test_most_words_are_heard(heard: tuple[Database, list[Event]]) -> None:
    written = heard_words(" ".join(content for _, _, content in said(heard[0])))
    for sentence in SENTENCES:
        assert len(heard_words(sentence) & written) >= len(heard_words(sentence)) / 2, sentence


def test_what_is_said_is_found_at_its_time(
    heard: tuple[Database, list[Event]], recordings: tuple[Path, list[float]], tmp_path: Path
) -> None:
    encoder = FakeEncoder()
    searcher = Searcher(encoder, VectorIndex(tmp_path, encoder.id, encoder.dimension))
    written = heard_words(" ".join(content for _, _, content in said(heard[0])))
    for sentence, begin in zip(SENTENCES, recordings[1], strict=True):
        query = " ".join(sorted(heard_words(sentence) & written, key=len)[-2:])
        with heard[0].reading() as connection:
            best = search_moments(connection, searcher, query, SearchOptions(limit=1))[0]
        assert best.video.path.name == "talk.mp4"
        assert best.why == ("said",)
        assert abs(best.time - begin) < 1.0, query


def test_silence_and_noise_say_nothing(heard: tuple[Database, list[Event]]) -> None:
    database, events = heard
    assert said(database, "quiet.mkv") == said(database, "mute.mp4") == []
    done = [Path(event.path).name for event in events if isinstance(event, TextRead)]
    assert sorted(done) == ["mute.mp4", "quiet.mkv", "talk.mp4"]
    with database.reading() as connection:
        read = select(func.count()).where(text_reading.c.source == SPEECH)
        assert connection.execute(read).scalar_one() == 3
        assert connection.execute(select(func.count()).select_from(listening)).scalar_one() == 0
        assert set(connection.execute(select(text.c.language).where(text.c.source == SPEECH)).scalars()) == {"en"}
    assert listen(database) == []  # once for each content


def test_what_is_killed_in_the_middle_goes_on_there_and_hears_the_same(
    heard: tuple[Database, list[Event]], library: Database
) -> None:
    command = [sys.executable, "-m", "tests.support.speech_runner", str(library.path), MODEL, str(STRETCH)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        told = next(float(line) for line in process.stdout if said(library))
        assert 0 < told < 1
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []
    before = said(library)
    assert 0 < len(before) < len(SENTENCES)
    with library.reading() as connection:
        ids = connection.execute(select(text.c.id).where(text.c.source == SPEECH)).scalars().all()
    listen(library)
    assert said(library) == said(heard[0])
    with library.reading() as connection:  # what was stored before was not listened to again
        after = connection.execute(select(text.c.id).where(text.c.source == SPEECH)).scalars().all()
    assert after[: len(ids)] == ids


def test_the_command_line_prints_it(
    heard: tuple[Database, list[Event]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = DataDir(tmp_path / "data")
    data.create()
    copy_database(heard[0].path, data.database)
    options = ["--data-dir", str(data.root)]
    assert cli.run(["transcript", "talk.mp4", *options]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(("0:02  ", "0:03  "))
    assert first[6:] == said(heard[0])[0][2]
    assert cli.run(["transcript", "talk.mp4", "--format", "srt", *options]) == 0
    assert capsys.readouterr().out.startswith("1\n00:00:0")
    assert cli.run(["transcript", "quiet.mkv", *options]) == 2
    assert "choose a speech model" in capsys.readouterr().err
    change_settings(data.settings, speech=MODEL)
    assert cli.run(["transcript", "quiet.mkv", *options]) == 2
    assert "Nothing is said in quiet.mkv" in capsys.readouterr().err
