"""What runs, waits and failed, and how it is paused, resumed, tried again and put first."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_core.protocol import answers, indexing_events
from retake_core.protocol.indexing_events import PassName
from retake_desktop.app import Desktop
from retake_desktop.common.row_delegate import Row, RowDelegate
from retake_desktop.indexing import activity
from tests.gui.driving import SLOW, Opener, entry, names, select_video, shelves, wait_for_indexing
from tests.support.fakes import make_clip


def rows(desktop: Desktop) -> list[Row]:
    shown = desktop.window.activity_panel.list
    return [shown.item(i).data(RowDelegate.ROW) for i in range(shown.count())]


def begin(desktop: Desktop, qtbot: QtBot, folder: Path) -> None:
    """Begin to index, and wait until a video is being looked at."""
    desktop.window.actions_by_name["activity"].setChecked(True)
    desktop.window.library_actions.add([folder])
    qtbot.waitUntil(lambda: bool(desktop.window.activity.working), timeout=SLOW)


def test_the_panel_shows_what_runs_and_what_waits_and_it_can_be_held_up(
    empty: Desktop, qtbot: QtBot, clips: Path, slowly: Path
) -> None:
    window = empty.window
    begin(empty, qtbot, clips)
    qtbot.waitUntil(lambda: any(row.fraction for row in rows(empty)) and len(shelves(empty)) == 2, timeout=SLOW)
    working = [row for row in rows(empty) if row.fraction is not None]
    assert {row.name for row in working} <= {"short.mp4", "many.mp4", "stream.ts", "broken.mp4"}
    pause = window.actions_by_name["pause"]
    pause.trigger()
    assert window.activity.paused
    assert window.status.text.text() == "Paused"
    assert any(row.detail == "Paused" for row in rows(empty) if row.fraction is not None)
    assert "Paused" in shelves(empty)[1].data(0, RowDelegate.ROW).detail
    slowly.unlink()
    pause.trigger()
    assert not window.activity.paused
    wait_for_indexing(empty, qtbot)
    assert entry(empty, "many.mp4").state == "refined"
    assert not [row for row in rows(empty) if row.fraction is not None]


def test_nothing_goes_on_during_a_pause(empty: Desktop, qtbot: QtBot, clips: Path) -> None:
    window = empty.window
    window.actions_by_name["activity"].setChecked(True)
    nothing = window.activity_panel.nothing
    assert (nothing.isVisible(), nothing.text()) == (True, "Nothing has happened since the start.")
    window.activity.pause(True)
    window.library_actions.add([clips])
    assert window.status.text.text() == "Paused"
    assert (nothing.isVisible(), nothing.text()) == (True, "Paused")
    with qtbot.assertNotEmitted(window.activity.library_changed, wait=300):
        pass
    window.actions_by_name["stop"].trigger()
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    assert not window.activity.paused


def test_what_was_left_by_a_stop_is_told_and_goes_on_at_a_click(
    empty: Desktop, qtbot: QtBot, clips: Path, slowly: Path
) -> None:
    window = empty.window
    begin(empty, qtbot, clips)
    QTest.mouseClick(window.status.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    assert window.activity.unfinished > 0
    assert window.status.text.text() == f"{window.activity.unfinished} unfinished"
    slowly.unlink()
    QTest.mouseClick(window.status.go_on, Qt.MouseButton.LeftButton)
    assert window.activity.running
    assert not window.status.go_on.isVisible()
    wait_for_indexing(empty, qtbot)
    assert entry(empty, "many.mp4").state == "refined"
    assert not window.status.go_on.isVisible()
    assert "unfinished" not in window.status.text.text()


def test_what_could_not_be_read_is_told_until_it_can_be(
    empty: Desktop, qtbot: QtBot, clips: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    shutil.copy2(clips / "short.mp4", folder)
    window = empty.window
    window.watching.start()
    window.library_actions.add([folder])
    wait_for_indexing(empty, qtbot)
    away = folder.rename(tmp_path / "unplugged")
    qtbot.waitUntil(lambda: "Could not be read" in [row.name for row in rows(empty)], timeout=SLOW)
    wait_for_indexing(empty, qtbot)
    assert "1 problem" in window.status.text.text()
    away.rename(folder)
    qtbot.waitUntil(lambda: "Could not be read" not in [row.name for row in rows(empty)], timeout=SLOW)
    wait_for_indexing(empty, qtbot)
    assert window.status.text.text() == "Ready"


def test_reading_text_on_screen_gives_way_to_a_new_look_at_the_folders(
    empty: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = empty.window.activity
    ids: list[int] = []

    def begin(*_: object) -> int:
        ids.append(1000 + len(ids))
        return ids[-1]

    monkeypatch.setattr(empty.engine, "index", begin)
    for name, runs in ((PassName.QUICK, 1), (PassName.REFINED, 1), (PassName.SCREEN, 2)):
        running.index()
        empty.engine.answered.emit(answers.JobEvent(id=1000, event=indexing_events.PassStarted(name, 1)))
        running.index()
        assert len(ids) == runs
    assert running.status == "Looking for videos"


def test_failures_are_kept_and_tried_again_one_by_one_or_all(
    open_desktop: Opener, indexed: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    shutil.copytree(indexed, tmp_path / "data")
    desktop = open_desktop(tmp_path / "data")
    window = desktop.window
    (failed,) = [row for row in rows(desktop) if row.failed]
    assert failed.name == "broken.mp4"
    assert failed.detail == entry(desktop, "broken.mp4").error
    assert "1 problem" in window.status.text.text()
    broken = entry(desktop, "broken.mp4")
    make_clip(broken.path.with_name("whole.mp4"), [(5, "red")])
    select_video(desktop, "broken.mp4")
    for name in ("retry", "retry_all"):
        assert window.actions_by_name[name].isEnabled()
        window.actions_by_name[name].trigger()
        assert window.activity.running
        wait_for_indexing(desktop, qtbot)
        assert entry(desktop, "broken.mp4").error is not None
    broken.path.with_name("whole.mp4").unlink()
    select_video(desktop, "short.mp4")
    assert not window.actions_by_name["retry"].isEnabled()


def test_a_video_is_indexed_first(empty: Desktop, qtbot: QtBot, tmp_path: Path, slowly: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(6):
        make_clip(folder / f"{number}.mp4", [(4 + number, "red"), (6, "blue")])
    begin(empty, qtbot, folder)
    window = empty.window
    qtbot.waitUntil(lambda: len(names(empty)) == 6, timeout=SLOW)
    select_video(empty, "5.mp4")
    assert window.actions_by_name["index_first"].isEnabled()
    window.actions_by_name["index_first"].trigger()
    qtbot.waitUntil(lambda: any(Path(w.path).name == "5.mp4" for w in window.activity.working), timeout=SLOW)
    qtbot.waitUntil(lambda: entry(empty, "5.mp4").state == "refined", timeout=SLOW)
    assert {entry(empty, f"{number}.mp4").state for number in range(5)} != {"refined"}
    slowly.unlink()
    wait_for_indexing(empty, qtbot)


@pytest.fixture
def restart_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "AGAIN_MS", 10)


def test_indexing_goes_on_by_itself_after_its_worker_was_killed(
    restart_at_once: None,  # noqa: ARG001 - before the window opens
    empty: Desktop,
    qtbot: QtBot,
    clips: Path,
    slowly: Path,
) -> None:
    window = empty.window
    begin(empty, qtbot, clips)
    slowly.unlink()
    with qtbot.waitSignal(window.activity.noticed, timeout=SLOW) as noticed:
        os.kill(empty.engine.indexer.pid, signal.SIGKILL)
    assert noticed.args is not None
    assert "ended unexpectedly" in noticed.args[0]
    qtbot.waitUntil(lambda: window.activity.running, timeout=SLOW)
    wait_for_indexing(empty, qtbot)
    assert [entry(empty, name).state for name in ("short.mp4", "many.mp4")] == ["refined", "refined"]
    assert entry(empty, "short.mp4").keyframes == 3


def test_a_worker_that_dies_again_and_again_is_left_alone(
    restart_at_once: None,  # noqa: ARG001 - before the window opens
    open_desktop: Opener,
    qtbot: QtBot,
    clips: Path,
    tmp_path: Path,
) -> None:
    desktop = open_desktop(tmp_path / "data", worker=["/bin/false"])
    running = desktop.window.activity
    desktop.window.library_actions.add([clips])

    def failures() -> int:
        return sum(entry.title == "Indexing failed" for entry in running.entries)

    qtbot.waitUntil(lambda: failures() == activity.MAX_DEATHS + 1, timeout=SLOW)
    with qtbot.assertNotEmitted(running.changed, wait=100):
        pass
    assert not running.running


def test_the_menu_key_finds_the_failed_video(desktop: Desktop, qtbot: QtBot) -> None:
    panel = desktop.window.activity_panel
    desktop.window.actions_by_name["activity"].setChecked(True)
    panel.list.setCurrentRow(0)
    asked: list[object] = []
    desktop.window.video_actions.show_menu = lambda *args: asked.append(args)  # type: ignore[method-assign]
    with qtbot.waitSignal(panel.menu_wanted) as wanted:
        panel.list.customContextMenuRequested.emit(panel.list.rect().bottomLeft())
    assert wanted.args is not None
    assert wanted.args[1].path.name == "broken.mp4"
    with qtbot.waitSignal(panel.opened):
        QTest.keyClick(panel.list, Qt.Key.Key_Return)


def test_what_looks_at_a_video_is_told(empty: Desktop) -> None:
    empty.window.activity.working = (
        indexing_events.VideoProgress("/videos/party.mp4", 0.5, 60.0, "cuda"),
        indexing_events.VideoProgress("/videos/cake.mp4", 0.2, 12.0),
        indexing_events.VideoProgress("/nas/lake.mp4", 0.1, 90.0, computer="workstation"),
    )
    empty.window.activity.changed.emit()
    assert [row.detail for row in rows(empty)] == [
        "60x realtime  ·  decoded by NVIDIA (CUDA)",
        "12x realtime",
        "90x realtime  ·  on workstation",
    ]
