"""kill -9 at random moments of a library's whole life: nothing is lost, nothing doubled, nothing torn.

RETAKE_LIFE_KILLS=200 runs the long form.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.folders import folders
from retake_core.settings import load_settings
from retake_core.system.files import WRITING
from retake_core.videollm.memory import file
from retake_core.videollm.memory.index import digest
from tests.support import life_cycle
from tests.support.fakes import FakeEncoder
from tests.support.faults import survived
from tests.support.paths import ROOT
from tests.support.schema_fixtures import ROWS, make_library, rows_of, versions
from tests.support.shelf import Shelf, contents, run_index

KILLS = int(os.environ.get("RETAKE_LIFE_KILLS", "12"))
ROUND = 16  # kills after which a library is compared with an undisturbed one
QUOTAS = ("1.5", "2.5", "3.5")
CALLS = {
    "index": 300,
    "switch": 300,
    "remove": 90,
    "search": 40,
    "remember": 40,
    "settings": 12,
    "back_up": 60,
    "restore": 120,
}
"""About as many as each step makes."""
NAMES = {
    "index": "indexing",
    "switch": "changing the encoder",
    "remove": "removing a folder",
    "search": "publishing the vector index",
    "remember": "writing a memory",
    "settings": "writing the settings",
    "back_up": "a backup",
    "restore": "restoring a backup",
    "migrate": "migrating an old library",
    "mend": "a repair",
}
SECONDS = 0.25
FIRST_TABLES = ("folder", "video", "file", "keyframe", "embedding", "job")


@dataclass
class Child:
    """Does steps, and is killed.

    Attributes:
        killed: kills that landed, by step.
        done: steps that came to their end.
    """

    process: subprocess.Popen[str]
    randomly: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    done: int = 0

    def do(self, action: str, place: Path, target: str = "", *, kill: bool = False) -> bool:
        """Do a step and return whether it came to its end."""
        by_calls = kill and self.randomly.random() < 0.7
        calls = self.randomly.randrange(CALLS.get(action, 60)) if by_calls else None
        request = {"action": action, "place": os.fspath(place), "target": target, "calls": calls}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        pid = int(self._line())
        if kill and not by_calls:
            time.sleep(self.randomly.uniform(0, SECONDS))
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        code = int(self._line())
        assert code in (0, -signal.SIGKILL), (action, target, code)
        self.killed[action] += code != 0
        self.done += code == 0
        return code == 0

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the runner died"
        return line.strip()


@pytest.fixture
def child() -> Iterator[Child]:
    command = [sys.executable, os.fspath(Path(life_cycle.__file__))]
    environment = os.environ | {"PYTHONPATH": os.fspath(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        made = Child(process, random.Random(int(os.environ.get("RETAKE_LIFE_SEED", "6"))))
        assert made._line() == "ready"
        yield made
        process.kill()


def change_files(place: Path, clips: Path, randomly: random.Random) -> None:
    """Add, copy, rename or delete a file of the folders."""
    files = sorted(path for name in ("a", "b") for path in (place / name).iterdir())
    folder = place / randomly.choice("ab")
    name = f"{randomly.randrange(10**6)}.mp4"
    match randomly.choice(("add", "add", "rename", "delete")):
        case "add":
            clip = randomly.choice(("short.mp4", "event.mp4", "mpeg4.mkv"))
            shutil.copy2(clips / clip, folder / Path(name).with_suffix(Path(clip).suffix))
        case "rename" if files:
            chosen = randomly.choice(files)
            chosen.rename(folder / Path(name).with_suffix(chosen.suffix))
        case "delete" if len(files) > 2:
            randomly.choice(files).unlink()


def assert_nothing_is_torn(place: Path) -> None:
    """Look at every file as a reader finds it after a crash."""
    data_dir = DataDir(place / "data")
    if data_dir.database.exists():
        with closing(Database(data_dir.database)) as database, database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    assert load_settings(data_dir.settings).memory_quota_gb in (20.0, *map(float, QUOTAS))
    for path in data_dir.memories.glob("*.memory"):
        file.verify(path)
    for path in place.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
    for path in place.glob("old*.db"):
        with closing(sqlite3.connect(path)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert all(rows_of(raw, table) == ROWS[table] for table in FIRST_TABLES)


def orphans(place: Path) -> set[str]:
    """Return the memories whose video is not in the library."""
    data_dir = DataDir(place / "data")
    if not data_dir.database.exists():
        return set()
    with closing(Database(data_dir.database)) as database, database.reading() as connection:
        known = {digest(row[0]) for row in connection.exec_driver_sql("SELECT fingerprint FROM video")}
    return {path.name for path in data_dir.memories.glob("*.memory") if path.name.partition("-")[0] not in known}


def settled(child: Child, place: Path) -> Shelf:
    """Bring the library up to date undisturbed, and return all that it holds."""
    for folder in ("a", "b"):
        assert child.do("index", place, folder)
    with closing(Database(DataDir(place / "data").database)) as database:
        with database.reading() as connection:
            assert not connection.exec_driver_sql("SELECT * FROM job").all()
            assert sorted(path.name for _, path in folders(connection)) == ["a", "b"]
        return contents(database)


def undisturbed(place: Path, fresh: Path) -> Shelf:
    with closing(Database(fresh)) as database:
        for folder in ("a", "b"):
            run_index(database, place / folder, FakeEncoder())
        return contents(database)


def only_present(shelf: Shelf) -> Shelf:
    """Leave out videos whose file was deleted: who never saw them cannot know them."""
    return {name: entry for name, entry in shelf.items() if entry[1] != "offline"}


@pytest.mark.slow
@pytest.mark.timeout(300 + 10 * KILLS)
@pytest.mark.usefixtures("in_process")
def test_a_life_of_kills(child: Child, clips: Path, tmp_path: Path) -> None:
    rounds = 0
    while child.killed.total() < KILLS:
        place = tmp_path / f"life{rounds}"
        for folder in ("a", "b"):
            (place / folder).mkdir(parents=True)
            shutil.copy2(clips / "short.mp4", place / folder / f"{folder}.mp4")
        live(child, place, clips, min(KILLS, child.killed.total() + ROUND))
        found, expected = settled(child, place), undisturbed(place, place / "fresh.db")
        assert only_present(found) == expected, "items were lost or doubled"
        child.do("mend", place)
        assert not list((place / "data").rglob(f"{WRITING}*"))
        shutil.rmtree(place)
        rounds += 1
    for action, number in child.killed.items():
        survived(f"kill -9 while it is busy with: {NAMES[action]}", number)
    print(f"{child.killed.total()} kills, {child.done} steps done, in {rounds} libraries")


def live(child: Child, place: Path, clips: Path, until: int) -> None:
    """Do random steps, killing most of them, until so many kills have landed."""
    randomly, old = child.randomly, "old0.db"
    while child.killed.total() < until:
        action = randomly.choice(
            (
                "index",
                "index",
                "switch",
                "remove",
                "search",
                "remember",
                "settings",
                "back_up",
                "restore",
                "migrate",
            )
        )
        if action == "index":
            change_files(place, clips, randomly)
        if action == "migrate":
            old = f"old{child.done + child.killed.total()}.db"
            make_library(randomly.choice(versions()[:-1]), place / old)
        targets = {
            "remember": [path.name for path in (place / "a").iterdir()] or ["none"],
            "settings": QUOTAS,
            "back_up": ("one.zip", "two.zip"),
            "restore": ("one.zip", "two.zip"),
            "migrate": (old,),
        }
        target = randomly.choice(targets.get(action, ("a", "b")))
        before = orphans(place)
        child.do(action, place, target, kill=randomly.random() < 0.8)
        assert_nothing_is_torn(place)
        assert action != "remove" or orphans(place) <= before, "a memory outlives its video"
        if action == "migrate":
            assert child.do("migrate", place, target)
            with closing(sqlite3.connect(place / target)) as raw:
                assert raw.execute("PRAGMA user_version").fetchone() == (versions()[-1],)
