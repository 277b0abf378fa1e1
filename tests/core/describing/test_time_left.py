"""How long describing still takes, told before the first video is done."""

from functools import partial
from pathlib import Path

import pytest
import torch

from retake_core.data_dir import DataDir
from retake_core.describing.work import whole_speed
from retake_core.indexing.passes import estimate, speeds
from retake_core.indexing.passes.speeds import Speeds
from retake_core.library.database import Database
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import DescribingPlanned, PassName, PassProgress
from retake_core.system import throttle
from tests.support.describing import Script, run_describing, small_model
from tests.support.fakes import FakeEncoder, age, make_clip
from tests.support.shelf import only

WRITING = 40.0
"""Seconds that a description takes to be written, as if it had been measured."""


def told(events: list[Event]) -> list[PassProgress]:
    return [event for event in only(events, PassProgress) if event.name == PassName.DESCRIBE]


@pytest.mark.usefixtures("in_process")
def test_time_left_is_told_from_the_start_where_the_model_has_described_before(
    data_dir: DataDir, database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.set_num_threads(1)
    model = small_model(tmp_path / "model")
    script = Script().install(monkeypatch)
    run = partial(run_describing, data_dir, database, folder, FakeEncoder(), model)
    make_clip(folder / "first.mp4", [(10, "red"), (10, "green")])
    age(folder / "first.mp4")
    first = run()
    assert [event.seconds for event in only(first, DescribingPlanned)] == [None]
    assert told(first)[0].time_left is None, "nothing is known of this computer"
    Speeds(data_dir.indexing_speeds).learn(f"{PassName.DESCRIBE} {model}", 2 * WRITING, 2)
    for name in ("second.mp4", "third.mp4"):
        make_clip(folder / name, [(10, "white"), (20 if name == "third.mp4" else 10, "blue")])
        age(folder / name)
    second = run()
    (planned,) = only(second, DescribingPlanned)
    assert planned.seconds is not None
    assert planned.seconds > 2 * WRITING, "to read them comes on top"
    start = told(second)[0]
    assert (start.done, start.videos, start.working) == (0, 2, ())
    assert start.time_left == pytest.approx(planned.seconds)
    during = next(event for event in told(second) if event.working)
    assert during.done == 0
    assert during.time_left is not None
    assert len(script.described) == 3


@pytest.mark.usefixtures("in_process")
def test_the_time_of_a_run_counts_what_is_to_be_described(
    data_dir: DataDir, database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "TELLING", 0.0)
    monkeypatch.setattr(estimate, "SOON", 0.0)
    monkeypatch.setattr(throttle, "TELL_EVERY", 0.0)
    torch.set_num_threads(1)
    model = small_model(tmp_path / "model")
    Script().install(monkeypatch)
    make_clip(folder / "first.mp4", [(10, "red"), (10, "green")])
    age(folder / "first.mp4")
    remembered = Speeds(data_dir.indexing_speeds)
    for name in (PassName.QUICK, PassName.REFINED):
        remembered.learn(name, 10.0, 10.0)
    remembered.learn(whole_speed(str(model)).name, 20 * WRITING, 20.0)
    remembered.learn(f"{PassName.DESCRIBE} {model}", 2 * WRITING, 2)
    events = only(
        run_describing(data_dir, database, folder, FakeEncoder(), model, speeds=data_dir.indexing_speeds),
        PassProgress,
    )
    looking = [event for event in events if event.name in (PassName.QUICK, PassName.REFINED)]
    assert looking
    assert all(event.time_left is not None and event.time_left > 10 * WRITING for event in looking)
    fractions = [event.fraction for event in events]
    assert fractions == sorted(fractions), "one run has one bar"
    assert {PassName.QUICK, PassName.DESCRIBE} <= {event.name for event in events}


@pytest.mark.usefixtures("in_process")
def test_how_long_describing_takes_is_remembered_by_seconds_of_video(
    data_dir: DataDir, database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speeds, "TELLING", 0.0)
    torch.set_num_threads(1)
    model = small_model(tmp_path / "model")
    Script().install(monkeypatch)
    make_clip(folder / "first.mp4", [(10, "red"), (10, "green")])
    age(folder / "first.mp4")
    run_describing(data_dir, database, folder, FakeEncoder(), model)
    known = Speeds(data_dir.indexing_speeds).per_unit(whole_speed(str(model)).name)
    assert known is not None
    assert 0 < known < 20


@pytest.mark.usefixtures("in_process")
def test_what_it_takes_to_write_is_remembered(
    data_dir: DataDir, database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.set_num_threads(1)
    model = small_model(tmp_path / "model")
    script = Script(seconds=WRITING).install(monkeypatch)
    for name, colour in (("one.mp4", "green"), ("two.mp4", "blue")):
        make_clip(folder / name, [(5, "red"), (5, colour)])
        age(folder / name)
    run_describing(data_dir, database, folder, FakeEncoder(), model)
    assert len(script.described) == 2
    assert Speeds(data_dir.indexing_speeds).per_unit(f"{PassName.DESCRIBE} {model}") == WRITING
