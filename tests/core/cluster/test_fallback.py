"""What becomes of a run whose settings name a cluster: everything is indexed, there or here."""

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.cli import __main__ as cli
from retake_core.cluster import fallback
from retake_core.cluster.fallback import LanesWithFallback, with_cluster
from retake_core.cluster.place import ClusterPlace
from retake_core.data_dir import DataDir
from retake_core.encoders.base import Encoder
from retake_core.encoders.registry import open_encoder
from retake_core.errors import UserError
from retake_core.indexing.passes import speeds
from retake_core.indexing.passes.crew import Crew, Elsewhere, Kit, LocalCrew, Piece, PieceDone
from retake_core.indexing.passes.lanes import Lane, LaneLostError, LocalLanes
from retake_core.indexing.passes.look import Order, Step
from retake_core.indexing.passes.speeds import Speeds
from retake_core.indexing.run import IndexRun, index_folders, lanes_here
from retake_core.library.database import Database
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import PassName, PassProgress, Remarked, VideoDone
from retake_core.settings import Settings, change_settings
from tests.core.cluster.conftest import COLOURS, ENCODER, Cluster
from tests.core.cluster.test_indexing import put
from tests.support.fakes import FakeEncoder, age, make_clip
from tests.support.in_process import decode_in_threads
from tests.support.shelf import Shelf, contents, only

NOBODY = "127.0.0.1:9"
MANY = 1000


class FarLane:
    """A lane of this computer that passes for one of another."""

    where = "workstation"

    def __init__(self, lane: Lane, far: "FarLanes") -> None:
        self._lane, self._far = lane, far

    def receive(self) -> Step:
        if not self._far.steps_left:
            raise LaneLostError
        self._far.steps_left -= 1
        return self._lane.receive()

    def release(self) -> None:
        self._lane.release()

    def kill(self) -> None:
        self._lane.kill()


class FarLanes:
    """Stands in for a cluster that sees some videos, and may be lost.

    Args:
        lanes: that do its work.
        unseen: ids of videos that it does not see.
        steps: of all videos, after which it is lost.
    """

    def __init__(self, lanes: LocalLanes, unseen: Collection[int] = (), steps: int = MANY) -> None:
        self._lanes, self._unseen, self.steps_left = lanes, unseen, steps
        self.begun: list[int] = []
        self.hired: list[PassName] = []

    @property
    def count(self) -> int:
        return self._lanes.count

    @property
    def is_free(self) -> bool:
        return self._lanes.is_free

    def has_room(self, video_id: int) -> bool:
        return self._lanes.has_room(video_id)

    def refusal(self, video_id: int) -> str | None:
        return "Nobody sees it." if video_id in self._unseen else None

    def begin(self, order: Order) -> Lane:
        self.begun.append(order.job.video_id)
        return FarLane(self._lanes.begin(order), self)

    def ready(self, lanes: Collection[Lane]) -> Sequence[Lane]:
        if not self.steps_left:
            raise UserError("It is gone.")
        by_lane = {far._lane: far for far in lanes if isinstance(far, FarLane)}
        return [by_lane[lane] for lane in self._lanes.ready(by_lane)]

    def leave_devices(self, lanes: Collection[Lane]) -> Sequence[Lane]:  # noqa: ARG002
        return ()

    def remarks(self) -> Iterator[str]:
        return iter(())

    def rest(self) -> None:
        self._lanes.rest()

    def crew(self, name: PassName, settings: Settings, kit: Kit, cancel: CancelToken) -> Crew:  # noqa: ARG002
        self.hired.append(name)
        return LocalCrew(kit, cancel)


@pytest.fixture(autouse=True)
def _threads(monkeypatch: pytest.MonkeyPatch) -> None:
    decode_in_threads(monkeypatch)
    monkeypatch.setattr("retake_core.system.throttle.TELL_EVERY", 0.0)


@pytest.fixture(autouse=True)
def _variables() -> Iterator[None]:
    """Who connects sets variables of its process."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of four clips."""
    made = tmp_path_factory.mktemp("four")
    for number in range(4):
        make_clip(made / f"clip-{number}.mp4", [(4, COLOURS[number + scene]) for scene in range(2)])
        age(made / f"clip-{number}.mp4")
    return made


def run_on(database: Database, encoder: Encoder, address: str = "", name: str = "builtin") -> IndexRun:
    settings = Settings(encoder=name, sampling_rate=1.0, screen_text=False, cluster_address=address)
    return IndexRun(database, encoder, settings, CancelToken())


def index(
    path: Path, folder: Path, far: FarLanes | None = None, remembered: Path | None = None
) -> tuple[Shelf, list[Event]]:
    """Index a folder, with the help of a cluster if there is one."""
    with closing(Database(path)) as database:
        run = replace(run_on(database, FakeEncoder()), speeds=remembered)
        if far is not None:
            far_lanes = far
            lanes = LanesWithFallback(lambda: far_lanes, lanes_here(run))
            run = replace(run, lanes=lanes)
        events: list[Event] = list(index_folders(run, [folder]))
        return contents(database), events


def far_lanes(unseen: Collection[int] = (), steps: int = MANY) -> FarLanes:
    return FarLanes(LocalLanes(FakeEncoder(), 1), unseen, steps)


def test_what_a_cluster_does_not_see_is_looked_at_here(folder: Path, tmp_path: Path) -> None:
    alone, _ = index(tmp_path / "alone.db", folder)
    far = far_lanes(unseen=(2, 3))
    both, events = index(tmp_path / "both.db", folder, far)
    assert both == alone
    assert set(far.begun) == {1, 4}
    assert not only(events, Remarked)
    told = {work.computer for event in only(events, PassProgress) for work in event.working}
    assert told == {"workstation", ""}


@pytest.mark.parametrize("steps", [0, 1, 5])
def test_a_cluster_that_is_lost_leaves_the_rest_to_this_computer(folder: Path, tmp_path: Path, steps: int) -> None:
    alone, _ = index(tmp_path / "alone.db", folder)
    both, events = index(tmp_path / "both.db", folder, far_lanes(steps=steps))
    assert both == alone
    assert len({done.path for done in only(events, VideoDone)}) == 4
    assert [remark.text for remark in only(events, Remarked)] == ["This computer indexes alone: It is gone."]


def test_without_a_cluster_at_the_address_this_computer_does_it(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    place = ClusterPlace.of(DataDir(tmp_path))
    place.make_token()
    with closing(Database(tmp_path / "library.db")) as database:
        with with_cluster(run_on(database, FakeEncoder(), NOBODY), place) as run:
            events: list[Event] = list(index_folders(run, [folder]))
        assert {entry[1] for entry in contents(database).values()} == {"refined"}
    assert [remark.text for remark in only(events, Remarked)] == [
        f"This computer indexes alone: There is no cluster at {NOBODY}; start one on that computer with: "
        "retake cluster start"
    ]


def test_how_fast_a_cluster_is_is_remembered_apart_from_this_computer(database: Database, tmp_path: Path) -> None:
    own = tmp_path / "indexing.json"
    Speeds(own).learn("quick", 10.0, 10.0)
    run = replace(run_on(database, FakeEncoder(), "[fe80::1]:6379"), speeds=own)
    for seconds in (40.0, 80.0):
        with with_cluster(run, ClusterPlace(tmp_path)) as there:
            Speeds(there.speeds).learn("quick", seconds, 10.0)
    assert Speeds(there.speeds).per_unit("quick") == pytest.approx((20.0 + 80.0) / (5.0 + 10.0))
    assert Speeds(own).per_unit("quick") == 1.0
    with with_cluster(run_on(database, FakeEncoder(), NOBODY), ClusterPlace(tmp_path)) as there:
        assert there.speeds is None, "where nothing is remembered of this computer, nothing is of others"


@pytest.mark.parametrize(
    ("unseen", "steps", "learned"),
    [((), MANY, True), ((2,), MANY, False), ((), 0, False)],
    ids=["all", "some", "none"],
)
def test_only_what_the_cluster_does_tells_how_fast_it_is(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    unseen: Collection[int],
    steps: int,
    learned: bool,
) -> None:
    monkeypatch.setattr(speeds, "TELLING", 0.0)
    index(tmp_path / "library.db", folder, far_lanes(unseen, steps), tmp_path / "cluster.json")
    known = Speeds(tmp_path / "cluster.json")
    assert (known.per_unit(PassName.QUICK) is not None) == learned
    assert (known.per_unit(PassName.REFINED) is not None) == learned


def test_nobody_is_connected_with_where_there_is_nothing_to_do(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_one(*_: object) -> None:
        pytest.fail("it connects")

    index(tmp_path / "library.db", folder)
    monkeypatch.setattr(fallback, "lanes_at", no_one)
    with (
        closing(Database(tmp_path / "library.db")) as database,
        with_cluster(run_on(database, FakeEncoder(), NOBODY), ClusterPlace(tmp_path)) as run,
    ):
        assert not only(list(index_folders(run, [folder])), VideoDone)


@pytest.mark.slow
def test_runs_one_after_another_use_the_cluster_of_the_settings(
    cluster: Cluster, dozen: Path, tmp_path: Path
) -> None:
    """As in the window’s worker, the process stays. Only this computer sees one of the folders."""
    encoder = open_encoder(ENCODER)
    for number, place in enumerate((cluster.root, cluster.root / "unseen")):
        folder = put(dozen, place / "settings")
        with closing(Database(tmp_path / f"{number}.db")) as database:
            with with_cluster(run_on(database, encoder, str(cluster.address), ENCODER), cluster.place) as run:
                events: list[Event] = list(index_folders(run, [folder]))
            assert {entry[1] for entry in contents(database).values()} == {"refined"}
        shutil.rmtree(folder)
        assert not cluster.remarks(events)
        computers = {work.computer for event in only(events, PassProgress) for work in event.working}
        assert computers & {"one", "two"}


def test_the_command_follows_the_settings_unless_it_is_told_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    data = DataDir(tmp_path / "data")
    ClusterPlace.of(data).make_token()
    change_settings(data.settings, cluster_address=NOBODY, screen_text=False)
    said: list[str] = []
    for name, options in (("here", ["--cluster", "local"]), ("there", [])):
        (tmp_path / name).mkdir()
        make_clip(tmp_path / name / "clip.mp4", [(4, "red"), (4 + len(said), "blue")])
        age(tmp_path / name / "clip.mp4")
        command = ["index", os.fspath(tmp_path / name), "--data-dir", os.fspath(data.root), *options]
        assert cli.run(command) == 0
        said.append(capsys.readouterr().err)
    assert "indexes alone" not in said[0]
    assert f"This computer indexes alone: There is no cluster at {NOBODY}" in " ".join(said[1].split())


class NoKit:
    """Works on nothing."""

    id = "none"

    def work(self, piece: Piece, cancel: CancelToken) -> Iterator[object]:  # noqa: ARG002
        return iter(())

    def close(self) -> None: ...


@pytest.mark.parametrize("there", [True, False])
def test_the_passes_that_come_last_are_worked_on_by_the_cluster_or_else_here(
    database: Database, *, there: bool
) -> None:
    run = run_on(database, FakeEncoder())
    far = FarLanes(lanes_here(run))

    def connect() -> Elsewhere:
        if not there:
            raise UserError("Nobody is there.")
        return far

    crew = LanesWithFallback(connect, lanes_here(run)).crew(PassName.SCREEN, run.settings, NoKit(), run.cancel)
    number = crew.begin(Piece(1, Path("a.mp4"), "a"))
    assert list(crew.hear()) == [(number, PieceDone())]
    assert far.hired == ([PassName.SCREEN] if there else [])
    assert list(crew.remarks()) == ([] if there else ["This computer indexes alone: Nobody is there."])
    crew.close()
