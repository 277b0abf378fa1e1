"""A node decodes on its own graphics card, as this computer does on its own; the keyframes are the same."""

import os
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from retake_core.cancel import CancelToken
from retake_core.cluster import giving_way, looker
from retake_core.cluster.giving_way import Answering, answering_folder
from retake_core.cluster.looker import GaveWay, Looker
from retake_core.cluster.place import DATA
from retake_core.data_dir import DataDir
from retake_core.indexing.passes.look import DecodedBy, Looked, LookedThrough, Order
from retake_core.indexing.scan import sync_folder
from retake_core.keyframes.limits import Limits
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, begin_job, due_videos
from retake_core.media.decoders import registry
from retake_core.media.hardware.verdicts import Verdicts
from retake_core.settings import HardwareDecoding, change_settings
from retake_core.system.verdicts import Verdict
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.large_clip import KIND, large_clip
from tests.support.stand_in_device import StandIn, plugged_in


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataDir:
    """Return the data directory of the node."""
    monkeypatch.setenv(DATA, os.fspath(tmp_path / "data"))
    monkeypatch.setattr(giving_way, "LOOK", 0.0)
    monkeypatch.setattr(looker, "open_encoder", lambda _: FakeEncoder())
    monkeypatch.setattr(registry, "DECODERS", registry.DECODERS[-1:])  # see tests/core/indexing/test_hardware.py
    decode_in_threads(monkeypatch)
    return DataDir(tmp_path / "data")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return large_clip(tmp_path_factory.mktemp("large") / "large.mp4", seconds=12)


@pytest.fixture
def order(large: Path, database: Database) -> Order:
    """Return the order to look at all of it."""
    list(sync_folder(database, large.parent, CancelToken()))
    with database.writing() as connection:
        (video,) = due_videos(connection, Depth.THOROUGH, "")
        job = begin_job(connection, video.id, Depth.THOROUGH, "")
    return Order(job, Depth.THOROUGH, 2.0, Limits())


def node(data: DataDir, choice: HardwareDecoding = "cuda") -> Looker:
    """Return what looks at videos there, where this stands in the settings."""
    data.create()
    change_settings(data.settings, hardware_decoding=choice)
    made = Looker()
    made.load("any", 1)
    return made


def keyframes(steps: list[Any]) -> list[tuple[float, float, bytes, bytes]]:
    """Return all keyframes that steps decide."""
    parts = [step.decided.keyframes for step in steps if isinstance(step, Looked) and step.decided is not None]
    parts += [step.keyframes or [] for step in steps if isinstance(step, LookedThrough)]
    return [(each.time, each.prominence, each.thumbnail, each.embedding.tobytes()) for each in chain(*parts)]


@pytest.fixture
def by_processor(data: DataDir, order: Order) -> list[tuple[float, float, bytes, bytes]]:
    with plugged_in(StandIn()) as (card,):
        steps = list(node(data, "off").look(order))
    assert card.decoded == 0
    found = keyframes(steps)
    assert found
    return found


def test_the_card_of_a_node_decodes_and_is_told(data: DataDir, order: Order, by_processor: object) -> None:
    with plugged_in(StandIn()) as (card,):
        steps = list(node(data).look(order))
        assert card.decoded > card.transfers > 0
    assert keyframes(steps) == by_processor
    assert DecodedBy("cuda") in steps
    assert Verdicts(data.decoding_verdicts).of("cuda") == {KIND: Verdict(True)}


@pytest.mark.parametrize("card", [StandIn(brighter=9), StandIn(fails_at=100)])
def test_the_processor_takes_over_in_the_middle(
    data: DataDir, order: Order, by_processor: object, card: StandIn
) -> None:
    with plugged_in(card):
        steps = list(node(data).look(order))
    assert keyframes(steps) == by_processor
    assert [step for step in steps if isinstance(step, DecodedBy)][-1] == DecodedBy("")


def test_the_card_is_left_to_a_model_that_answers(data: DataDir, order: Order, by_processor: object) -> None:
    """The video is begun anew then."""
    made = node(data)
    with plugged_in(StandIn()):
        steps = made.look(order)
        first: list[Any] = [next(step for step in steps if step == DecodedBy("cuda"))]
        with Answering(answering_folder()):
            first += list(steps)
        assert first[-1] == GaveWay()
        assert not any(isinstance(step, LookedThrough) for step in first)
        assert made._idle == []
        assert keyframes(list(made.look(order))) == by_processor
