"""Indexing on two computers: the same library as on one, whatever becomes of them."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.encoders.registry import open_encoder
from retake_core.indexing.passes import one_video
from retake_core.indexing.passes.crew import Elsewhere
from retake_core.indexing.passes.look import Looked, Step
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import VideoDone, VideoFailed
from retake_core.settings import Settings
from tests.core.cluster.conftest import ENCODER, Cluster, kill_node
from tests.support.fakes import age, make_clip
from tests.support.shelf import Shelf, contents, only

SETTINGS = Settings(encoder=ENCODER, sampling_rate=1.0, screen_text=False)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of two clips of several windows each."""
    folder = tmp_path_factory.mktemp("long")
    for name, colours in (("first", ("red", "blue")), ("second", ("green", "white"))):
        make_clip(folder / f"{name}.mp4", [(11, colours[scene % 2]) for scene in range(13)])
    return folder


def index(
    path: Path, folder: Path, lanes: Elsewhere | None, *, thorough: bool = False
) -> tuple[Shelf, list[Event]]:
    """Index a folder, and return what the library holds and what was told."""
    with closing(Database(path)) as database:
        run = IndexRun(database, open_encoder(ENCODER), SETTINGS, CancelToken(), thorough=thorough, lanes=lanes)
        events: list[Event] = list(index_folders(run, [folder]))
        return contents(database), events


def put(clips: Path, folder: Path) -> Path:
    """Copy the clips of a folder into another."""
    shutil.copytree(clips, folder, dirs_exist_ok=True)
    for path in folder.iterdir():
        age(path)
    return folder


@pytest.mark.slow
def test_two_computers_make_the_library_that_one_makes(
    cluster: Cluster, lanes: Elsewhere, dozen: Path, tmp_path: Path
) -> None:
    folder = put(dozen, cluster.root / "dozen")
    alone, _ = index(tmp_path / "alone.db", folder, None)
    together, events = index(tmp_path / "together.db", folder, lanes)
    assert len(alone) == 12
    assert together == alone
    assert len(only(events, VideoDone)) >= 12
    assert not only(events, VideoFailed)
    assert not cluster.remarks(events)


def test_a_file_that_one_computer_sees_is_looked_at_there(
    cluster: Cluster, lanes: Elsewhere, dozen: Path, tmp_path: Path
) -> None:
    folder = put(dozen, cluster.root / "half")
    alone, _ = index(tmp_path / "alone.db", folder, None)
    together, events = index(tmp_path / "together.db", folder, lanes)
    assert together == alone
    assert not cluster.remarks(events)


def test_a_file_that_no_computer_sees_waits_for_one_that_does(
    cluster: Cluster, lanes: Elsewhere, dozen: Path, tmp_path: Path
) -> None:
    folder = put(dozen, cluster.root / "unseen")
    _, events = index(tmp_path / "library.db", folder, lanes)
    assert not only(events, VideoDone)
    assert set(cluster.remarks(events)) == {
        "No computer of the cluster sees this file; on one that does, run: retake cluster join --path"
    }
    after, _ = index(tmp_path / "library.db", folder, None)
    assert {entry[1] for entry in after.values()} == {"refined"}


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, 9])
def test_a_computer_that_dies_gives_its_videos_back(
    cluster: Cluster, lanes: Elsewhere, long: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """It is killed when it has sent so many steps, of both videos together."""
    from retake_core.cluster import computers
    from retake_core.cluster.lanes import ClusterLane, ClusterLanes

    assert isinstance(lanes, ClusterLanes)
    monkeypatch.setattr(computers, "AHEAD", 1)  # so that it dies in the middle, however fast it is
    monkeypatch.setattr(one_video, "STORE_AFTER", 0.0)
    folder = put(long, cluster.root / f"dying-{steps}")
    alone, _ = index(tmp_path / "alone.db", folder, None, thorough=True)
    node = cluster.node(f"doomed-{steps}", cores=4)
    left = iter(range(steps))
    receive = ClusterLane.receive

    def receive_and_kill(self: ClusterLane) -> Step:
        step = receive(self)
        if self.computer.facts.name == node.name and isinstance(step, Looked) and next(left, None) is None:
            kill_node(node)
        return step

    monkeypatch.setattr(ClusterLane, "receive", receive_and_kill)
    with node:
        while lanes.count < 2 + 4:
            lanes.ready([])
        together, events = index(tmp_path / "together.db", folder, lanes, thorough=True)
    assert together == alone
    assert not only(events, VideoFailed)
    assert cluster.remarks(events, node.name) == [
        f"{node.name} is gone; other computers take up its videos where it left them."
    ]
