"""Indexing on a graphics card: the library is the same, whatever the card does."""

import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from retake_core.cancel import CancelToken, Gate
from retake_core.indexing.passes import lanes, one_video
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.media.decoders import registry
from retake_core.media.hardware.news import DeviceTaken
from retake_core.media.hardware.sessions import CRASHED
from retake_core.media.hardware.verdicts import Verdicts
from retake_core.media.process.decode_process import DecodeProcess
from retake_core.media.process.patience import Limit
from retake_core.media.process.tasks import Batch, DecodeTask, Send, Task
from retake_core.protocol.indexing_events import IndexingEvent, PassProgress, VideoFailed
from retake_core.settings import Settings
from retake_core.system.verdicts import Verdict
from tests.support.fakes import FakeEncoder
from tests.support.in_process import ThreadDecoder, decode_in_threads
from tests.support.large_clip import KIND, large_clip
from tests.support.shelf import contents, only
from tests.support.stand_in_device import StandIn, plugged_in

CARD = Settings(hardware_decoding="cuda")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return large_clip(tmp_path_factory.mktemp("large") / "large.mp4", seconds=12)


@pytest.fixture
def folder(folder: Path, large: Path) -> Path:
    shutil.copy2(large, folder)
    return folder


@pytest.fixture(autouse=True)
def only_pyav(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the processor's work to the library that a device is driven by: decord scales otherwise."""
    monkeypatch.setattr(registry, "DECODERS", registry.DECODERS[-1:])


@pytest.fixture(scope="module")
def by_processor(tmp_path_factory: pytest.TempPathFactory, large: Path) -> dict[str, Any]:
    database = Database(tmp_path_factory.mktemp("processor") / "library.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "DECODERS", registry.DECODERS[-1:])
        decode_in_threads(patch)
        run(database, large.parent, Settings(hardware_decoding="off"), large.parent / "none.json")
    whole = contents(database)
    database.close()
    return whole


def run(
    database: Database, folder: Path, settings: Settings, kept: Path, cancel: CancelToken | None = None
) -> list[IndexingEvent]:
    index = IndexRun(
        database, FakeEncoder(), settings, cancel or CancelToken(), thorough=True, decoding_verdicts=kept
    )
    return list(index_folders(index, [folder]))


def test_the_card_makes_the_same_library_and_is_told(
    database: Database, folder: Path, by_processor: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode_in_threads(monkeypatch)
    kept = tmp_path / "decoding.json"
    with plugged_in(StandIn()) as (card,):
        events = run(database, folder, CARD, kept)
        assert card.decoded > card.transfers > 30 + 12
    assert contents(database) == by_processor
    assert Verdicts(kept).of("cuda") == {KIND: Verdict(True)}
    assert "cuda" in {work.device for event in only(events, PassProgress) for work in event.working}


@pytest.mark.parametrize("card", [StandIn(brighter=9), StandIn(fails_at=100), StandIn(full_at=31)])
def test_a_card_that_is_wrong_or_fails_changes_nothing(
    database: Database,
    folder: Path,
    by_processor: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    card: StandIn,
) -> None:
    decode_in_threads(monkeypatch)
    with plugged_in(card):
        assert not only(run(database, folder, CARD, tmp_path / "decoding.json"), VideoFailed)
    assert contents(database) == by_processor


def test_indexing_leaves_the_card_while_it_is_held_back(
    database: Database, folder: Path, by_processor: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    ended: list[bool] = []

    class Leaving(ThreadDecoder):
        """Is held back with its second batch until it is ended: for ever, where nobody ends it."""

        batches = 0

        def receive(self) -> object:
            message = super().receive()
            Leaving.batches += isinstance(message, Batch)
            if Leaving.batches == 3 and not ended:
                gate.hold("question")
            return message

        def kill(self) -> None:
            if gate.closed:
                ended.append(True)
                threading.Timer(0.3, gate.release, ["question"]).start()
            super().kill()

    monkeypatch.setattr(one_video, "STORE_AFTER", 0.0)
    decode_in_threads(monkeypatch, Leaving)
    with plugged_in(StandIn()):
        run(database, folder, CARD, tmp_path / "decoding.json", CancelToken(gate))
    assert ended
    assert contents(database) == by_processor


@dataclass(frozen=True)
class OnBadDriver:
    """A task in a process whose driver ends it, or never answers."""

    task: DecodeTask
    hangs: bool

    @property
    def limit(self) -> Limit:
        return self.task.limit

    def run(self, send: Send) -> Any:
        with plugged_in(BadDriver(hangs=self.hangs)):
            return self.task.run(send)


class BadDriver(StandIn):
    def __init__(self, hangs: bool) -> None:
        super().__init__()
        self.hangs = hangs

    def open(self, path: Path) -> Any:  # noqa: ARG002
        if self.hangs:
            threading.Event().wait(600)
        os.abort()


@pytest.mark.parametrize("hangs", [False, True])
def test_a_driver_that_crashes_or_hangs_costs_its_process_only(
    database: Database,
    folder: Path,
    by_processor: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hangs: bool,
) -> None:
    taken: list[object] = []

    class Bad(DecodeProcess):
        def submit(self, task: Task) -> None:
            on_card = isinstance(task, DecodeTask) and task.hardware is not None
            super().submit(OnBadDriver(task, hangs) if on_card else task)  # type: ignore[arg-type]

        def receive(self) -> object:
            message = super().receive()
            if isinstance(message, DeviceTaken):
                taken.append(message)
                self._patience.renew(Limit(600, 0.3) if hangs else None)
            return message

    monkeypatch.setattr(lanes, "DecodeProcess", Bad)
    kept = tmp_path / "decoding.json"
    assert not only(run(database, folder, CARD, kept), VideoFailed)
    assert len(taken) == 1
    assert contents(database) == by_processor
    assert Verdicts(kept).of("cuda") == {KIND: Verdict(False, CRASHED)}
