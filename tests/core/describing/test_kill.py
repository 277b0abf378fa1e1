"""kill -9 at any point of the pass that describes costs the video at hand, and nothing else."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.described import described_states
from retake_core.library.schema import text
from retake_core.videollm.memory.index import MemoryIndex
from tests.support import describe_runner
from tests.support.describing import small_model
from tests.support.fakes import FakeEncoder, age, make_clip
from tests.support.faults import survived
from tests.support.in_process import decode_in_threads
from tests.support.paths import ROOT
from tests.support.shelf import run_index

KILLS = int(os.environ.get("RETAKE_KILLS", "12"))
STATEMENTS = 60  # about as many as a run executes
VIDEOS = 3
Contents = tuple[list[tuple[object, ...]], list[object], list[tuple[str, int]]]


@dataclass
class Runner:
    """Describes, and is killed."""

    process: subprocess.Popen[str]
    model: Path

    def run(self, root: Path, statements: int | None = None, seconds: float | None = None) -> bool:
        """Describe a library, and return whether it came to the end."""
        assert self.process.stdin is not None
        order = [os.fspath(root), os.fspath(self.model), statements, seconds]
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        code = int(self.line())
        assert code in (0, -signal.SIGKILL)
        return code == 0

    def line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the runner died"
        return line.strip()


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    model = small_model(tmp_path / "model")
    command = [sys.executable, os.fspath(Path(describe_runner.__file__))]
    environment = os.environ | {"PYTHONPATH": os.fspath(ROOT), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        made = Runner(process, model)
        assert made.line() == "ready"
        yield made
        process.kill()


@pytest.fixture
def indexed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    decode_in_threads(monkeypatch)
    for number, colour in zip(range(VIDEOS), ("red", "green", "blue"), strict=True):
        age(make_clip(folder / f"{number}.mp4", [(6, colour), (6, "white"), (3 + number, colour)]))
    data_dir = DataDir(tmp_path / "indexed")
    data_dir.create()
    with closing(Database(data_dir.database)) as database:
        run_index(database, folder, FakeEncoder())
    return data_dir.root


def contents(root: Path) -> Contents:
    """Return all that describing leaves: texts, states, and the memories with their size."""
    data_dir = DataDir(root)
    with closing(Database(data_dir.database)) as database, database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        columns = (text.c.video_id, text.c.kind, text.c.source, text.c.start_us, text.c.end_us, text.c.content)
        rows = [tuple(row) for row in connection.execute(select(*columns).order_by(*columns))]
        states: list[object] = [*sorted(described_states(connection).items())]
    memories = [(stored.fingerprint, stored.size) for stored in MemoryIndex(data_dir.memories).list()]
    return rows, states, sorted(memories)


@pytest.mark.slow
@pytest.mark.timeout(300 + 15 * KILLS)
def test_a_library_described_through_kills_equals_an_undisturbed_one(
    runner: Runner, indexed: Path, tmp_path: Path
) -> None:
    undisturbed = Path(shutil.copytree(indexed, tmp_path / "undisturbed"))
    began = time.monotonic()
    assert runner.run(undisturbed)
    seconds = time.monotonic() - began
    expected = contents(undisturbed)
    assert len(expected[2]) == VIDEOS
    randomly, landed, rounds = random.Random(12), 0, 0
    while landed < KILLS:
        library = Path(shutil.copytree(indexed, tmp_path / f"killed{rounds}"))
        finished = False
        while not finished:
            by_statement = randomly.random() < 0.6
            finished = runner.run(
                library,
                randomly.randrange(1, STATEMENTS) if by_statement and landed < KILLS else None,
                randomly.uniform(0, seconds) if not by_statement and landed < KILLS else None,
            )
            landed += not finished
        assert contents(library) == expected
        told = (library / "journal").read_text().split() if (library / "journal").exists() else []
        assert len(told) == len(set(told)), "a video was described twice"
        rounds += 1
    print(f"{landed} kills landed in {rounds} libraries, which all equal the undisturbed one")
    survived("kill -9 while it is busy with: describing", landed)
