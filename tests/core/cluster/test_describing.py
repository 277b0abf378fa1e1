"""Describing on another computer: the library that this one makes, whatever becomes of the other."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from retake_core.cancel import CancelToken
from retake_core.cli import __main__ as cli
from retake_core.cluster.service import describer_of
from retake_core.data_dir import DataDir
from retake_core.describing.describer import DescribingEvent, LocalDescriber
from retake_core.describing.service import Describing
from retake_core.errors import Cancelled
from retake_core.indexing.run import IndexRun
from retake_core.library.database import Database
from retake_core.library.described import DescribedState, described_states
from retake_core.library.schema import text
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import PassProgress, Remarked, VideoDescribed
from retake_core.settings import Settings
from retake_core.system import throttle
from retake_core.videollm.events import ReadProgress
from tests.core.cluster.asking import Lending, lending_cluster
from tests.core.cluster.conftest import kill_node
from tests.core.cluster.test_commands import NOBODY
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.shapes import MODEL
from tests.support.shelf import only

Rows = tuple[list[tuple[Any, ...]], list[tuple[int, DescribedState]]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lending]:
    """Return a cluster whose second computer, "two", does not see `unseen`."""
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    with lending_cluster(tmp_path_factory.mktemp("describing")) as lending:
        yield lending


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    decode_in_threads(monkeypatch)
    monkeypatch.setattr(throttle, "TELL_EVERY", 0.0)
    before = dict(os.environ)  # who connects sets variables of its process
    yield
    os.environ.clear()
    os.environ.update(before)


class Library:
    """A library to describe, whose memories are forgotten wherever they are.

    Args:
        lending: whose clips it has, and whose token.
        name: of the folder of the clips.
        place: where it is put.
    """

    def __init__(self, lending: Lending, name: str, place: Path) -> None:
        shutil.rmtree(lending.data_dir.memories, ignore_errors=True)
        self.data = DataDir(Path(shutil.copytree(lending.root / name / "data", place)))
        shutil.copytree(lending.place.root, self.data.cluster)

    def describe(self, address: str = "", cancel: CancelToken | None = None, **more: Any) -> list[Event]:
        return list(self.describing(address, cancel, **more))

    def describing(self, address: str, cancel: CancelToken | None = None, **more: Any) -> Iterator[Event]:
        settings = Settings(**{"describe": True, "model": os.fspath(MODEL), "cluster_address": address, **more})
        last = Describing(self.data, settings, describer=partial(describer_of, data_dir=self.data))
        with closing(Database(self.data.database)) as database:
            yield from last.run(IndexRun(database, FakeEncoder(), settings, cancel or CancelToken()))

    def rows(self) -> Rows:
        """Return all texts but for their ids, and how far describing has come."""
        columns = (text.c.video_id, text.c.kind, text.c.source, text.c.start_us, text.c.end_us, text.c.content)
        with closing(Database(self.data.database)) as database, database.reading() as connection:
            found = [tuple(row) for row in connection.execute(select(*columns).order_by(*columns))]
            return found, sorted(described_states(connection).items())


@pytest.fixture(scope="module")
def alone(lending: Lending, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Return what this computer tells of the clips, wherever they lie."""
    library = Library(lending, "seen", tmp_path_factory.mktemp("alone") / "data")
    with pytest.MonkeyPatch.context() as patch:
        decode_in_threads(patch)
        assert len(only(library.describe(), VideoDescribed)) == 2
    return library.rows()


@pytest.fixture
def here_never(monkeypatch: pytest.MonkeyPatch) -> None:
    def describe(*_: object) -> Iterator[DescribingEvent]:
        raise AssertionError

    monkeypatch.setattr(LocalDescriber, "describe", describe)


@pytest.mark.usefixtures("here_never")
@pytest.mark.parametrize("name", ["seen", "unseen"])
def test_another_computer_tells_what_this_one_tells(
    lending: Lending, alone: Rows, tmp_path: Path, name: str
) -> None:
    library = Library(lending, name, tmp_path / "data")
    events = library.describe(str(lending.address))
    assert library.rows() == alone
    assert len(only(events, VideoDescribed)) == 2
    assert not only(events, Remarked)
    assert {work.computer for event in only(events, PassProgress) for work in event.working} == {"two"}
    fractions = [event.fraction for event in only(events, PassProgress)]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) > 2
    assert len(list(lending.data_dir.memories.glob("*.memory"))) == 2
    assert not library.data.memories.exists()
    assert not library.describe(str(lending.address)), "nothing is left to do"


@pytest.mark.usefixtures("here_never")
@pytest.mark.parametrize("described", [0, 1])
def test_a_computer_that_dies_gives_its_video_to_another(
    lending: Lending, alone: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, described: int
) -> None:
    from retake_core.cluster import computers, lender

    offered = computers.offered
    monkeypatch.setattr(lender, "AHEAD", 1)  # so that it dies in the middle, however fast it is
    monkeypatch.setattr(computers, "offered", lambda: [facts for facts in offered() if facts.name != "two"])
    library, events = Library(lending, "seen", tmp_path / "data"), list[Event]()
    told = lender.Lender.describe
    with lending.node(f"doomed-{described}") as doomed:

        def describe(self: Any, *more: Any) -> Iterator[DescribingEvent]:
            for event in told(self, *more):
                yield event
                reads = isinstance(event, ReadProgress) and len(only(events, VideoDescribed)) == described
                if reads and self.name == doomed.name and computers.offered is not offered:
                    kill_node(doomed)
                    monkeypatch.setattr(computers, "offered", offered)

        monkeypatch.setattr(lender.Lender, "describe", describe)
        for event in library.describing(str(lending.address)):
            events.append(event)
    assert library.rows() == alone
    assert len({event.path for event in only(events, VideoDescribed)}) == 2
    assert len(only(events, VideoDescribed)) == 2
    assert [remark.text for remark in only(events, Remarked)] == [
        f"{doomed.name} is gone; its video is described anew."
    ]


@pytest.mark.usefixtures("here_never")
@pytest.mark.parametrize("dies", [False, True])
def test_two_computers_describe_at_the_same_time(
    lending: Lending, alone: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    """Also where one of them dies in the middle: the other one takes up its video."""
    from retake_core.cluster import lender

    monkeypatch.setattr(lender, "AHEAD", 1)  # so that it dies in the middle, however fast it is
    library, told, kills = Library(lending, "seen", tmp_path / "data"), lender.Lender.describe, iter([dies])
    with lending.node(f"three-{dies}") as three:

        def describe(self: Any, *more: Any) -> Iterator[DescribingEvent]:
            for event in told(self, *more):
                yield event
                if self.name == three.name and isinstance(event, ReadProgress) and next(kills, False):
                    kill_node(three)

        monkeypatch.setattr(lender.Lender, "describe", describe)
        events = library.describe(str(lending.address))
    assert library.rows() == alone
    assert {work.computer for event in only(events, PassProgress) for work in event.working} == {"two", three.name}
    assert any(len(event.working) == 2 for event in only(events, PassProgress))
    assert len(only(events, VideoDescribed)) == 2
    gone = [f"{three.name} is gone; its video is described anew."] if dies else []
    assert lending.remarks(events, three.name) == gone


@pytest.mark.usefixtures("here_never")
def test_a_stop_loses_nothing(lending: Lending, alone: Rows, tmp_path: Path) -> None:
    library, cancel = Library(lending, "seen", tmp_path / "data"), CancelToken()

    def stopped() -> Iterator[Event]:
        for event in library.describing(str(lending.address), cancel):
            yield event
            if isinstance(event, PassProgress) and event.done == 1 and event.working:
                cancel.cancel()

    with pytest.raises(Cancelled):
        list(stopped())
    assert sorted(state.begun for _, state in library.rows()[1]) == [0, 0]
    assert len(only(library.describe(str(lending.address)), VideoDescribed)) == 1
    assert library.rows() == alone


def test_what_no_other_computer_can_do_is_done_here_with_one_remark(
    lending: Lending, alone: Rows, tmp_path: Path
) -> None:
    model = lending.root / "unseen" / "model"
    shutil.copytree(MODEL, model, dirs_exist_ok=True)
    library = Library(lending, "seen", tmp_path / "data")
    events = library.describe(str(lending.address), model=os.fspath(model))
    assert len(only(events, VideoDescribed)) == 2
    (remark,) = only(events, Remarked)
    assert remark.text.startswith(
        f"This computer describes alone: No computer of the cluster at {lending.address} can answer now: two: "
    )
    assert library.rows()[0] == alone[0]


def test_without_a_cluster_this_computer_does_it(lending: Lending, alone: Rows, tmp_path: Path) -> None:
    library = Library(lending, "seen", tmp_path / "data")
    events = library.describe(NOBODY)
    assert library.rows() == alone
    assert [remark.text for remark in only(events, Remarked)] == [
        f"This computer describes alone: There is no cluster at {NOBODY}; start one on that computer with: "
        "retake cluster start"
    ]


def test_the_commands_use_the_cluster(
    lending: Lending, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that has looked at videos on a cluster describes them there, too."""
    library = Library(lending, "seen", tmp_path / "data")

    def retake(*words: str, address: str = str(lending.address), expected: int = 0) -> str:
        command = [*words, "--cluster", address, "--data-dir", os.fspath(library.data.root)]
        assert cli.run(command) == expected
        said = capsys.readouterr()
        return said.err if expected else said.out

    document = json.loads(retake("index", "--describe", "--no-screen-text", "--json"))
    assert len(document["described"]) == 2
    assert not document["remarks"]
    assert len(list(lending.data_dir.memories.glob("*.memory"))) == 2
    plan = ("plan", "--video", "colours.mp4")
    (there,) = json.loads(retake(*plan, "--json"))["computers"]
    assert (there["computer"], there["from_memory"]) == ("two", True)
    assert there["frames"] > 0
    assert "on disk" in retake(*plan)
    said = retake(*plan, "--model", "nobody/has-it")
    assert " ".join(said.split()).startswith("two: The model nobody/has-it is not on this computer.")
    assert retake(*plan, address=NOBODY, expected=2).startswith(f"retake: There is no cluster at {NOBODY}")
