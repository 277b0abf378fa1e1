"""Folders change under an open window, and single files and videos come and go."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.protocol import answers, indexing_events
from retake_core.protocol.indexing_events import PassName
from retake_desktop.app import Desktop
from retake_desktop.common.row_delegate import RowDelegate
from retake_desktop.engine.client import EngineClient
from retake_desktop.indexing import activity, watching
from retake_desktop.library.model import FolderItem
from retake_desktop.library.sorting import Sort
from tests.gui.driving import SLOW, choose_shelf, drop, entry, file_data, index, names, shelves, wait_for_indexing
from tests.support.fakes import FakeEncoder, make_clip
from tests.support.shelf import run_index


def folder_details(desktop: Desktop) -> dict[str, str]:
    rows = [item.data(0, RowDelegate.ROW) for item in shelves(desktop)]
    return {row.name: row.detail for row in rows}


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let changes interrupt a run at once, and a watcher that died start again at once."""
    monkeypatch.setattr(activity, "UNDISTURBED_MS", 100)
    monkeypatch.setattr(watching, "AGAIN_MS", 10)


def test_an_open_window_follows_its_folders(
    impatience: None,  # noqa: ARG001 - before the window opens
    empty: Desktop,
    qtbot: QtBot,
    clips: Path,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    shutil.copy2(clips / "short.mp4", folder)
    window = empty.window
    window.watching.start()
    index(empty, qtbot, folder)
    qtbot.waitUntil(lambda: folder_details(empty).get("drive") == "Watching", timeout=SLOW)

    make_clip(folder / "new.mp4", [(6, "green"), (6, "white")])
    qtbot.waitUntil(lambda: names(empty) == ["new.mp4", "short.mp4"], timeout=SLOW)
    qtbot.waitUntil(lambda: entry(empty, "new.mp4").state == "refined", timeout=SLOW)

    (folder / "short.mp4").rename(folder / "again.mp4")
    qtbot.waitUntil(lambda: names(empty) == ["again.mp4", "new.mp4"], timeout=SLOW)
    assert entry(empty, "again.mp4").keyframes == 3

    away = folder.rename(tmp_path / "unplugged")
    qtbot.waitUntil(lambda: folder_details(empty).get("drive") == "Offline", timeout=SLOW)
    qtbot.waitUntil(lambda: entry(empty, "new.mp4").state == "offline", timeout=SLOW)
    assert entry(empty, "new.mp4").keyframes > 0
    away.rename(folder)
    qtbot.waitUntil(lambda: entry(empty, "new.mp4").state == "refined", timeout=SLOW)

    old = empty.engine.watcher.pid
    os.kill(old, signal.SIGKILL)
    qtbot.waitUntil(lambda: empty.engine.watcher.pid not in (0, old), timeout=SLOW)


def test_what_arrives_while_no_worker_watches_is_found_when_one_does_again(
    impatience: None,  # noqa: ARG001 - before the window opens
    empty: Desktop,
    qtbot: QtBot,
    clips: Path,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    shutil.copy2(clips / "short.mp4", folder)
    empty.window.watching.start()
    index(empty, qtbot, folder)
    qtbot.waitUntil(lambda: folder_details(empty).get("drive") == "Watching", timeout=SLOW)
    os.kill(empty.engine.watcher.pid, signal.SIGKILL)
    shutil.copy2(clips / "many.mp4", folder)  # the window has not even noticed the death
    assert empty.engine.watcher.pid
    qtbot.waitUntil(lambda: names(empty) == ["many.mp4", "short.mp4"], timeout=SLOW)


@pytest.mark.usefixtures("qapp")
def test_changes_wait_until_a_run_has_had_its_time(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders: list[tuple[object, ...]] = []

    def note(_: EngineClient, *order: object) -> int:
        orders.append(order)
        return len(orders)

    monkeypatch.setattr(EngineClient, "index", note)
    monkeypatch.setattr(activity, "UNDISTURBED_MS", 300)
    engine = EngineClient(["no", "worker"], DataDir(tmp_path))
    running = activity.Activity(engine)
    running.index(["/videos"])
    engine.answered.emit(answers.JobEvent(id=1, event=indexing_events.PassStarted(PassName.QUICK, 1)))
    for _ in range(3):
        running.look_into([Path("/videos")])
    assert orders == [(("/videos",), None, (), ())]
    qtbot.waitUntil(lambda: len(orders) > 1, timeout=SLOW)
    assert orders[1:] == [((), ("/videos",), (), ())]
    engine.answered.emit(answers.JobDone(id=2))
    assert not running.running
    assert len(orders) == 2


def test_a_dropped_file_joins_the_library_alone(empty: Desktop, qtbot: QtBot, clips: Path) -> None:
    window = empty.window
    drop(window, file_data(clips / "short.mp4"))
    wait_for_indexing(empty, qtbot)
    assert names(empty) == ["short.mp4"]
    assert window.library.contents.folders == (
        FolderItem(clips / "short.mp4", videos=1, failed=0, offline=0, alone=True),
    )
    assert "short.mp4" in folder_details(empty)
    with qtbot.waitSignal(window.library.refreshed, timeout=SLOW):
        choose_shelf(empty, 1)
    assert names(empty) == ["short.mp4"]


def test_videos_are_removed_and_come_back_by_undo_or_by_being_dropped(
    empty: Desktop, qtbot: QtBot, clips: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    shutil.copytree(clips, folder)
    index(empty, qtbot, folder)
    window = empty.window
    grid = window.library.grid
    grid.selectAll()
    assert len(window.video_actions.target.videos) == 4
    window.actions_by_name["remove_video"].trigger()
    qtbot.waitUntil(lambda: names(empty) == [], timeout=SLOW)
    assert "4 videos were removed" in window.notice.text.text()
    window.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: len(names(empty)) == 4, timeout=SLOW)

    grid.setCurrentIndex(window.library.model.index(names(empty).index("short.mp4")))
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    window.notice.commit()
    index(empty, qtbot, folder)
    assert names(empty) == ["broken.mp4", "many.mp4", "stream.ts"]
    assert (folder / "short.mp4").exists()
    drop(window, file_data(folder / "short.mp4"))
    qtbot.waitUntil(lambda: "short.mp4" in names(empty), timeout=SLOW)
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    index(empty, qtbot, folder)
    assert len(names(empty)) == 4


def test_the_last_added_come_first(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    view.head.sort_order.setCurrentIndex(view.head.sort_order.findData(Sort.ADDED))
    by_id = ["broken.mp4", "many.mp4", "short.mp4", "stream.ts"]
    by_id.sort(key=lambda name: -entry(desktop, name).id)
    qtbot.waitUntil(lambda: names(desktop) == by_id)


def test_a_watching_worker_is_asked_for_the_same_folders_once(empty: Desktop, tmp_path: Path) -> None:
    asked: list[list[str]] = []
    empty.engine.watch = lambda folders: asked.append(list(folders)) or 7  # type: ignore[func-returns-value, method-assign]
    followed = watching.Watching(empty.engine)
    followed.follow([tmp_path])
    followed.start()
    followed.follow([tmp_path])
    followed.follow([])
    followed.follow([])
    assert asked == [[str(tmp_path)]]


def test_an_open_window_shows_what_another_program_stores(empty: Desktop, qtbot: QtBot, clips: Path) -> None:
    empty.window.outside_changes.start()
    other = Database(empty.window.desk.data_dir.database)
    run_index(other, clips, FakeEncoder())
    other.close()
    qtbot.waitUntil(lambda: "short.mp4" in names(empty), timeout=SLOW)
