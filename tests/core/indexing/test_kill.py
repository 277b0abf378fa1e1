"""kill -9 at any point of an indexing run costs a little time and nothing else."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.embeddings import embedded_by
from retake_core.library.indexing import Depth
from tests.support import kill_runner
from tests.support.faults import survived
from tests.support.paths import ROOT
from tests.support.shelf import Shelf, contents

KILLS = int(os.environ.get("RETAKE_KILLS", "12"))
STATEMENTS = 160  # about as many as a run executes
SECONDS = 1.8  # about as long as a run takes
PAUSE = 0.005  # seconds that every batch takes


@dataclass
class Runner:
    """Starts runs, and kills them.

    Attributes:
        landed: kills that ended a run.
        finished: runs that came to their end.
    """

    process: subprocess.Popen[str]
    folder: Path
    randomly: random.Random
    landed: int = 0
    finished: int = 0

    def run(self, library: Path, *, kill: bool, encoder: str = "builtin") -> bool:
        """Index the folder into a library and return whether it got to the end."""
        by_statement = kill and self.randomly.random() < 0.6
        statements = self.randomly.randrange(STATEMENTS) if by_statement else None
        request = {
            "folder": os.fspath(self.folder),
            "library": os.fspath(library),
            "journal": os.fspath(journal_of(library)),
            "statements": statements,
            "pause": PAUSE,
            "encoder": encoder,
        }
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        pid = int(self._line())
        children: list[psutil.Process] = []
        if kill and not by_statement:
            children = self._kill_soon(pid)
        code = int(self._line())
        assert code in (0, -signal.SIGKILL)
        assert_gone(children)
        self.landed += code != 0
        self.finished += code == 0
        return code == 0

    def _kill_soon(self, pid: int) -> list[psutil.Process]:
        time.sleep(self.randomly.uniform(0, SECONDS))
        try:
            child = psutil.Process(pid)
            children = child.children(recursive=True)
            child.kill()
        except psutil.NoSuchProcess:
            return []
        return children

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the runner died"
        return line.strip()


def assert_gone(children: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive, "decoders outlive the process that they decode for"


def journal_of(library: Path) -> Path:
    return library.with_suffix(".journal")


def depths(library: Path) -> dict[str, Depth]:
    """Return how far each video is, as a reader sees it after a crash."""
    if not library.exists():
        return {}
    with closing(Database(library)) as database, database.reading() as connection:
        return {entry.path.name: entry.depth for entry in catalog.videos(connection)}


def shelf_of(library: Path) -> Shelf:
    with closing(Database(library)) as database:
        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            assert not connection.exec_driver_sql("SELECT * FROM job").all()
        return contents(database)


def entries(library: Path) -> list[tuple[str, str, int]]:
    lines = journal_of(library).read_text().splitlines() if journal_of(library).exists() else []
    return [(kind, name, depth) for kind, name, depth in map(json.loads, lines)]


@pytest.fixture
def runner(folder: Path, clips: Path) -> Iterator[Runner]:
    for name in ("short.mp4", "long.mp4", "mpeg4.mkv", "event.mp4"):
        shutil.copy2(clips / name, folder)
    command = [sys.executable, os.fspath(Path(kill_runner.__file__))]
    environment = os.environ | {"PYTHONPATH": os.fspath(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        made = Runner(process, folder, random.Random(20))
        assert made._line() == "ready"
        yield made
        process.kill()


@pytest.mark.slow
@pytest.mark.timeout(300 + 10 * KILLS)
def test_a_library_made_through_kills_equals_an_undisturbed_one(runner: Runner, tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed.db"
    assert runner.run(undisturbed, kill=False)
    expected = shelf_of(undisturbed)
    assert all(shelf[1] == "refined" for shelf in expected.values())
    rounds = 0
    while runner.landed < KILLS:
        library = tmp_path / f"killed{rounds}.db"
        run_through_kills(runner, library)
        assert shelf_of(library) == expected
        rounds += 1
    print(f"{runner.landed} kills landed in {rounds} libraries, which all equal the undisturbed one")
    survived("kill -9 while it is busy with: indexing", runner.landed)


def run_through_kills(runner: Runner, library: Path) -> None:
    """Kill run after run until one comes to its end; no finished pass may begin again."""
    finished = False
    while not finished:
        before, told = depths(library), len(entries(library))
        finished = runner.run(library, kill=runner.landed < KILLS)
        begun = [(name, depth) for kind, name, depth in entries(library)[told:] if kind == "begin"]
        again = [(name, depth) for name, depth in begun if depth <= before.get(name, Depth.NONE)]
        assert not again, "a pass that was recorded as complete began again"
    done = [(name, depth) for kind, name, depth in entries(library) if kind == "done"]
    assert len(done) == len(set(done)), "a pass was finished twice"


@pytest.mark.slow
@pytest.mark.timeout(300 + 10 * KILLS)
def test_a_change_of_the_encoder_through_kills(runner: Runner, tmp_path: Path) -> None:
    """Also of one's mind: every run may want another encoder than the one before it."""
    undisturbed = tmp_path / "undisturbed.db"
    assert runner.run(undisturbed, kill=False)
    expected, keyframes = shelf_of(undisturbed), vectors_in(undisturbed)["builtin"]
    rounds, kills = 0, max(4, KILLS // 3)
    while runner.landed < kills:
        library = tmp_path / f"changed{rounds}.db"
        with closing(sqlite3.connect(undisturbed)) as source:
            source.execute("VACUUM INTO ?", (os.fspath(library),))
        wanted, finished = "siglip:/other", False
        while not finished:
            finished = runner.run(library, kill=runner.landed < kills, encoder=wanted)
            assert finished or keyframes <= max(vectors_in(library).values()), "search lost something"
            wanted = runner.randomly.choice(("siglip:/other", "builtin")) if not finished else wanted
        assert vectors_in(library) == {wanted: keyframes}
        assert shelf_of(library) == expected
        rounds += 1
    print(f"{runner.landed} kills landed in {rounds} changes of the encoder, all without a loss")
    survived("kill -9 while it is busy with: changing the encoder", runner.landed)


def vectors_in(library: Path) -> dict[str, int]:
    with closing(Database(library)) as database, database.reading() as connection:
        return embedded_by(connection)
