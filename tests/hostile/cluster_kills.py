"""A computer of a cluster is killed at random moments: nothing is lost, nothing doubled.

python -m tests.hostile.cluster_kills --kills 20     # exits with 1 when a library differs from an undisturbed one
"""

import os
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.cluster.service import lanes_at
from retake_core.encoders.registry import open_encoder
from retake_core.indexing.passes import one_video
from retake_core.indexing.passes.crew import Elsewhere
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.protocol.indexing_events import Remarked, VideoFailed
from retake_core.settings import Settings
from tests.core.cluster.conftest import COLOURS, new_cluster
from tests.support.fakes import age, make_clip
from tests.support.report import Report, Row, make_parser
from tests.support.shelf import Shelf, contents

ENCODER = "builtin"
SETTINGS = Settings(encoder=ENCODER, sampling_rate=1.0, screen_text=False)


def index(root: Path, folder: Path, lanes: Elsewhere | None) -> tuple[Shelf, float, int, int]:
    """Index a folder in a library of its own.

    Returns:
        What the library holds, the seconds that it took, how many videos failed, and how many remarks there were.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=root) as work, closing(Database(Path(work, "library.db"))) as database:
        run = IndexRun(database, open_encoder(ENCODER), SETTINGS, CancelToken(), thorough=True, lanes=lanes)
        events = list(index_folders(run, [folder]))
        failed = sum(isinstance(event, VideoFailed) for event in events)
        remarks = sum(isinstance(event, Remarked) for event in events)
        return contents(database), time.monotonic() - began, failed, remarks


def kill_at_random(root: Path, folder: Path, kills: int, seed: int) -> list[Row]:
    """Index again and again on two computers, one of which is killed; return what became of it."""
    chance = random.Random(seed)
    whole, _, _, _ = index(root, folder, None)
    cluster, head = new_cluster(root)
    rows: list[Row] = []
    encoder = open_encoder(ENCODER)
    with head, lanes_at(cluster.place, str(cluster.address), encoder, ENCODER, CancelToken()) as lanes:
        _, seconds, _, _ = index(root, folder, lanes)
        for number in range(kills):
            with cluster.node(f"doomed-{number}") as node:
                while lanes.count < 2:
                    lanes.ready([])
                moment = chance.uniform(0.1, 0.7) * seconds
                killer = threading.Timer(moment, os.kill, (node.pid, signal.SIGKILL))
                killer.start()
                shelf, took, failed, remarks = index(root, folder, lanes)
                killer.join()
            rows.append(
                {
                    "killed after, s": round(moment, 1),
                    "took, s": round(took, 1),
                    "videos failed": failed,
                    "told": remarks,
                    "same library": "yes" if shelf == whole else "NO",
                }
            )
            print(rows[-1], file=sys.stderr, flush=True)
            while lanes.count > 1:  # it was killed behind the last step
                lanes.ready([])
    return rows


def main() -> int:
    """Print what became of every run."""
    parser = make_parser(__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    report = Report("tests.hostile.cluster_kills")
    one_video.STORE_AFTER = 0.0
    with tempfile.TemporaryDirectory(prefix="kills-") as place:
        folder = Path(place, "videos")
        folder.mkdir()
        for number in range(2):
            path = folder / f"clip-{number}.mp4"
            make_clip(path, [(9, COLOURS[(number + scene) % 6]) for scene in range(14 + number)])
            age(path)
        rows = kill_at_random(Path(place), folder, options.kills, options.seed)
    report.publish(rows)
    return int(any(row["same library"] != "yes" or row["videos failed"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
