"""One time for all passes: the one that runs by its pace, those to come by what is known of their speed."""

import json
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from retake_core.cancel import CancelToken
from retake_core.indexing.forecast import Forecast
from retake_core.indexing.passes import estimate
from retake_core.indexing.passes.pace import Pace
from retake_core.indexing.passes.speeds import PassSpeed, Speeds
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.indexing.scan import sync_folder
from retake_core.indexing.work_ahead import WorkAhead
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, DueVideo, due_videos
from retake_core.library.schema import video
from retake_core.library.typical import TypicalVideo, found_quickly, typical_video
from retake_core.protocol.indexing_events import IndexingEvent, PassName, PassProgress, Switch, Switching
from retake_core.settings import Settings
from tests.support import shelf
from tests.support.clock import Clock
from tests.support.fakes import FakeEncoder
from tests.support.shelf import keyframe_ids, only, put, run_index

PASSES = {
    PassName.QUICK: PassSpeed("quick", 1.0),
    PassName.REFINED: PassSpeed("refined", 1.0, lanes=2),
    PassName.SPEECH: PassSpeed("speech tiny", 0.1),
}


class Ahead(WorkAhead):
    """Knows what a test says."""

    def __init__(self, works: dict[PassName, float]) -> None:
        self.works = works

    def after(self, now: PassName | None, taken: Collection[int] = ()) -> dict[PassName, float]:  # noqa: ARG002
        return self.works


class Screens:
    """Stands for the pass that reads text on screen."""

    name: PassName = PassName.SCREEN
    after: PassName = PassName.REFINED

    def due_work(self, connection: Connection) -> dict[int, float]:  # noqa: ARG002
        return {}

    def work_in(self, video: DueVideo, typical: TypicalVideo) -> float:
        return video.duration * typical.keyframes


class Voices(Screens):
    """Stands for the pass that listens."""

    name = PassName.SPEECH
    after = PassName.QUICK

    def work_in(self, video: DueVideo, typical: TypicalVideo) -> float:  # noqa: ARG002
        return video.duration


def told(forecast: Forecast, pace: Pace) -> PassProgress:
    """Return what is told of a pass when the forecast has seen it."""
    (event,) = only(list(forecast.follow(pace, iter([pace.progress()]))), PassProgress)
    return event


def begun(clock: Clock, works: dict[PassName, float], speeds: Speeds) -> tuple[Forecast, Pace]:
    """Return a forecast of a run, whose quick pass has done 10 of 40 units of its work in 20 seconds."""
    forecast = Forecast(Ahead(works), PASSES, speeds, CancelToken())
    pace = Pace(PassName.QUICK, CancelToken())
    pace.start([40.0])
    video = pace.begin(Path("a.mp4"))
    clock.seconds += 20
    video.advance(0.25, 100.0)
    return forecast, pace


def remembering(tmp_path: Path, **speeds: float) -> Speeds:
    """Return what remembers how many seconds a unit takes."""
    path = tmp_path / "speeds.json"
    path.write_text(json.dumps({name.replace("_", " "): [10 * each, 10.0] for name, each in speeds.items()}))
    return Speeds(path)


def test_the_passes_to_come_count_at_the_speed_of_this_computer(clock: Clock) -> None:
    works = {PassName.REFINED: 100.0, PassName.SPEECH: 500.0}
    event = told(*begun(clock, works, Speeds(None)))
    left = 60 + 2 * 100 / 2 + 2 * 0.1 * 500  # it is two times slower than is usual
    assert event.time_left == pytest.approx(left)
    assert event.fraction == pytest.approx(20 / (20 + left))


def test_what_was_measured_before_counts_more_than_what_is_usual(clock: Clock, tmp_path: Path) -> None:
    speeds = remembering(tmp_path, quick=2.0, speech_tiny=3.0)
    event = told(*begun(clock, {PassName.SPEECH: 500.0}, speeds))
    assert event.time_left == pytest.approx(
        60 + 3 * 500
    )  # listening, as it was; the pace of now is that of before


def test_what_is_remembered_of_a_pass_counts_most_at_its_begin(clock: Clock, tmp_path: Path) -> None:
    speeds = remembering(tmp_path, quick=10.0)
    event = told(*begun(clock, {}, speeds))  # a quarter of it says 60 seconds, and earlier runs 300
    assert event.time_left == pytest.approx((0.25 * 60 + 0.1 * 300) / 0.35)


def test_the_first_slow_seconds_of_a_pass_are_not_the_pace_of_all(clock: Clock) -> None:
    forecast, quick = begun(clock, {}, Speeds(None))
    told(forecast, quick)
    pace = Pace(PassName.SPEECH, CancelToken())
    pace.start([1000.0])
    video = pace.begin(Path("a.mp4"))
    clock.seconds += 20
    video.advance(0.001, 1.0)  # which alone says that 19,980 seconds are left
    left = told(forecast, pace).time_left
    assert left is not None
    assert left < 500


def test_nothing_is_told_while_nothing_is_known(clock: Clock) -> None:
    forecast = Forecast(Ahead({PassName.REFINED: 500.0}), PASSES, Speeds(None), CancelToken())
    pace = Pace(PassName.SPEECH, CancelToken())
    pace.start([40.0])
    video = pace.begin(Path("a.mp4"))
    clock.seconds += 20
    video.advance(0.25, 100.0)
    event = told(forecast, pace)  # the pace of listening says nothing of how fast pictures are looked at
    assert (event.time_left, event.fraction) == (None, 0.25)


def test_a_pass_that_has_just_begun_counts_as_it_was_in_earlier_runs(clock: Clock, tmp_path: Path) -> None:
    forecast = Forecast(Ahead({}), PASSES, remembering(tmp_path, refined=4.0), CancelToken())
    clock.seconds += 30
    pace = Pace(PassName.REFINED, CancelToken(), lanes=2)
    pace.start([50.0])
    pace.begin(Path("a.mp4"))
    assert told(forecast, pace).time_left == pytest.approx(4 * 50 / 2)


def test_the_share_that_is_done_never_falls(clock: Clock) -> None:
    works = {PassName.REFINED: 10.0}
    forecast, pace = begun(clock, works, Speeds(None))
    before = told(forecast, pace).fraction
    works[PassName.REFINED] = 10_000.0
    clock.seconds += 10
    after = told(forecast, pace)
    assert after.time_left is not None
    assert after.time_left > 1000
    assert after.fraction == before


def test_the_bar_does_not_fall_when_the_time_of_the_run_becomes_known(clock: Clock) -> None:
    forecast = Forecast(Ahead({PassName.REFINED: 40.0}), PASSES, Speeds(None), CancelToken())
    pace = Pace(PassName.QUICK, CancelToken())
    pace.start([10.0])
    video = pace.begin(Path("a.mp4"))

    def events() -> Iterator[IndexingEvent]:
        for seconds, fraction in ((0.5, 0.5), (5.0, 0.6)):
            clock.seconds += seconds
            video.advance(fraction, 1.0)
            yield pace.progress()

    first, second = only(list(forecast.follow(pace, events())), PassProgress)
    assert (first.time_left, first.fraction) == (None, 0.5)
    assert second.time_left is not None
    assert second.fraction == 0.5


def test_a_change_of_encoder_counts_with_the_passes_behind_it(clock: Clock, tmp_path: Path) -> None:
    speeds = remembering(tmp_path, refined=2.0)
    forecast = Forecast(Ahead({PassName.REFINED: 100.0}), PASSES, speeds, CancelToken())
    clock.seconds += 20
    events: Iterator[IndexingEvent] = iter([Switching(Switch("a", "b", 5, 10), 7.0)])
    (event,) = only(list(forecast.follow_switch(events)), Switching)
    assert event.time_left == pytest.approx(7 + 2 * 100 / 2)


def test_a_run_teaches_the_next_one(clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "speeds" / "indexing.json"
    told(*begun(clock, {}, Speeds(path)))
    assert Speeds(path).per_unit("quick") == pytest.approx(2.0)
    speeds = Speeds(path)
    speeds.learn("quick", 100.0, 20.0)
    assert Speeds(path).per_unit("quick") == pytest.approx((10 + 100) / (5 + 20))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"quick": 3}', '{"quick": [0, 0]}', '{"quick": ["a", 1]}'])
def test_a_damaged_memory_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "indexing.json"
    path.write_text(content)
    assert Speeds(path).per_unit("quick") is None


def test_seconds_too_few_to_tell_are_not_remembered(tmp_path: Path) -> None:
    speeds = Speeds(tmp_path / "indexing.json")
    speeds.learn("quick", 0.3, 10.0)
    assert speeds.per_unit("quick") is None


@pytest.mark.usefixtures("in_process")
def test_the_first_look_of_a_run_tells_the_time_of_all_passes(
    database: Database, folder: Path, clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "TELLING", 0.0)
    monkeypatch.setattr(estimate, "SOON", 0.0)
    shutil.copy2(clips / "long.mp4", folder)
    speeds = tmp_path / "indexing.json"
    speeds.write_text(json.dumps({"quick": [1.0, 1.0], "refined": [1e5, 1.0]}))
    settings = Settings(screen_text=False)
    run = IndexRun(database, FakeEncoder(), settings, CancelToken(), speeds=speeds)
    told = only(list(index_folders(run, [folder])), PassProgress)
    (first, *_) = (event.time_left for event in told if event.name == PassName.QUICK)
    assert first is not None
    assert first > 1000


def test_what_is_ahead_of_each_pass(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    put(folder / "a.mp4", bytes(6_000_000))
    put(folder / "b.mp4", bytes(12_000_000))
    list(sync_folder(database, folder, CancelToken()))
    with database.reading() as connection:
        typical = typical_video(connection)
        ids = [due.id for due in due_videos(connection, Depth.QUICK, "recipe")]
    seconds = 18_000_000 / typical.bytes
    ahead = WorkAhead(database, "recipe", 2.0, Depth.REFINED, [Screens(), Voices()])
    first = ahead.after(None)
    assert list(first) == [PassName.QUICK, PassName.REFINED, PassName.SCREEN, PassName.SPEECH]
    assert first[PassName.SCREEN] == pytest.approx(seconds * typical.keyframes)
    assert first[PassName.SPEECH] == pytest.approx(seconds)
    quick = ahead.after(PassName.QUICK, ids[:1])  # the other one comes later
    assert 0 < quick[PassName.QUICK] < first[PassName.QUICK]
    assert quick[PassName.REFINED] == first[PassName.REFINED]
    assert ahead.after(PassName.REFINED, ids)[PassName.REFINED] == 0
    assert list(ahead.after(PassName.SCREEN)) == [PassName.SPEECH]
    assert ahead.after(PassName.SPEECH) == {}


@pytest.mark.usefixtures("in_process")
def test_keyframes_to_come_are_guessed_by_what_the_quick_pass_found(
    database: Database, folder: Path, clips: Path
) -> None:
    for name in ("long.mp4", "short.mp4"):
        shutil.copy2(clips / name, folder)
    run_index(database, folder, FakeEncoder())
    done, due = (shelf.video(database, name) for name in ("long.mp4", "short.mp4"))
    found = {entry.id: len(keyframe_ids(database, entry.path.name)) for entry in (done, due)}
    assert done.duration is not None
    assert due.duration is not None
    with database.writing() as connection:
        for entry, depth, share in ((done, Depth.REFINED, 1.0), (due, Depth.QUICK, 0.5)):
            spans = json.dumps([[0.0, share * (entry.duration or 0.0)]]).encode()
            connection.execute(update(video).where(video.c.id == entry.id).values(depth=depth, spans=spans))
        typical = typical_video(connection)
        counted = found_quickly(connection)
    assert counted == {due.id: found[due.id]}
    rate = found[done.id] / done.duration  # where all is decoded
    guess = found[due.id] / 2 + rate * due.duration / 2
    known = DueVideo(due.id, 1, due.duration, spans=[(0.0, due.duration / 2)], found=found[due.id])
    assert typical.keyframes_in(known) == pytest.approx(guess)
    seconds = done.duration + due.duration
    new = DueVideo(due.id, 1, 100.0)
    assert typical.keyframes_in(new) == pytest.approx(100 * (found[done.id] + guess) / seconds)
