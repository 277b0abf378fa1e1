"""A cluster of two computers, both of them this one, on the loopback address."""

import os
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from retake_core.cancel import CancelToken
from retake_core.cluster.address import Address
from retake_core.cluster.node import Node
from retake_core.cluster.paths import PathMap
from retake_core.cluster.place import PATHS, ClusterPlace
from retake_core.data_dir import DataDir
from retake_core.encoders.registry import open_encoder
from retake_core.indexing.passes.crew import Elsewhere
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import Remarked
from tests.support.fakes import make_clip
from tests.support.shelf import only

WAIT = 250.0  # seconds until something hangs, on a slow and busy computer as well
ENCODER = "builtin"
COLOURS = ("red", "green", "blue", "yellow", "white", "orange")


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs.

    Attributes:
        address: where.
        place: of its token, in a data directory.
        root: of folders of videos; neither of its computers sees `unseen`, and "one" does not see `half`.
        guests: names of the computers that have joined for one test.
    """

    address: Address
    place: ClusterPlace
    root: Path
    guests: list[str] = field(default_factory=list, kw_only=True)

    @property
    def data_dir(self) -> DataDir:
        """Of a person who knows its token."""
        return DataDir(self.place.root.parent)

    def remarks(self, events: Sequence[Event], guest: str = "") -> list[str]:
        """Return what was remarked, but not on the guests of other tests: Ray counts them for a while."""
        others = tuple(f"{name}{end}" for name in self.guests if name != guest for end in (" ", ":"))
        return [remark.text for remark in only(events, Remarked) if not remark.text.startswith(others)]

    def node(self, name: str, *, cores: int = 1, unseen: tuple[str, ...] = (), **variables: str) -> Node:
        """Return one more computer; enter it to let it join.

        Args:
            name: its own.
            cores: that it offers.
            unseen: folders of `root` that it does not see.
            variables: for its processes.
        """
        paths = PathMap([(os.fspath(self.root / "nothing"), os.fspath(self.root / folder)) for folder in unseen])
        told = self.place.environment() | {PATHS: paths.variable} | variables
        self.guests.append(name)
        return Node(str(self.address), told, ip=self.address.host, cores=cores, name=name)


def new_cluster(root: Path, cores: int = 1, **variables: str) -> tuple[Cluster, Node]:
    """Return a cluster and its first computer, which is not started yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = Address("127.0.0.1", free.getsockname()[1])
    place = ClusterPlace.of(DataDir(root / "data"))
    place.make_token()
    (root / "nothing").mkdir()
    paths = PathMap([(os.fspath(root / "nothing"), os.fspath(root / folder)) for folder in ("half", "unseen")])
    told = place.environment() | {PATHS: paths.variable} | variables
    return Cluster(address, place, root), Node(
        str(address), told, ip=address.host, cores=cores, name="one", head=True
    )


def kill_node(node: Node) -> None:
    """Kill a computer, and return when nothing of it works any more."""
    processes = psutil.Process(node.pid).children(recursive=True)
    os.kill(node.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(processes, WAIT)
    assert not alive


@pytest.fixture(scope="session", autouse=True)
def _patient() -> Iterator[None]:
    """Wait for computers, however slow they are."""
    with pytest.MonkeyPatch.context() as patch:
        if find_spec("ray") is not None:
            from retake_core.cluster import computers, lender, view

            patch.setattr(computers, "ANSWER", WAIT)
            patch.setattr(computers, "PATIENCE", WAIT)
            patch.setattr(lender, "PATIENCE", WAIT)
            patch.setattr(view, "ANSWER", WAIT)
        yield


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a cluster of "one" and "two", each with a core."""
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    made, head = new_cluster(tmp_path_factory.mktemp("cluster"))
    with ExitStack() as stack:
        stack.enter_context(head)
        stack.enter_context(made.node("two", unseen=("unseen",)))
        made.guests.clear()
        yield made


@pytest.fixture(scope="session")
def dozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of twelve short clips, each of its own content."""
    folder = tmp_path_factory.mktemp("dozen")
    for number in range(12):
        scenes = [(3 + (number + scene) % 3, COLOURS[(number + scene) % 6]) for scene in range(2 + number // 6)]
        make_clip(folder / f"clip-{number:02}.mp4", scenes)
    return folder


@pytest.fixture(scope="module")
def lanes(cluster: Cluster) -> Iterator[Elsewhere]:
    """Return both computers."""
    from retake_core.cluster.service import lanes_at

    before = dict(os.environ)
    encoder = open_encoder(ENCODER)
    with lanes_at(cluster.place, str(cluster.address), encoder, ENCODER, CancelToken()) as lanes:
        yield lanes
    os.environ.clear()
    os.environ.update(before)
