"""What Ray costs: indexing without it, on one node, on two; what travels; and how much one writer can store.

It takes the longest clips of the demo library; RETAKE_DEMO_CLIPS says where that is.
"""

import os
import pickle
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from retake_core.cancel import CancelToken
from retake_core.cluster.service import lanes_at
from retake_core.encoders.registry import open_encoder
from retake_core.indexing.passes import one_video
from retake_core.indexing.passes.crew import Elsewhere
from retake_core.indexing.passes.look import Decided, Looked, Order, Step
from retake_core.indexing.passes.one_video import VideoPass
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.indexing.scan import sync_folder
from retake_core.keyframes.limits import Limits
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, NewKeyframe, begin_job, due_videos
from retake_core.media.process.tasks import Opened
from retake_core.protocol.indexing_events import Indexed, VideoFailed
from retake_core.settings import Settings
from tests.core.cluster.conftest import new_cluster
from tests.support.fakes import age
from tests.support.report import Report, Row, make_parser

ENCODER = "builtin"
CLIPS = ("wannaworktogether.mp4", "vtest.avi")
REPEATS = 3
STORED = 200  # windows
THUMBNAIL, STATE = 9_000, 250_000  # bytes


@dataclass(slots=True)
class Wire:
    """What came over the wire: bytes, and seconds of video."""

    size: int = 0
    seconds: float = 0.0


def spent() -> float:
    """Return the seconds of CPU of this process and of all that it has started, nodes among them."""
    seconds = 0.0
    this = psutil.Process()
    for process in [this, *this.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def best(where: str, root: Path, folder: Path, lanes: Elsewhere | None) -> Row:
    """Measure several times and return the run that was disturbed least."""
    return min(
        (measure(where, root, folder, lanes) for _ in range(REPEATS)), key=lambda row: float(row["CPU, s"] or 0)
    )


def measure(where: str, root: Path, folder: Path, lanes: Elsewhere | None) -> Row:
    """Index a folder in a library of its own and return what it took."""
    settings = Settings(encoder=ENCODER, screen_text=False, processor_share=max(10, 100 // (os.cpu_count() or 1)))
    with tempfile.TemporaryDirectory(dir=root) as work, closing(Database(Path(work, "library.db"))) as database:
        encoder = open_encoder(ENCODER)
        before, began = spent(), time.monotonic()
        events = list(index_folders(IndexRun(database, encoder, settings, CancelToken(), lanes=lanes), [folder]))
        wall, cpu = time.monotonic() - began, spent() - before
    if any(isinstance(event, VideoFailed) for event in events):
        raise RuntimeError(events)
    (done,) = (event for event in events if isinstance(event, Indexed))
    return {"where": where, "seconds": round(wall, 1), "CPU, s": round(cpu, 1), "keyframes": done.keyframes}


def compare(root: Path, folder: Path, wire: Wire) -> Iterator[Row]:
    """Index a folder without Ray, on one node of one core, and on two."""
    yield best("no Ray, one decoder", root, folder, None)
    cluster, head = new_cluster(root)
    encoder = open_encoder(ENCODER)
    with ExitStack() as stack:
        stack.enter_context(head)
        lanes = stack.enter_context(lanes_at(cluster.place, str(cluster.address), encoder, ENCODER, CancelToken()))
        with counting(wire):
            yield best("one node of one core", root, folder, lanes)
        stack.enter_context(cluster.node("two"))
        while lanes.count < 2:
            lanes.ready([])
        yield best("two nodes of one core", root, folder, lanes)


def counting(wire: Wire) -> ExitStack:
    """Count what comes over the wire during the block."""
    from retake_core.cluster.lanes import ClusterLane

    receive, at = ClusterLane.receive, dict[int, float]()

    def receive_and_count(self: ClusterLane) -> Step:
        step = receive(self)
        wire.size += len(pickle.dumps(step))
        match step:
            case Opened():
                at[id(self)] = 0.0
            case Looked(position):
                wire.seconds += position - at[id(self)]
                at[id(self)] = position
        return step

    setattr(ClusterLane, "receive", receive_and_count)  # noqa: B010
    stack = ExitStack()
    stack.callback(setattr, ClusterLane, "receive", receive)
    return stack


def window(number: int) -> Looked:
    """Return a step that decides a window: a minute of video with as many keyframes as there may be."""
    vector = np.ones(384, np.float32)
    keyframes = [NewKeyframe(60.0 * number + 2 * second, 0.5, bytes(THUMBNAIL), vector) for second in range(30)]
    return Looked(60.0 * number + 60, Decided(keyframes, 60.0 * number + 60, bytes(STATE)))


def stored_a_second(root: Path, folder: Path) -> float:
    """Return how many windows one writer stores in a second."""
    with closing(Database(root / "stored.db")) as database:
        list(sync_folder(database, folder, CancelToken()))
        with database.writing() as connection:
            video = due_videos(connection, Depth.THOROUGH, "")[0]
            job = begin_job(connection, video.id, Depth.THOROUGH, "")
        video_pass = VideoPass(database, ENCODER, "", Order(job, Depth.THOROUGH, 2.0, Limits()))
        windows = [window(number) for number in range(STORED)]

        def store() -> None:
            for step in windows:
                video_pass.take(step)

        return a_second(store)


def received_a_second(root: Path) -> float:
    """Return how many such windows come from one node in a second."""
    import ray

    cluster, head = new_cluster(root)
    with head, lanes_at(cluster.place, str(cluster.address), open_encoder(ENCODER), ENCODER, CancelToken()):

        def windows(made: Looked) -> Iterator[Looked]:
            for _ in range(STORED):
                yield made

        node = ray.remote(windows).options(
            num_returns="streaming", num_cpus=0, _generator_backpressure_num_objects=8
        )

        def receive() -> None:
            for step in node.remote(window(0)):
                deepcopy(ray.get(step))

        return a_second(receive)


def a_second(work: Callable[[], object]) -> float:
    """Return how many of `STORED` things were done in a second."""
    began = time.monotonic()
    work()
    return STORED / (time.monotonic() - began)


def main() -> None:
    """Print what it costs."""
    make_parser(__doc__).parse_args()
    report = Report("tests.benchmarks.cluster")
    one_video.STORE_AFTER = 0.0
    clips = Path(os.environ.get("RETAKE_DEMO_CLIPS", "build/demo-library"))
    wire = Wire()
    with tempfile.TemporaryDirectory(prefix="cluster-") as place:
        root = Path(place)
        folder = root / "videos"
        folder.mkdir()
        for name in CLIPS:
            shutil.copy2(clips / name, folder / name)
            age(folder / name)
        (root / "indexed").mkdir()
        rows: list[Row] = []
        for row in compare(root / "indexed", folder, wire):
            rows.append(row)
            print(row, file=sys.stderr, flush=True)
        writes = stored_a_second(root, folder)
        (root / "received").mkdir()
        arrivals = received_a_second(root / "received")
    report.publish(
        rows,
        f"{wire.size / wire.seconds * 3600 / 2**20:.1f} MB travel for an hour of video, over both passes.",
        f"One writer stores {writes:.0f} windows of a minute a second, with thirty keyframes each; "
        f"{arrivals:.0f} a second come from one node.",
    )


if __name__ == "__main__":
    main()
