import os
import shutil
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_core.library import catalog
from retake_desktop.app import Desktop
from retake_desktop.library.card import VideoDelegate
from retake_desktop.library.model import ShownVideos
from retake_desktop.library.sorting import Sort
from tests.gui.driving import (
    SLOW,
    Opener,
    assert_shows,
    choose_shelf,
    drop,
    entry,
    file_data,
    index,
    names,
    open_video,
    search,
    wait_for_refresh,
)


def test_a_dropped_folder_is_indexed_and_fills_the_grid(
    empty: Desktop, qtbot: QtBot, clips: Path, slowly: Path
) -> None:
    window = empty.window
    assert window.outer.currentWidget() is window.welcome
    statuses: list[str] = []
    window.activity.changed.connect(lambda: statuses.append(window.activity.status))
    drop(window, file_data(clips))
    assert window.activity.running
    qtbot.waitUntil(lambda: any("of 4 videos" in text and "realtime" in text for text in statuses), timeout=SLOW)
    slowly.unlink()
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    qtbot.waitUntil(lambda: names(empty) == ["broken.mp4", "many.mp4", "short.mp4", "stream.ts"], timeout=SLOW)
    assert window.outer.currentWidget() is not window.welcome
    (failure,) = window.library.contents.failed
    assert failure.entry.path.name == "broken.mp4"
    assert (failure.entry.error or "").endswith(".")


def test_the_grid_sorts_and_filters(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    view.head.sort_order.setCurrentIndex(view.head.sort_order.findData(Sort.LENGTH))
    qtbot.waitUntil(lambda: names(desktop) == ["many.mp4", "short.mp4", "stream.ts", "broken.mp4"])
    view.head.state_filter.setCurrentIndex(view.head.state_filter.findData(ShownVideos.FAILED))
    qtbot.waitUntil(lambda: names(desktop) == ["broken.mp4"])
    view.head.state_filter.setCurrentIndex(0)
    view.head.name_filter.setText("MANY")
    qtbot.waitUntil(lambda: names(desktop) == ["many.mp4"])
    view.head.name_filter.setText("nothing like it")
    qtbot.waitUntil(lambda: view.note.isVisible())
    assert "No video matches" in view.note.text()


def test_the_mouse_scrubs_through_a_poster(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    delegate = view.grid.itemDelegate()
    assert isinstance(delegate, VideoDelegate)
    box = view.grid.visualRect(view.model.index(view.model.row_of(entry(desktop, "many.mp4").id)))
    seen = set()

    def moved() -> bool:
        for x in range(box.left() + 5, box.right() - 5, 20):
            QTest.mouseMove(view.grid.viewport(), QPoint(x, box.center().y()))
            seen.add(delegate.scrub and delegate.scrub[1])
        return len(seen - {None}) > 5

    qtbot.waitUntil(moved, timeout=SLOW)
    QTest.mouseMove(view.grid.viewport(), QPoint(2, view.grid.viewport().height() - 2))
    assert delegate.scrub is None


def test_the_filmstrip_shows_the_most_prominent_and_reveals_more(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "many.mp4")
    window = desktop.window
    reel, strip = window.page.reel, window.page.filmstrip
    assert len(reel.keyframes) > len(strip.shown) > 2
    least = min(k.prominence for k in strip.shown)
    assert all(k.prominence <= least for k in reel.keyframes if k not in strip.shown)
    before = set(strip.shown)
    for _ in range(2):
        window.actions_by_name["zoom_in"].trigger()
    assert set(strip.shown) > {k for k in before if reel.start <= k.time <= reel.end}
    for _ in range(4):
        window.actions_by_name["zoom_in"].trigger()
    assert reel.end - reel.start < reel.duration / 4
    assert strip.shown == [k for k in reel.keyframes if reel.start <= k.time <= reel.end]
    window.actions_by_name["zoom_all"].trigger()
    assert (reel.start, reel.end) == (0.0, reel.duration)


@pytest.mark.parametrize("which", [1, 3, -1])
def test_a_click_in_the_filmstrip_shows_exactly_that_frame(desktop: Desktop, qtbot: QtBot, which: int) -> None:
    open_video(desktop, qtbot, "many.mp4")
    page = desktop.window.page
    i = range(len(page.filmstrip.shown))[which]
    keyframe = page.filmstrip.shown[i]
    with qtbot.waitSignal(page.player.frame_shown, timeout=SLOW) as shown:
        strip = page.filmstrip
        QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=strip.cell(i).center().toPoint())
    assert shown.args is not None
    assert shown.args[1] == pytest.approx(keyframe.time, abs=0.002)
    assert_shows(desktop, entry(desktop, "many.mp4").path, keyframe.time)


def test_a_file_that_cannot_be_sought_in_shows_the_frame_all_the_same(desktop: Desktop, qtbot: QtBot) -> None:
    page = desktop.window.page
    desktop.window.open_video(entry(desktop, "stream.ts"))
    qtbot.waitUntil(lambda: len(page.reel.keyframes) == 3, timeout=SLOW)
    keyframe = page.reel.keyframes[1]
    shown = page.surface.image.cacheKey()
    page.show_time(keyframe.time)
    qtbot.waitUntil(lambda: page.surface.image.cacheKey() != shown and page.player.arrived, timeout=SLOW)
    assert_shows(desktop, entry(desktop, "stream.ts").path, keyframe.time)


def test_a_hit_shows_exactly_that_frame(desktop: Desktop, qtbot: QtBot) -> None:
    panel, page = desktop.window.search, desktop.window.page
    search(desktop, qtbot, "green")
    row, found = next((i, row) for i, row in enumerate(panel.list.results.rows) if row.hit is not None)
    hit = found.hit
    assert hit is not None
    both = {entry(desktop, name).id for name in ("many.mp4", "short.mp4")}
    assert {hit.video_id, *(copy.video_id for copy in hit.copies)} == both, (
        "two videos that show the same are one result"
    )
    rect = panel.list.visualRect(panel.list.results.index(row))
    with qtbot.waitSignal(page.player.frame_shown, timeout=SLOW):
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert found.video is not None
    assert_shows(desktop, found.video.path, hit.time)
    assert not page.player.playing
    qtbot.waitUntil(lambda: (hit.start, hit.end, hit.time) in page.reel.hits)


def test_enter_plays_the_best_hit(desktop: Desktop, qtbot: QtBot) -> None:
    search(desktop, qtbot, "yellow")
    QTest.keyClick(desktop.window.search.box, Qt.Key.Key_Return)
    player = desktop.window.page.player
    qtbot.waitUntil(lambda: player.playing, timeout=SLOW)
    # Not by QTest.keyClick: it keeps Python's lock while the player's threads want to log, for ever.
    play = desktop.window.actions_by_name["play"]
    assert "K" in [key.toString() for key in play.shortcuts()]
    play.trigger()
    qtbot.waitUntil(lambda: not player.playing)


def test_nothing_matches(desktop: Desktop, qtbot: QtBot) -> None:
    search(desktop, qtbot, "an unheard-of thing")
    assert "Nothing matches “an unheard-of thing”" in desktop.window.search.note.text()
    search(desktop, qtbot, "")
    assert desktop.window.search.start.isVisible()


def test_frames_are_stepped_one_by_one(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    window = desktop.window
    times = []
    for name in ("step_forward", "step_forward", "step_back"):
        with qtbot.waitSignal(window.page.player.frame_shown, timeout=SLOW) as shown:
            window.actions_by_name[name].trigger()
        assert shown.args is not None
        times.append(shown.args[1])
    assert times == pytest.approx([0.25, 0.5, 0.25], abs=0.002)


def test_a_killed_worker_is_told_of_and_nothing_is_lost(
    empty: Desktop, qtbot: QtBot, clips: Path, slowly: Path
) -> None:
    window = empty.window
    window.library_actions.add([clips])
    qtbot.waitUntil(lambda: window.activity.fraction is not None, timeout=SLOW)
    with qtbot.waitSignal(window.activity.noticed, timeout=SLOW) as noticed:
        os.kill(empty.engine.indexer.pid, signal.SIGKILL)
    assert noticed.args is not None
    assert "ended unexpectedly" in noticed.args[0]
    qtbot.waitUntil(window.notice.isVisible)
    assert not window.activity.running
    slowly.unlink()
    window.actions_by_name["update"].trigger()
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    for name in ("short.mp4", "many.mp4"):
        assert entry(empty, name).state == "refined"
    assert entry(empty, "short.mp4").keyframes == 3


def test_indexing_is_stopped_and_goes_on(empty: Desktop, qtbot: QtBot, clips: Path, slowly: Path) -> None:
    window = empty.window
    window.library_actions.add([clips])
    qtbot.waitUntil(lambda: window.activity.fraction is not None, timeout=SLOW)
    QTest.keyClick(window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    assert window.activity.entries[0].title == "Indexing stopped"
    assert not any(e.title == "Indexing failed" for e in window.activity.entries)
    slowly.unlink()
    window.actions_by_name["update"].trigger()
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    assert entry(empty, "many.mp4").state == "refined"


def test_a_removed_folder_comes_back_or_goes_for_good(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    choose_shelf(desktop, 1)
    wait_for_refresh(desktop, qtbot)
    window.actions_by_name["remove_folder"].trigger()
    qtbot.waitUntil(lambda: window.outer.currentWidget() is window.welcome, timeout=SLOW)
    assert window.notice.isVisible()
    window.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: len(names(desktop)) == 4, timeout=SLOW)
    choose_shelf(desktop, 1)
    window.actions_by_name["remove_folder"].trigger()
    window.notice.commit()

    def forgotten() -> bool:
        with desktop.database.reading() as connection:
            return not catalog.videos(connection)

    qtbot.waitUntil(forgotten, timeout=SLOW)


def test_a_video_that_is_gone_keeps_its_keyframes(
    empty: Desktop, qtbot: QtBot, clips: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    shutil.copytree(clips, folder)
    index(empty, qtbot, folder)
    (folder / "short.mp4").unlink()
    index(empty, qtbot, folder)
    page = empty.window.page
    empty.window.open_video(entry(empty, "short.mp4"))
    qtbot.waitUntil(lambda: len(page.filmstrip.shown) == 3, timeout=SLOW)
    assert "not there now" in page.surface.note


def test_a_failed_video_is_indexed_again_on_request(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    window.library.grid.setCurrentIndex(window.library.model.index(0))
    window.actions_by_name["reindex"].trigger()
    assert window.activity.running
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)
    assert entry(desktop, "broken.mp4").state == "failed"


def test_the_layout_is_remembered(open_desktop: Opener, tmp_path: Path) -> None:
    first = open_desktop(tmp_path / "data").window
    first.splitter.setSizes([300, 600, 380])
    sizes = first.splitter.sizes()
    first.close()
    assert (tmp_path / "data" / "window.ini").exists()
    again = open_desktop(tmp_path / "data").window
    assert again.splitter.sizes() == sizes
