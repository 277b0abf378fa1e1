"""A window on a library of small clips that are really indexed, with real workers but a cheap encoder."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_desktop.app import Desktop
from tests.contract.clips import BUILDERS, Clip
from tests.gui.driving import MenuUser, Opener
from tests.gui.nursery import nursery
from tests.gui.stage import Stage
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.in_process import decode_in_threads
from tests.support.paths import ROOT
from tests.support.shelf import run_index

SCENES = ("red", "green", "blue", "white", "grey", "yellow", "blue+red", "green+white", "red+blue", "white+red")


@pytest.fixture(autouse=True)
def _worker_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture(autouse=True)
def _decoding_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    decode_in_threads(monkeypatch)


@pytest.fixture(scope="session", autouse=True)
def _keep_what_is_imported() -> None:
    """Let the garbage collector pass over what stays for ever: a run takes 10 ms instead of 200."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _collect_on_the_windows_thread() -> Iterator[None]:
    """As the app does: widgets of an earlier test must not be destroyed by a thread that reads."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(scope="session")
def worker() -> Iterator[Sequence[str]]:
    """Return the command of a worker that starts at once."""
    with nursery() as command:
        yield command


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of clips; copy them, do not change them."""
    folder = tmp_path_factory.mktemp("recordings")
    make_clip(folder / "short.mp4", [(10, "red"), (10, "green"), (10, "blue")])
    make_clip(folder / "many.mp4", [(4, look) for look in SCENES * 2])
    make_clip(folder / "stream.ts", [(6, "red"), (6, "white"), (6, "blue")], cuts=False, group=400)
    (folder / "broken.mp4").write_bytes(b"no video" * 1000)
    os.utime(folder / "broken.mp4", (1_600_000_000, 1_600_000_000))
    return folder


@pytest.fixture(scope="session")
def indexed(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of an indexed library; copy it."""
    data_dir = DataDir(tmp_path_factory.mktemp("indexed") / "data")
    data_dir.create()
    database = Database(data_dir.database)
    with pytest.MonkeyPatch.context() as patch:
        decode_in_threads(patch)
        run_index(database, clips, FakeEncoder())
    database.close()
    return data_dir.root


@pytest.fixture
def open_desktop(qapp: QApplication, qtbot: QtBot, worker: Sequence[str]) -> Iterator[Opener]:
    opened: list[Desktop] = []

    def open_it(root: Path, worker: Sequence[str] = worker) -> Desktop:
        desktop = Desktop(qapp, DataDir(root), worker)
        opened.append(desktop)
        desktop.window.resize(1280, 800)
        desktop.window.show()
        with qtbot.waitSignal(desktop.window.library.refreshed):
            pass
        return desktop

    yield open_it
    for desktop in opened:
        desktop.close()
        desktop.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def empty(open_desktop: Opener, tmp_path: Path) -> Desktop:
    return open_desktop(tmp_path / "data")


@pytest.fixture
def desktop(open_desktop: Opener, indexed: Path, tmp_path: Path) -> Desktop:
    shutil.copytree(indexed, tmp_path / "data")
    return open_desktop(tmp_path / "data")


@pytest.fixture
def menu(qapp: QApplication) -> MenuUser:  # noqa: ARG001
    return MenuUser()


@pytest.fixture
def slowly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file; while it exists, indexing is so slow that a test can look on."""
    mark = tmp_path / "slowly"
    mark.touch()
    monkeypatch.setenv("RETAKE_TEST_PAUSE", "0.3")
    monkeypatch.setenv("RETAKE_TEST_PAUSE_WHILE", str(mark))
    return mark


@pytest.fixture(scope="module")
def whole_stage(
    qapp: QApplication, worker: Sequence[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        stage = Stage(tmp_path_factory.mktemp("stage"), worker)
        yield stage
        stage.close()
    assert qapp is QApplication.instance()


@pytest.fixture
def stage(whole_stage: Stage, qtbot: QtBot) -> Iterator[Stage]:
    """Return the stage; its workers go on from test to test, as they take long to start."""
    whole_stage.qtbot = qtbot
    yield whole_stage
    whole_stage.playback.close()
    whole_stage.shown.clear()
    whole_stage.notes.clear()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Clip]:
    return lambda name: BUILDERS[name](tmp_path_factory.mktemp("clip"))
