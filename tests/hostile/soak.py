"""A worker that indexes, searches, shows, forgets and indexes again for a long time: what it holds must level off.

python -m tests.hostile.soak      # tells what is held after each cycle; exits with 1 if something goes on growing
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from retake_core.data_dir import DataDir
from retake_core.protocol import answers, requests
from retake_core.protocol.base_request import Request
from tests.support.fakes import age, make_clip
from tests.support.report import Report, make_parser
from tests.support.worker_talk import Talk

SCENES = [(3.0, "red"), (3.0, "green"), (2.0, "blue")]
Row = dict[str, float]
LEVEL = {"memory_mb": 1.10, "files": 1.05, "threads": 1.05, "children": 1.05, "library_mb": 1.10}
"""How many times what the second quarter had the last quarter may have."""


class Worker(Talk):
    """A worker that is asked one thing after another."""

    def __init__(self, data_dir: DataDir) -> None:
        super().__init__(data_dir, os.environ | {"OMP_NUM_THREADS": "1"}, log=None)
        if hasattr(os, "sched_setaffinity"):  # one decoder at a time: this is about memory, not speed
            os.sched_setaffinity(self.process.pid, sorted(os.sched_getaffinity(0))[:1])
        self._ids = iter(range(1, 10**9))

    def ask(self, kind: type[Request], **fields: Any) -> answers.AnyReply:
        """Return the answer that ends a job."""
        self.say(kind(id=next(self._ids), **fields))
        _, answer = self.outcome()
        assert not isinstance(answer, answers.JobFailed | answers.LineRejected), answer
        return answer


def cycle(worker: Worker, folder: Path, clip: bytes, number: int, videos: int) -> None:
    """Index new videos, search, look at one, index one anew, and take all away again."""
    folder.mkdir()
    for index in range(videos):
        path = folder / f"{index}.mp4"
        path.write_bytes(clip + f"{number}/{index}".encode())  # other content is another video
        age(path)
    worker.ask(requests.Index, add=(str(folder),))
    for query in ("red", "green", f"query {number}"):
        found = worker.ask(requests.Search, query=query)
    assert isinstance(found, answers.MomentsReady)
    seen = worker.ask(requests.Search, query="green")
    assert isinstance(seen, answers.MomentsReady)
    worker.ask(requests.Still, video_id=seen.hits[0].video_id, time=seen.hits[0].time)
    worker.ask(requests.Reindex, video_ids=(seen.hits[0].video_id,))
    worker.ask(requests.Index)
    worker.ask(requests.RemoveFolder, folder=str(folder))
    shutil.rmtree(folder)


def measure(worker: Worker, data_dir: DataDir) -> Row:
    """Return what the worker and its library hold."""
    process = psutil.Process(worker.process.pid)
    library = sum(path.stat().st_size for path in data_dir.root.glob("library.db*"))
    return {
        "memory_mb": process.memory_info().rss / 2**20,
        "files": process.num_fds(),
        "threads": process.num_threads(),
        "children": len(process.children(recursive=True)),
        "library_mb": library / 2**20,
    }


def soak(cycles: int, videos: int, *, tell: bool = False) -> list[Row]:
    """Return what was held after each cycle of so many videos."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        clip = make_clip(Path(place) / "clip.mp4", SCENES).read_bytes()
        data_dir = DataDir(Path(place) / "data")
        data_dir.create()
        worker = Worker(data_dir)
        for number in range(cycles):
            cycle(worker, Path(place) / "videos", clip, number, videos)
            rows.append(measure(worker, data_dir))
            if tell:
                print(
                    number + 1, json.dumps({name: round(value, 1) for name, value in rows[-1].items()}), flush=True
                )
        assert worker.end() == 0
    return rows


def growing(rows: list[Row]) -> list[str]:
    """Return what the last quarter has more of than the second."""
    quarter = len(rows) // 4
    found = []
    for name, factor in LEVEL.items():
        early, late = (
            float(np.median([row[name] for row in part]))
            for part in (rows[quarter : 2 * quarter], rows[-quarter:])
        )
        if late > factor * early + 1:
            found.append(f"{name} grew from {early:.1f} to {late:.1f}")
    return found


def main() -> int:
    """Print what a long run holds."""
    parser = make_parser(__doc__)
    parser.add_argument("--cycles", type=int, default=25)
    parser.add_argument("--videos", type=int, default=100, help="of a cycle")
    options = parser.parse_args()
    report = Report("tests.hostile.soak")
    rows = soak(options.cycles, options.videos, tell=True)
    leaks = growing(rows)
    count = f"{options.videos * options.cycles:,} videos indexed, searched and removed"
    report.publish(f"{count}: {'; '.join(leaks) or 'nothing grows'}. What was held at the end:", [dict(rows[-1])])
    return int(bool(leaks))


if __name__ == "__main__":
    sys.exit(main())
