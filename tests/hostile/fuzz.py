"""Damaged media through the real passes and decoding processes, and what became of every file.

python -m tests.hostile.fuzz --files 2000     # prints the counts; exits with 1 when one that must be 0 is not
"""

import logging
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from retake_core.cancel import CancelToken
from retake_core.indexing import run as indexer
from retake_core.indexing.passes import keyframes, lanes
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.media.process import tasks
from retake_core.media.process.decode_process import DecodeProcess
from retake_core.media.process.patience import Limit
from retake_core.protocol.indexing_events import VideoDeferred, VideoDone, VideoFailed
from retake_core.settings import Settings
from tests.hostile.mutate import make_clips, mutated
from tests.support.fakes import FakeEncoder, age
from tests.support.report import Report, Row, make_parser

LIMIT = Limit(60, 120)  # on a computer that does much else
AT_ONCE = 100


@dataclass
class Counts:
    """What became of damaged files.

    Attributes:
        files: tried.
        decoded: gave keyframes, in the quick and in the thorough pass.
        refused: gave one sentence instead.
        partly: the quick pass gave keyframes, and the thorough pass was refused.
        processes: decoding processes that were started.
        crashes: of them, that died of a file.
        hangs: of them, that said nothing until the limit, and were ended.
        unanswered: files that came to no end at all. Must be 0.
        lost: decoding processes that died and left work undone. Must be 0.
        errors: Python's own exceptions in decoding processes. Must be 0.
        sentences: reasons, and how often.
        killers: files that crashed or hung a process.
    """

    files: int = 0
    decoded: int = 0
    refused: int = 0
    partly: int = 0
    processes: int = 0
    crashes: int = 0
    hangs: int = 0
    unanswered: int = 0
    lost: int = 0
    errors: int = 0
    sentences: Counter[str] = field(default_factory=Counter)
    killers: list[str] = field(default_factory=list)


class Watched(DecodeProcess):
    """Counts processes."""

    started: ClassVar[int] = 0

    def __init__(self, log: Path | None = None, memory: int | None = None) -> None:
        Watched.started += 1
        super().__init__(log, memory)


class WatchedRunner(keyframes.PassRunner):
    """Notes what kills or hangs a decoder."""

    deaths: ClassVar[list[tuple[str, str]]] = []

    def _retry(self, at, reason):  # type: ignore[no-untyped-def]
        WatchedRunner.deaths.append((at.path.name, reason))
        print(*WatchedRunner.deaths[-1], file=sys.stderr, flush=True)
        return super()._retry(at, reason)


def fuzz(folder: Path, numbers: range, clips: dict[str, bytes], counts: Counts) -> None:
    """Index damaged files in a library of their own and add to the counts."""
    videos, log = folder / "videos", folder / "decoders.log"
    videos.mkdir()
    for number in numbers:
        name, data = mutated(clips, number)
        (videos / name).write_bytes(data)
        age(videos / name)
    Watched.started, WatchedRunner.deaths = 0, []
    database = Database(folder / "library.db")
    done: Counter[str] = Counter()
    failed: dict[str, str] = {}
    try:
        events = index_folders(
            IndexRun(database, FakeEncoder(), Settings(), CancelToken(), thorough=True, log=log), [videos]
        )
        for event in events:
            if isinstance(event, VideoDone):
                done[Path(event.path).name] += 1
            elif isinstance(event, VideoFailed):
                failed[Path(event.path).name] = event.reason
            elif isinstance(event, VideoDeferred):
                failed[Path(event.path).name] = "deferred"
    finally:
        database.close()
    names = {path.name for path in videos.iterdir()}
    counts.files += len(names)
    counts.decoded += sum(done[name] == 2 for name in names)
    counts.partly += sum(done[name] == 1 and name in failed for name in names)
    counts.refused += sum(done[name] == 0 and name in failed for name in names)
    unanswered = {name for name in names if done[name] < 2 and name not in failed}
    counts.unanswered += len(unanswered)
    counts.lost += sum(name in unanswered for name, _ in WatchedRunner.deaths)
    counts.processes += Watched.started
    hangs = [death for death in WatchedRunner.deaths if "stopped answering" in death[1]]
    counts.hangs += len(hangs)
    counts.crashes += len(WatchedRunner.deaths) - len(hangs)
    counts.sentences.update(failed.values())
    counts.killers += [f"{name}: {reason}" for name, reason in WatchedRunner.deaths]
    text = log.read_text(errors="replace") if log.exists() else ""
    counts.errors += text.count("Traceback (most recent call last)")
    if "Traceback" in text:
        print(text[text.index("Traceback") :][:3000], file=sys.stderr)


def run(files: int, first: int = 0, at_once: int = AT_ONCE) -> Counts:
    """Try so many damaged files."""
    counts = Counts()
    limits = tasks.STEP_LIMIT, tasks.RISKY_STEP_LIMIT
    tasks.STEP_LIMIT = tasks.RISKY_STEP_LIMIT = LIMIT
    setattr(lanes, "DecodeProcess", Watched)  # noqa: B010 - mypy: it is not exported
    setattr(indexer, "PassRunner", WatchedRunner)  # noqa: B010

    try:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
            sources = Path(place, "sources")
            sources.mkdir()
            clips = make_clips(sources)
            for start in range(first, first + files, at_once):
                numbers = range(start, min(start + at_once, first + files))
                with tempfile.TemporaryDirectory(dir=place) as folder:
                    fuzz(Path(folder), numbers, clips, counts)
                if files > at_once:
                    print(
                        time.strftime("%H:%M:%S"),
                        {k: v for k, v in vars(counts).items() if type(v) is int},
                        flush=True,
                    )
    finally:
        tasks.STEP_LIMIT, tasks.RISKY_STEP_LIMIT = limits
        setattr(lanes, "DecodeProcess", DecodeProcess)  # noqa: B010
        setattr(indexer, "PassRunner", keyframes.PassRunner)  # noqa: B010
    return counts


def main() -> int:
    """Print the counts of a long run."""
    parser = make_parser(__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="number of the first; a number names its file")
    parser.add_argument("--processes", type=int, default=1, help="that decode at once")
    options = parser.parse_args()
    report = Report("tests.hostile.fuzz")
    logging.basicConfig(level=logging.ERROR)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.processes])
    counts = run(options.files, options.first)
    row: Row = {name: f"{number:,}" for name, number in vars(counts).items() if isinstance(number, int)}
    reasons = [f"{number} times: {reason}" for reason, number in counts.sentences.most_common()]
    print(*reasons, *counts.killers, sep="\n", file=sys.stderr)
    report.publish([row])
    return int(bool(counts.unanswered or counts.lost or counts.errors))


if __name__ == "__main__":
    sys.exit(main())
