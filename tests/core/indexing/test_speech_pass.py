"""How listening goes on, gives way, and gives up: with a model that hears a word every second, at once."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from retake_core.cancel import CancelToken, Gate
from retake_core.errors import Cancelled
from retake_core.indexing.passes import hearing
from retake_core.indexing.passes.hearing import UNUSABLE
from retake_core.indexing.passes.speech import GIVEN_UP, MOVED, SpeechPass
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.library.indexing import forget_index
from retake_core.library.listening import choose_sound_track
from retake_core.library.schema import listening
from retake_core.library.transcript import spoken
from retake_core.library.typical import typical_video
from retake_core.media.ffmpeg.sound import RATE
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.tasks import SoundTask, Task
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import (
    PassName,
    PassProgress,
    PassStarted,
    Remarked,
    TextRead,
    VideoDeferred,
)
from retake_core.settings import Settings
from retake_core.speech import model
from retake_core.speech.cues import SpokenLine
from retake_core.speech.process import HeldError, ListenerDiedError, ModelFailedError
from retake_core.speech.stretch import Heard, Moved, Reached, SoundStretch
from retake_core.system import throttle
from tests.support.fakes import FakeEncoder
from tests.support.in_process import ThreadDecoder, decode_in_threads
from tests.support.recordings import Noise, make_recording, make_two_languages
from tests.support.shelf import only, run_index, video

STRETCH, UNTIL = 4.0, 3.0  # seconds: the model is satisfied with so much of each stretch
Hear = Callable[["Process", SoundStretch, CancelToken], Iterator[Reached | Moved | Heard]]


def hear(_process: "Process", stretch: SoundStretch, _cancel: CancelToken) -> Iterator[Reached | Moved | Heard]:
    until = len(stretch.samples) / RATE if stretch.last else UNTIL
    yield Reached(until / 2)
    lines = [SpokenLine(float(second), second + 0.5, f"word{second}") for second in range(round(until))]
    votes = stretch.votes | {"en": stretch.votes.get("en", 0.0) + 1}
    yield Heard(until, lines, "en", votes)


class Process:
    """In place of the process with the model; `does` says what it does with a stretch."""

    does: Hear = staticmethod(hear)
    alive = 0
    cards: list[bool] = []  # noqa: RUF012 - a new one for each test

    def __init__(self, _model: Path, _log: Path | None, *, card: bool, cores: int) -> None:
        assert cores >= 1
        Process.alive += 1
        Process.cards.append(card)

    def listen(self, stretch: SoundStretch, cancel: CancelToken) -> Iterator[Reached | Moved | Heard]:
        cancel.check()
        yield from Process.does(self, stretch, cancel)

    def kill(self) -> None:
        Process.alive -= 1


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_process: None) -> Settings:  # noqa: ARG001
    for name, value in {"does": staticmethod(hear), "alive": 0, "cards": []}.items():
        monkeypatch.setattr(Process, name, value)
    monkeypatch.setattr(hearing, "ListenProcess", Process)
    monkeypatch.setattr(hearing, "STRETCH", STRETCH)
    monkeypatch.setattr(throttle, "TELL_EVERY", 0.0)
    decode_in_threads(monkeypatch)
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"one")
    return Settings(speech=os.fspath(folder), screen_text=False)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recordings") / "talk.mp4"
    make_recording(path, [Noise(10, 0.1)])
    return path


@pytest.fixture
def library(database: Database, recording: Path, folder: Path) -> Database:
    """Return a library of the recording, to which nobody has listened."""
    shutil.copy2(recording, folder)
    run_index(database, folder, FakeEncoder(), settings=SEEN)
    return database


SEEN = Settings(screen_text=False)
WHOLE = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]


def times(database: Database, name: str = "talk.mp4") -> list[float]:
    with database.reading() as connection:
        return [cue.start or 0.0 for cue in spoken(connection, video(database, name).id)]


def listen(database: Database, settings: Settings, cancel: CancelToken | None = None) -> list[Event]:
    return list(SpeechPass(database, settings, cancel or CancelToken()).run())


def test_without_a_model_nothing_happens(library: Database) -> None:
    assert listen(library, Settings()) == []
    assert times(library) == []


def test_what_lacks_is_told_in_a_sentence(
    library: Database, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (told,) = listen(library, Settings(speech="/nowhere"))
    assert isinstance(told, Remarked)
    assert "is not on this computer" in told.text
    monkeypatch.setattr(model, "find_spec", lambda _: None)
    events = run_index(library, folder, FakeEncoder(), settings=settings)
    assert only(events, Remarked) == [Remarked("", model.INSTALL)]
    assert times(library) == []


def test_it_is_the_last_pass_and_is_counted(library: Database, settings: Settings, folder: Path) -> None:
    events = run_index(library, folder, FakeEncoder(), settings=settings)
    assert only(events, PassStarted) == [PassStarted(PassName.SPEECH, 1)]
    fractions = [event.fraction for event in only(events, PassProgress)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0, abs=0.02)
    assert only(events, TextRead)[0] == TextRead(os.fspath(folder / "talk.mp4"), PassName.SPEECH, len(WHOLE))
    assert times(library) == WHOLE
    assert Process.alive == 0


def test_a_video_without_sound_is_done_as_well(
    library: Database, settings: Settings, folder: Path, clips: Path
) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    run_index(library, folder, FakeEncoder(), settings=SEEN)
    silent = video(library, "short.mp4").id
    events = list(SpeechPass(library, settings, CancelToken()).run([silent]))
    assert [read.texts for read in only(events, TextRead)] == [0, len(WHOLE)]
    assert only(events, PassProgress)[-1].fraction == pytest.approx(1.0, abs=0.02)


def test_what_has_no_sound_is_no_work(library: Database, settings: Settings, folder: Path, clips: Path) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    run_index(library, folder, FakeEncoder(), settings=SEEN)
    silent, talk = video(library, "short.mp4"), video(library, "talk.mp4")
    with library.reading() as connection:
        works = SpeechPass(library, settings, CancelToken()).due_work(connection)
        typical = typical_video(connection)
    seconds = {entry.id: entry.duration or 0.0 for entry in (silent, talk)}
    assert works == {silent.id: 0.0, talk.id: pytest.approx(seconds[talk.id])}
    assert typical.audible == pytest.approx(seconds[talk.id] / sum(seconds.values()))


def test_a_stop_keeps_what_was_heard(library: Database, settings: Settings) -> None:
    cancel = CancelToken()

    def run() -> None:
        for event in SpeechPass(library, settings, cancel).run():
            if isinstance(event, PassProgress) and event.fraction > 0.5:
                cancel.cancel()

    with pytest.raises(Cancelled):
        run()
    assert times(library) == WHOLE[:6]
    assert Process.alive == 0
    first = only(listen(library, settings), PassProgress)[0]
    assert first.fraction == pytest.approx(0.6, abs=0.02)
    assert times(library) == WHOLE


def test_who_needs_the_machine_gets_the_model_s_memory(library: Database, settings: Settings) -> None:
    gate = Gate()
    freed = threading.Event()

    class Token(CancelToken):
        def sleep(self, seconds: float) -> None:
            if self.held and Process.alive == 0:
                freed.set()
                gate.release("question")
            super().sleep(seconds)

    def does(process: Process, stretch: SoundStretch, cancel: CancelToken) -> Iterator[Reached | Moved | Heard]:
        if stretch.votes and not freed.is_set():
            gate.hold("question")
            raise HeldError
        return hear(process, stretch, cancel)

    Process.does = staticmethod(does)
    listen(library, settings, Token(gate))
    assert freed.is_set()
    assert times(library) == WHOLE


def test_what_is_more_urgent_comes_after_the_next_stretch(
    library: Database, settings: Settings, folder: Path
) -> None:
    make_recording(folder / "other.mp4", [Noise(3, 0.1)])
    run_index(library, folder, FakeEncoder(), settings=SEEN)
    urgent = [False, True]  # asked after each stretch, and after each video
    speech = SpeechPass(library, settings, CancelToken())
    assert only(list(speech.run(give_way=lambda: urgent.pop(0) if urgent else True)), TextRead) == []
    assert times(library) == WHOLE[:6]
    assert times(library, "other.mp4") == []
    assert len(only(listen(library, settings), TextRead)) == 2
    assert times(library) == WHOLE


def test_another_model_listens_anew_and_another_file_too(
    library: Database, settings: Settings, folder: Path
) -> None:
    listen(library, settings)
    assert listen(library, settings) == []
    assert listen(library, Settings(speech=settings.speech, speech_language="de")) != []
    Path(settings.speech or "", "model.bin").write_bytes(b"two")
    assert only(listen(library, settings), TextRead) != []
    assert times(library) == WHOLE
    make_recording(folder / "talk.mp4", [Noise(5, 0.2)])
    run_index(library, folder, FakeEncoder(), settings=settings)
    assert times(library) == WHOLE[:5]


def test_the_track_that_a_person_chooses_is_listened_to(
    database: Database, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels: list[float] = []

    def does(process: Process, stretch: SoundStretch, cancel: CancelToken) -> Iterator[Reached | Moved | Heard]:
        levels.append(float(np.sqrt(np.mean(stretch.samples**2))))
        yield from hear(process, stretch, cancel)

    monkeypatch.setattr(Process, "does", staticmethod(does))
    make_two_languages(folder / "film.mkv")
    run_index(database, folder, FakeEncoder(), settings=settings)
    film = video(database, "film.mkv")
    with database.writing() as connection:
        choose_sound_track(connection, film.id, 2)
        forget_index(connection, film.id)
    quiet, levels[:] = levels[0], []
    run_index(database, folder, FakeEncoder(), settings=settings)
    assert levels[0] > 3 * quiet
    assert times(database, "film.mkv") == pytest.approx(WHOLE[:4], abs=0.01), "and nothing stays of the other"
    assert listen(database, settings) == []
    with database.writing() as connection:
        choose_sound_track(connection, film.id, None)
    levels.clear()
    listen(database, settings)
    assert levels[0] == pytest.approx(quiet)


def test_subtitles_need_no_model(library: Database, settings: Settings, folder: Path) -> None:
    (folder / "talk.en.srt").write_text("1\n00:00:01,500 --> 00:00:02,000\nBy hand\n")
    started = only(run_index(library, folder, FakeEncoder(), settings=settings), PassStarted)
    assert PassName.SPEECH not in [event.name for event in started]
    assert times(library) == [1.5]
    (folder / "talk.en.srt").unlink()
    run_index(library, folder, FakeEncoder(), settings=settings)
    assert times(library) == WHOLE


def test_a_file_that_changes_meanwhile_is_left_for_the_next_run(
    library: Database, settings: Settings, folder: Path
) -> None:
    events = []
    for event in SpeechPass(library, settings, CancelToken()).run():
        events.append(event)
        if isinstance(event, PassProgress) and event.fraction > 0.5:
            os.utime(folder / "talk.mp4")
    assert len(only(events, VideoDeferred)) == 1
    run_index(library, folder, FakeEncoder(), settings=settings)
    assert times(library) == WHOLE


@pytest.mark.parametrize(("deaths", "heard"), [(1, WHOLE), (2, WHOLE), (3, WHOLE[:3])])
def test_a_video_on_which_the_model_dies_twice_is_left_as_it_is(
    library: Database, settings: Settings, deaths: int, heard: list[float]
) -> None:
    """The first death is put down to the graphics card."""
    left = [deaths]

    def does(process: Process, stretch: SoundStretch, cancel: CancelToken) -> Iterator[Reached | Moved | Heard]:
        if stretch.votes and left[0]:
            left[0] -= 1
            raise ListenerDiedError
        return hear(process, stretch, cancel)

    Process.does = staticmethod(does)
    events = listen(library, settings)
    assert times(library) == heard
    assert [event.text for event in only(events, Remarked)] == ([GIVEN_UP] if deaths == 3 else [])
    assert Process.cards == [True, False, False, False][: deaths + (deaths < 3)]
    assert listen(library, settings) == []


@pytest.mark.parametrize("error", [ListenerDiedError, ModelFailedError])
def test_a_model_that_never_works_stops_the_pass(
    library: Database, settings: Settings, error: type[Exception]
) -> None:
    def does(*_: object) -> Iterator[Reached | Moved | Heard]:
        raise error

    Process.does = staticmethod(does)
    assert only(listen(library, settings), Remarked) == [Remarked("", UNUSABLE)]
    Process.does = staticmethod(hear)
    listen(library, settings)
    assert times(library) == WHOLE  # it was not the video's fault


def test_a_card_without_room_is_told_once(library: Database, settings: Settings) -> None:
    def does(process: Process, stretch: SoundStretch, cancel: CancelToken) -> Iterator[Reached | Moved | Heard]:
        if not stretch.votes:
            yield Moved("out of memory")
        yield from hear(process, stretch, cancel)

    Process.does = staticmethod(does)
    assert only(listen(library, settings), Remarked) == [Remarked("", MOVED)]


def test_sound_that_kills_the_decoder_is_told_and_the_others_go_on(
    library: Database, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_recording(folder / "other.mp4", [Noise(3, 0.1)])
    run_index(library, folder, FakeEncoder(), settings=SEEN)

    class Dying(ThreadDecoder):
        def submit(self, task: Task) -> None:
            if isinstance(task, SoundTask) and task.path.name == "talk.mp4":
                raise DecoderDiedError("The decoder crashed on it.")
            super().submit(task)

    decode_in_threads(monkeypatch, Dying)
    events = listen(library, settings)
    assert [event.text for event in only(events, Remarked)] == ["The decoder crashed on it."]
    assert times(library, "other.mp4") == WHOLE[:3]
    with library.reading() as connection:
        assert connection.execute(select(listening)).all() == []


def test_what_gives_way_does_not_listen_first(
    library: Database, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change in the folders ends the passes that take long at once, also where the one before gave way."""
    monkeypatch.setattr(Process, "does", None)  # nobody listens
    run = IndexRun(library, FakeEncoder(), settings, CancelToken(), give_way=lambda: True)
    assert not only(list(index_folders(run, [folder])), PassStarted)
