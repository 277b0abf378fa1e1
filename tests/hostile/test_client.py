"""The window's side of the protocol, and a worker that talks nonsense."""

import sys
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from retake_core.protocol import lines, requests
from retake_desktop.engine.worker_process import DIED, WorkerDied, WorkerProcess


@pytest.mark.parametrize("seed", [1, 2])
def test_a_worker_that_talks_nonsense_is_ended_and_its_job_answered(
    seed: int, qtbot: QtBot, tmp_path: Path
) -> None:
    worker = WorkerProcess(
        [sys.executable, "-m", "tests.hostile.garbage_worker", str(seed)], str(tmp_path / "log")
    )
    before = psutil.Process().memory_info().rss
    with qtbot.waitSignal(worker.answered, timeout=120_000) as heard:
        worker.submit(requests.Search(id=1, query="red"))
    assert heard.args == [WorkerDied(id=1, reason=DIED)]
    assert psutil.Process().memory_info().rss - before < 20 * lines.MAX_LINE
    worker.close()
