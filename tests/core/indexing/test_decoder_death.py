"""Decoders that crash or hang: the video gets a second try, and the run goes on."""

import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
import pytest

from retake_core.cancel import CancelToken
from retake_core.indexing.passes import lanes, one_video
from retake_core.indexing.run import IndexRun, index_folders
from retake_core.library.database import Database
from retake_core.media.process import lasting_decoder, tasks
from retake_core.media.process.decode_process import DecodeProcess
from retake_core.media.process.patience import Limit
from retake_core.media.process.tasks import Batch, DecodeTask, KeyFrameTask, Task, TaskDone, TextsTask
from retake_core.protocol.indexing_events import PassStarted, VideoDone, VideoFailed
from retake_core.settings import Settings
from tests.support.fakes import FakeEncoder
from tests.support.shelf import contents, only, run_index, video


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    assert not decoders()


def decoders() -> list[BaseProcess]:
    """Return the decoding processes of this one."""
    return [child for child in multiprocessing.active_children() if child.name == "retake-decode"]


class Watched(DecodeProcess):
    """Notes its tasks, and dies after so many batches of deep passes, as often as it is told.

    Attributes:
        tasks: of all processes.
        deaths: that are still to come.
    """

    tasks: list[DecodeTask | KeyFrameTask]
    deaths: int
    dies_after = 6

    def __init__(self, log: Path | None = None, memory: int | None = None) -> None:
        super().__init__(log, memory)
        self._batches = 0

    def submit(self, task: Task) -> None:
        if isinstance(task, DecodeTask | KeyFrameTask):  # it may also be lent to who reads texts
            Watched.tasks.append(task)
        self._batches = 0
        super().submit(task)

    def receive(self) -> object:
        message = super().receive()
        deep = isinstance(Watched.tasks[-1], DecodeTask)
        if deep and isinstance(message, Batch):
            self._batches += 1
            if self._batches >= self.dies_after and Watched.deaths and self._process.is_alive():
                Watched.deaths -= 1
                self._kill_it()
        return message

    def _kill_it(self) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> type[Watched]:
    monkeypatch.setattr(Watched, "tasks", [], raising=False)
    monkeypatch.setattr(Watched, "deaths", 0, raising=False)
    monkeypatch.setattr(lanes, "DecodeProcess", Watched)
    monkeypatch.setattr(one_video, "STORE_AFTER", 0.0)
    return Watched


def test_a_crash_is_retried_with_the_other_decoder_from_where_it_was(
    tmp_path: Path, database: Database, folder: Path, clips: Path, watched: type[Watched]
) -> None:
    shutil.copy2(clips / "event.mp4", folder)
    undisturbed = Database(tmp_path / "undisturbed.db")
    run_index(undisturbed, folder, FakeEncoder(), thorough=True)
    whole = contents(undisturbed)
    undisturbed.close()
    watched.tasks.clear()
    watched.deaths = 1
    watched.dies_after = 12  # 96 of 120 seconds: the first window is stored, the rest of the pipe is lost
    events = run_index(database, folder, FakeEncoder(), thorough=True)
    assert watched.deaths == 0
    assert not only(events, VideoFailed)
    first, second = (task for task in watched.tasks if isinstance(task, DecodeTask))
    assert (first.decoder, first.spans) == ("auto", None)
    assert second.decoder == "pyav"
    assert second.spans == [(60.0, float("inf"))]
    assert contents(database) == whole


def test_what_kills_two_decoders_has_failed_and_the_others_go_on(
    database: Database, folder: Path, clips: Path, watched: type[Watched]
) -> None:
    shutil.copy2(clips / "event.mp4", folder)
    watched.deaths, watched.dies_after = 2, 1
    run = run_index(database, folder, FakeEncoder(), thorough=True)
    (failed,) = only(run, VideoFailed)
    assert failed.reason == "The decoder crashed on it."
    assert video(database, "event.mp4").error == failed.reason
    assert video(database, "event.mp4").keyframes > 0  # what the quick pass found can still be seen
    shutil.copy2(clips / "short.mp4", folder)
    run = run_index(database, folder, FakeEncoder(), thorough=True)
    assert [Path(event.path).name for event in only(run, VideoDone)] == 2 * ["short.mp4"]


def test_a_decoder_that_hangs_is_ended(
    database: Database, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process itself is real; it stops, as one inside a library's endless loop, and says nothing."""
    shutil.copy2(clips / "short.mp4", folder)
    hung: list[int] = []

    class Hanging(DecodeProcess):
        def submit(self, task: Task) -> None:
            if isinstance(task, DecodeTask):
                assert self._process.pid is not None
                os.kill(self._process.pid, signal.SIGSTOP)
                hung.append(self._process.pid)
            super().submit(task)

    monkeypatch.setattr(lanes, "DecodeProcess", Hanging)
    events = []
    for event in index_folders(IndexRun(database, FakeEncoder(), Settings(), CancelToken()), [folder]):
        events.append(event)
        if isinstance(event, PassStarted) and event.name == "refined":
            monkeypatch.setattr(tasks, "STEP_LIMIT", Limit(60, 0.6))
            monkeypatch.setattr(tasks, "RISKY_STEP_LIMIT", Limit(60, 0.3))
    (failed,) = only(events, VideoFailed)
    assert failed.reason == "The decoder stopped answering on it."
    assert len(hung) == 2
    assert not any(psutil.pid_exists(pid) for pid in hung)


def test_one_process_serves_a_clip_from_the_first_pass_to_the_last(
    database: Database, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    served: list[tuple[DecodeProcess, type[Task]]] = []

    class Noted(DecodeProcess):
        def submit(self, task: Task) -> None:
            served.append((self, type(task)))
            super().submit(task)

    for module in (lanes, lasting_decoder):
        monkeypatch.setattr(module, "DecodeProcess", Noted)
    run_index(database, folder, FakeEncoder())
    assert [task for _, task in served][:3] == [KeyFrameTask, TextsTask, DecodeTask]
    assert len({process for process, _ in served}) == 1


def test_the_decoder_survives_a_file_that_fails(folder: Path, clips: Path) -> None:
    (folder / "text.mp4").write_text("no video")
    process = DecodeProcess()
    try:
        for path, end in ((folder / "text.mp4", tasks.TaskFailed), (clips / "short.mp4", TaskDone)):
            process.submit(DecodeTask(path, 2.0, None, "auto", 60.0, 1))
            while not isinstance(message := process.receive(), TaskDone | tasks.TaskFailed):
                assert isinstance(message, tasks.Opened | Batch)
            assert isinstance(message, end)
    finally:
        process.kill()


def test_decoders_end_when_a_run_is_dropped(database: Database, folder: Path, clips: Path) -> None:
    shutil.copy2(clips / "long.mp4", folder)
    events = index_folders(IndexRun(database, FakeEncoder(), Settings(), CancelToken()), [folder])
    while not decoders():
        next(events)
    events.close()  # type: ignore[attr-defined]
    assert not decoders()
