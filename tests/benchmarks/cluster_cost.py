"""What Ray costs: indexing without it, on one node, on two; what travels; and how much one writer can store.

It takes the two longest clips of the demo library, and a minute of each kind of them as clips of their own;
RETAKE_DEMO_CLIPS says where that is.
"""

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retake_core.cancel import CancelToken
from retake_core.cluster.service import describer_of, lanes_at
from retake_core.data_dir import DataDir
from retake_core.describing.describer import Describer
from retake_core.describing.service import Describing
from retake_core.encoders.registry import open_encoder
from retake_core.indexing.passes import one_video
from retake_core.indexing.passes.crew import Elsewhere
from retake_core.indexing.passes.look import Decided, Looked, Order
from retake_core.indexing.passes.one_video import VideoPass
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.indexing.scan import sync_folder
from retake_core.keyframes.limits import Limits
from retake_core.library.catalog import videos_by_id
from retake_core.library.database import Database
from retake_core.library.indexing import Depth, NewKeyframe, begin_job, due_videos
from retake_core.protocol.indexing_events import DescribingFailed, Remarked, VideoFailed
from retake_core.settings import Settings
from tests.benchmarks.cpu_by_kind import HERE, RAY, CpuByKind
from tests.core.cluster.conftest import WAIT, Cluster, new_cluster
from tests.support.fakes import age
from tests.support.recordings import model_folder
from tests.support.report import Report, Row, make_parser
from tests.support.shapes import MODEL

ENCODER = "builtin"
CLIPS = ("wannaworktogether.mp4", "vtest.avi", "first.mp4", "last.mp4")
MINUTES = {"first.mp4": (0.0, 62.0), "last.mp4": (118.0, 180.0)}  # seconds of the first of them
SPOKEN = tuple(name for name in CLIPS if name != "vtest.avi")  # there is something to hear and to read
NO_RAY, ONE, TWO = "no Ray", "one node of one core", "two nodes of one core"
REPEATS = 2
STORED = 200  # windows
THUMBNAIL, STATE = 9_000, 250_000  # bytes


@dataclass(frozen=True)
class Job:
    """What is measured.

    Attributes:
        name: of the passes.
        clips: that they go through.
        settings: that switch them on; those that need keyframes get a library that has them.
        repeats: times that it is measured.
    """

    name: str
    clips: Sequence[str] = SPOKEN
    settings: dict[str, Any] = field(default_factory=dict)
    repeats: int = REPEATS

    @property
    def needs_keyframes(self) -> bool:
        """Whether the keyframes are known before."""
        return bool(self.settings)


JOBS = (
    Job("keyframes", CLIPS),
    Job("text on screen", settings={"screen_text": True}),
    Job("faces", settings={"faces": True}),
    Job("speech", settings={"speech": os.fspath(model_folder())}),
    Job("chapters", settings={"describe": True, "model": os.fspath(MODEL)}),
)


class Wire:
    """Counts what comes over the wire, in bytes."""

    def __init__(self) -> None:
        self.size = 0

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count during the block."""
        from retake_core.cluster import lender
        from retake_core.cluster.crew import ClusterCrew
        from retake_core.cluster.lanes import ClusterLane

        def count(word: Any) -> Any:
            self.size += len(pickle.dumps(word))
            return word

        receive, hear, tell = ClusterLane.receive, ClusterCrew._next, lender._heard
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ClusterLane, "receive", lambda *these: count(receive(*these)))
            patch.setattr(ClusterCrew, "_next", lambda *these: count(hear(*these)))
            patch.setattr(lender, "_heard", lambda *these: map(count, tell(*these)))
            yield


class Bench:
    """Measures jobs in one place after another.

    Args:
        root: an empty folder.
        clips: where those of the jobs lie.
    """

    def __init__(self, root: Path, clips: Path) -> None:
        self._root, self._clips = root, clips
        self._encoder = open_encoder(ENCODER)
        self._known: dict[Sequence[str], Path] = {}  # libraries with keyframes
        self._stack = ExitStack()
        self._describers: dict[str, Describer] = {}  # by places
        self.hours: dict[str, float] = {}  # of video, by jobs

    def measure(self, job: Job, where: str, lanes: Elsewhere | None = None, cluster: Cluster | None = None) -> Row:
        """Measure a job once in a place; what describes there stays from one to the next."""
        if where not in self._describers:
            self._describers[where] = self._stack.enter_context(self._described_by(cluster))
        row = self._measure(job, where, lanes, cluster, self._describers[where])
        print(row, file=sys.stderr, flush=True)
        return row

    def close(self) -> None:
        """Describe no longer."""
        self._stack.close()

    def folder(self, names: Sequence[str]) -> Path:
        """Return a folder of clips."""
        folder = self._root / "-".join(["videos", *names])
        if not folder.exists():
            folder.mkdir()
            for name in names:
                if name in MINUTES:
                    cut(self._clips / CLIPS[0], folder / name, *MINUTES[name])
                else:
                    shutil.copy2(self._clips / name, folder / name)
                age(folder / name)
        return folder

    def _measure(
        self,
        job: Job,
        where: str,
        lanes: Elsewhere | None,
        cluster: Cluster | None,
        describer: Describer,
    ) -> Row:
        """Index a folder in a library of its own and return what it took."""
        share = max(10, 100 // (os.cpu_count() or 1))
        settings = Settings(**{"encoder": ENCODER, "processor_share": share, "screen_text": False, **job.settings})
        data = self._data(cluster)
        shutil.rmtree(data.memories, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=self._root) as work:
            library = Path(work, "library.db")
            if job.needs_keyframes:
                shutil.copy2(self._with_keyframes(job.clips), library)
            with closing(Database(library)) as database:
                last = Describing(data, settings, describer=lambda _: nullcontext(describer))
                run = IndexRun(database, self._encoder, settings, CancelToken(), lanes=lanes, last=last)
                began = time.monotonic()
                with CpuByKind() as cpu:
                    events = list(index_folders(run, [self.folder(job.clips)]))
                wall = time.monotonic() - began
                with database.reading() as connection:
                    entries = videos_by_id(connection, range(1, len(job.clips) + 1)).values()
        self.hours[job.name] = sum(entry.duration or 0.0 for entry in entries) / 3600
        if failed := [event for event in events if isinstance(event, VideoFailed | DescribingFailed | Remarked)]:
            raise RuntimeError(failed)
        return {
            "passes": job.name,
            "where": where,
            "seconds": round(wall, 1),
            "CPU, s": round(sum(cpu.seconds.values()) if lanes is not None else cpu.seconds[HERE], 1),
            "of these in the program with the library": round(cpu.seconds[HERE], 1),
            "and in Ray's processes": round(cpu.seconds[RAY], 1) if lanes is not None else 0.0,
        }

    def _with_keyframes(self, clips: Sequence[str]) -> Path:
        if clips not in self._known:
            made = self._root / f"keyframes-{len(self._known)}.db"
            settings = Settings(encoder=ENCODER, screen_text=False)
            with closing(Database(made)) as database:
                for _ in index_folders(
                    IndexRun(database, self._encoder, settings, CancelToken()), [self.folder(clips)]
                ):
                    pass
            self._known[clips] = made
        return self._known[clips]

    def _data(self, cluster: Cluster | None) -> DataDir:
        """Return where memories of videos lie: on this computer, or on the nodes."""
        return DataDir(self._root / "data-here") if cluster is None else cluster.data_dir

    def _described_by(self, cluster: Cluster | None) -> AbstractContextManager[Describer]:
        data, at = self._data(cluster), "" if cluster is None else str(cluster.address)
        return describer_of(Settings(cluster_address=at), data)


def cut(source: Path, target: Path, start: float, end: float) -> None:
    """Copy some seconds of a clip, as they are encoded, into one of their own."""
    span = ("-ss", str(start), "-to", str(end))
    subprocess.run(["ffmpeg", "-v", "error", *span, "-i", source, "-c", "copy", target], check=True)


def compare(root: Path, bench: Bench, wires: Mapping[str, Wire]) -> Iterator[Row]:
    """Do all jobs without Ray and on one node of one core, in turn, and on two; the best run of each counts."""
    cluster, head = new_cluster(root)
    encoder = open_encoder(ENCODER)
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    with ExitStack() as stack:
        stack.enter_context(head)
        lanes = stack.enter_context(lanes_at(cluster.place, str(cluster.address), encoder, ENCODER, CancelToken()))
        for job in JOBS:
            for _ in range(job.repeats):
                rows[job.name, NO_RAY].append(bench.measure(job, NO_RAY))
                with wires[job.name].counting():
                    rows[job.name, ONE].append(bench.measure(job, ONE, lanes, cluster))
        stack.enter_context(cluster.node("two"))
        while lanes.count < 2:
            lanes.ready([])
        for job in JOBS:
            rows[job.name, TWO].append(bench.measure(job, TWO, lanes, cluster))
        bench.close()
    for job in JOBS:
        for where in (NO_RAY, ONE, TWO):
            yield min(rows[job.name, where], key=lambda row: float(row["CPU, s"] or 0))


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


def be_patient() -> None:
    """Wait for computers, however slow they are."""
    from retake_core.cluster import computers, lender

    for module, name in ((computers, "ANSWER"), (computers, "PATIENCE"), (lender, "PATIENCE")):
        setattr(module, name, WAIT)


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
    be_patient()
    clips = Path(os.environ.get("RETAKE_DEMO_CLIPS", "build/demo-library"))
    wires = {job.name: Wire() for job in JOBS}
    with tempfile.TemporaryDirectory(prefix="cluster-") as place:
        root = Path(place)
        bench = Bench(root, clips)
        for name in ("indexed", "received"):
            (root / name).mkdir()
        rows = list(compare(root / "indexed", bench, wires))
        writes = stored_a_second(root, bench.folder(CLIPS))
        arrivals = received_a_second(root / "received")
    travels = [
        f"{job.name} {wires[job.name].size / job.repeats / bench.hours[job.name] / 2**20:.2f}" for job in JOBS
    ]
    report.publish(
        rows,
        f"MB that travel for an hour of video that the node sees: {', '.join(travels)}.",
        f"One writer stores {writes:.0f} windows of a minute a second, with thirty keyframes each; "
        f"{arrivals:.0f} a second come from one node.",
    )


if __name__ == "__main__":
    main()
