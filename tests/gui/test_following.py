"""Folders change under an open window, and single files and videos come and go."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from retake_desktop.common.row_delegate import RowDelegate
from retake_desktop.indexing import watching
from retake_desktop.library.model import FolderItem, Sort
from tests.gui.test_window import SLOW, entry, index, names, wait_for_refresh
from tests.support.fakes import make_clip


def folder_details(desktop: Desktop) -> dict[str, str]:
    shown = desktop.window.folders.list
    rows = [shown.item(i).data(RowDelegate.ROW) for i in range(shown.count())]
    return {row.name: row.detail for row in rows}


def drop(desktop: Desktop, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    desktop.window.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, buttons, keys))


def test_an_open_window_follows_its_folders(empty: Desktop, qtbot: QtBot, clips: Path, tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    shutil.copy2(clips / "short.mp4", folder)
    window = empty.window
    window.activity._undisturbed.setInterval(100)
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
    window.watching._again.setInterval(10)
    os.kill(old, signal.SIGKILL)
    qtbot.waitUntil(lambda: empty.engine.watcher.pid not in (0, old), timeout=SLOW)


def test_changes_wait_until_a_run_has_had_its_time(
    empty: Desktop, qtbot: QtBot, clips: Path, slowly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = empty.window
    requests: list[tuple[object, ...]] = []
    index_now = empty.engine.index

    def count(*wishes: object) -> int:
        requests.append(wishes)
        return index_now(*wishes)  # type: ignore[arg-type]

    monkeypatch.setattr(empty.engine, "index", count)
    window.activity._undisturbed.setInterval(3_600_000)
    window.library_actions.add([clips])
    qtbot.waitUntil(lambda: bool(window.activity.working), timeout=SLOW)
    for _ in range(3):
        window.activity.look_into([clips])
    assert len(requests) == 1
    window.activity._undisturbed.timeout.emit()
    assert requests[1] == ((), (str(clips),), ())
    slowly.unlink()
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    assert len(requests) == 2


def test_a_dropped_file_joins_the_library_alone(empty: Desktop, qtbot: QtBot, clips: Path) -> None:
    window = empty.window
    drop(empty, clips / "short.mp4")
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    wait_for_refresh(empty, qtbot)
    assert names(empty) == ["short.mp4"]
    assert window.library.contents.folders == (
        FolderItem(clips / "short.mp4", videos=1, failed=0, offline=0, alone=True),
    )
    assert "short.mp4" in folder_details(empty)
    window.folders.list.setCurrentRow(1)
    wait_for_refresh(empty, qtbot)
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
    assert "4 videos were removed" in window.notice._text.text()
    window.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: len(names(empty)) == 4, timeout=SLOW)

    grid.setCurrentIndex(window.library.model.index(names(empty).index("short.mp4")))
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    window.notice.commit()
    index(empty, qtbot, folder)
    assert names(empty) == ["broken.mp4", "many.mp4", "stream.ts"]
    assert (folder / "short.mp4").exists()
    drop(empty, folder / "short.mp4")
    qtbot.waitUntil(lambda: "short.mp4" in names(empty), timeout=SLOW)
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    index(empty, qtbot, folder)
    assert len(names(empty)) == 4


def test_the_last_added_come_first(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    view._sort.setCurrentIndex(view._sort.findData(Sort.ADDED))
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
