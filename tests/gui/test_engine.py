"""The window's workers: what follows when one dies, and that a closed one stays so."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.protocol import answers, requests
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.worker_process import CANCEL_GRACE_MS, DIED, WorkerProcess
from retake_desktop.indexing import activity
from retake_desktop.indexing.activity import Activity
from tests.gui.driving import SLOW

SOCIABLE = """
import pathlib, sys, time
folder, role = pathlib.Path(sys.argv[2]), sys.argv[4]
sys.stdin.readline()
(folder / f"{role}.begun").touch()
sys.stdin.read()
(folder / f"{role}.ended").touch()
while len(list(folder.glob("*.ended"))) < 3:
    time.sleep(0.01)
"""  # a worker that ends when the input of all three has ended
BRIEF = """
import re, sys, time
from pathlib import Path
lives = Path(sys.argv[1])
lives.write_text(lives.read_text() + "start ")
while line := sys.stdin.readline():
    job = re.search('"id":([0-9]+)', line)[1]
    print('{"answer": "JobDone", "version": 1, "id": ' + job + '}', flush=True)
lives.write_text(lives.read_text() + "end ")
time.sleep(float(sys.argv[2]))
"""  # a worker that records its lives, answers at once, and takes its time to end
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EngineClient:
    """Return workers that cannot start; after a death, indexing is begun again at once."""
    monkeypatch.setattr(activity, "AGAIN_MS", 10)
    return EngineClient(["/bin/false"], DataDir(tmp_path))


def deaths(running: Activity) -> int:
    return sum(entry.title == "Indexing failed" for entry in running.entries)


def test_a_death_begins_indexing_again_whatever_is_told_of_it(
    engine: EngineClient, qtbot: QtBot, tmp_path: Path
) -> None:
    engine.indexer = WorkerProcess(["/bin/false"], str(tmp_path / "log"), engine, "It has passed away.")
    engine.indexer.answered.connect(engine.answered)
    running = Activity(engine)
    running.index()
    qtbot.waitUntil(lambda: deaths(running) == activity.MAX_DEATHS + 1, timeout=SLOW)
    assert {entry.detail for entry in running.entries} == {"It has passed away."}


def test_a_failure_that_reads_like_a_death_is_none(
    engine: EngineClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EngineClient, "index", lambda *_: 7)
    running = Activity(engine)
    running.index()
    engine.answered.emit(answers.JobFailed(id=7, reason=DIED))
    with qtbot.assertNotEmitted(running.changed, wait=200):
        pass
    assert not running.running


def test_a_closed_worker_does_not_start_again(qtbot: QtBot, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    worker = WorkerProcess(command, str(tmp_path / "log"))
    worker.submit(requests.Search(id=1, query="red"))
    qtbot.waitUntil(lambda: worker.pid != 0, timeout=SLOW)
    worker.close()
    assert worker.pid == 0
    worker.submit(requests.Search(id=2, query="green"))
    assert worker.pid == 0


def idle_worker(tmp_path: Path, seconds_to_end: float) -> tuple[WorkerProcess, list[int], Path]:
    """Return a worker that ends soon after its last answer, the ids it answers, and the record of its lives."""
    lives = tmp_path / "lives"
    lives.touch()
    worker = WorkerProcess(
        [sys.executable, "-c", BRIEF, str(lives), str(seconds_to_end)], str(tmp_path / "log"), idle_ms=50
    )
    answered: list[int] = []
    worker.answered.connect(
        lambda answer: answered.append(answer.id) if isinstance(answer, answers.JobDone) else 1
    )
    return worker, answered, lives


def test_a_worker_with_nothing_to_do_ends_and_the_next_request_starts_another(
    qtbot: QtBot, tmp_path: Path
) -> None:
    worker, answered, lives = idle_worker(tmp_path, 0)
    for job in (1, 2):
        worker.submit(requests.Search(id=job, query="red"))
        qtbot.waitUntil(lambda: worker.pid == 0, timeout=SLOW)
    assert answered == [1, 2]
    assert lives.read_text() == "start end start end "
    worker.close()


def test_a_worker_that_holds_something_dear_stays_and_the_next_one_does_not(qtbot: QtBot, tmp_path: Path) -> None:
    worker, answered, lives = idle_worker(tmp_path, 0)
    worker.stay(3_600_000)
    worker.submit(requests.Search(id=1, query="red"))
    qtbot.waitUntil(lambda: answered == [1], timeout=SLOW)
    qtbot.wait(300)
    assert worker.pid != 0
    os.kill(worker.pid, signal.SIGTERM)
    qtbot.waitUntil(lambda: worker.pid == 0, timeout=SLOW)
    worker.submit(requests.Search(id=2, query="red"))
    qtbot.waitUntil(lambda: answered == [1, 2] and worker.pid == 0, timeout=SLOW)
    assert lives.read_text().endswith("start end ")
    worker.close()


def test_a_request_to_a_worker_that_is_about_to_end_is_answered_by_the_next(qtbot: QtBot, tmp_path: Path) -> None:
    worker, answered, lives = idle_worker(tmp_path, 0.5)
    worker.submit(requests.Search(id=1, query="red"))
    qtbot.waitUntil(lambda: lives.read_text() == "start end ", timeout=SLOW)
    worker.submit(requests.Search(id=2, query="green"))
    qtbot.waitUntil(lambda: answered == [1, 2], timeout=SLOW)
    assert lives.read_text().startswith("start end start")
    worker.close()


def test_workers_end_at_the_same_time(qtbot: QtBot, tmp_path: Path) -> None:
    data_dir = DataDir(tmp_path)
    engine = EngineClient([sys.executable, "-c", SOCIABLE], data_dir)
    engine.index()
    engine.search("red")
    engine.watch(["/videos"])
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("*.begun"))) == 3, timeout=SLOW)
    began = time.monotonic()
    engine.close()
    assert time.monotonic() - began < CANCEL_GRACE_MS / 1000
    assert not any(worker.pid for worker in engine.workers)
