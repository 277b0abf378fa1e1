"""Workers that are killed in the middle of something: the window asks again, or says what to do."""

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.protocol.export_order import Order
from retake_desktop.app import Desktop
from retake_desktop.engine.models_client import ModelsClient
from retake_desktop.engine.worker_process import WorkerProcess
from retake_desktop.search.run import Question
from tests.gui.driving import SLOW, entry, open_video


def kill(worker: WorkerProcess) -> None:
    os.kill(worker.pid, signal.SIGKILL)


def doomed(monkeypatch: pytest.MonkeyPatch, worker: WorkerProcess) -> None:
    """Let a worker end before it answers, each time."""
    monkeypatch.setattr(worker, "_command", ["/bin/false"])


def test_a_search_is_asked_again_by_itself(desktop: Desktop, qtbot: QtBot) -> None:
    run = desktop.window.search.run
    failed: list[str] = []
    run.failed.connect(failed.append)
    with qtbot.waitSignal(run.found, timeout=SLOW, check_params_cb=lambda found: found.complete) as found:
        run.ask(Question("red"))
        kill(desktop.engine.searcher)
    assert found.args is not None
    assert found.args[0].hits
    assert not run.busy
    assert failed == []


def test_a_search_that_kills_is_told_of(desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    doomed(monkeypatch, desktop.engine.searcher)
    run = desktop.window.search.run
    with qtbot.waitSignal(run.failed, timeout=SLOW) as failed:
        run.ask(Question("red"))
    assert failed.args == ["The search stopped unexpectedly, twice. Search again, or for something else."]
    assert not run.busy


def test_an_export_is_told_of_and_the_next_one_is_done(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    exports, target = desktop.window.exports, tmp_path / "sheet.png"
    order = Order(what="sheet", target=str(target), video_ids=(entry(desktop, "short.mp4").id,))
    with qtbot.waitSignal(exports.failed, timeout=SLOW) as failed:
        exports.start(order)
        kill(desktop.engine.exporter)
    assert failed.args == ["The export of sheet.png stopped unexpectedly. Export it again."]
    assert not exports.running
    assert desktop.window.notice.isVisible()
    with qtbot.waitSignal(exports.written, timeout=SLOW):
        exports.start(order)
    assert target.exists()


def test_a_copy_is_made_by_the_next_worker(desktop: Desktop, qtbot: QtBot) -> None:
    page = desktop.window.page
    desktop.window.open_video(entry(desktop, "short.mp4"))
    kill(desktop.engine.copier)
    qtbot.waitUntil(lambda: page.player.frame_count > 0, timeout=SLOW)
    assert not page.playback.preparation.busy


def test_a_file_that_kills_each_worker_is_told_of(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed(monkeypatch, desktop.engine.copier)
    preparation = desktop.window.page.playback.preparation
    with qtbot.waitSignal(preparation.failed, timeout=SLOW) as failed:
        desktop.window.open_video(entry(desktop, "short.mp4"))
    assert failed.args is not None
    assert "Press Play to try it again" in failed.args[0]
    assert not preparation.busy


def test_a_picture_comes_from_the_next_worker(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    playback = desktop.window.page.playback
    notes: list[str] = []
    playback.note.connect(notes.append)
    playback.player.close()
    with qtbot.waitSignal(playback.image, timeout=SLOW):
        playback.show_time(3.0)
        kill(desktop.engine.searcher)
    assert notes == []


@pytest.mark.parametrize(
    ("act", "advice"),
    [
        (lambda client: client.download("a/b"), "let it go on"),
        (lambda client: client.use("a/b"), "Choose it again"),
        (lambda client: client.delete("a/b"), "Delete it again"),
        (lambda client: client.measure(), "Open this page again"),
        (lambda client: client.refresh(), "Open this page again"),
    ],
)
@pytest.mark.parametrize("command", [["/bin/sh", "-c", "kill -9 $$"], ["/no/such/program"], ["/bin/true"]])
def test_models(
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    command: Sequence[str],
    act: Callable[[ModelsClient], None],
    advice: str,
) -> None:
    client = ModelsClient(command, DataDir(tmp_path))
    client.setParent(qapp)
    with qtbot.waitSignal(client.failed, timeout=SLOW) as failed:
        act(client)
    assert failed.args is not None
    assert advice in failed.args[1]
    client.close()
