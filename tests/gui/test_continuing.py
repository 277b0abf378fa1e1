"""Continue watching: where a video was left while it played."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from tests.gui.driving import SLOW, choose_shelf, entry, names, open_video, select_video, shelves, wait_for_refresh


def watch(desktop: Desktop, qtbot: QtBot, name: str, time: float) -> None:
    """Open a video, play it at a time, and go back to the library."""
    page = desktop.window.page
    open_video(desktop, qtbot, name)
    page.show_time(time, play=True)
    qtbot.waitUntil(lambda: page.player.playing and page.playback.time > time, timeout=SLOW)
    desktop.window.actions_by_name["back"].trigger()


def test_a_video_goes_on_where_it_was_left(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    watch(desktop, qtbot, "many.mp4", 30.0)
    qtbot.waitUntil(lambda: 30.0 < (entry(desktop, "many.mp4").position or 0.0) < 45.0, timeout=SLOW)
    qtbot.waitUntil(lambda: "Continue watching" in [item.text(0) for item in shelves(desktop)], timeout=SLOW)
    open_video(desktop, qtbot, "short.mp4")
    window.actions_by_name["back"].trigger()
    choose_shelf(desktop, 1)
    wait_for_refresh(desktop, qtbot)
    assert names(desktop) == ["many.mp4"]
    QTest.keyClick(window.library.grid, Qt.Key.Key_Home)
    QTest.keyClick(window.library.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.video is not None and window.page.playback.time > 29.0, timeout=SLOW)
    assert window.notice.text.text().startswith("Continued at 0:3")
    window.notice.button.click()
    qtbot.waitUntil(lambda: window.page.playback.time < 1.0, timeout=SLOW)


def test_what_was_only_looked_at_or_is_short_is_not_continued(desktop: Desktop, qtbot: QtBot) -> None:
    watch(desktop, qtbot, "short.mp4", 12.0)
    open_video(desktop, qtbot, "many.mp4")
    desktop.window.page.show_time(30.0)
    qtbot.waitUntil(lambda: desktop.window.page.playback.time > 29.0, timeout=SLOW)
    desktop.window.actions_by_name["back"].trigger()
    watch(desktop, qtbot, "many.mp4", 50.0)
    qtbot.waitUntil(lambda: (entry(desktop, "many.mp4").position or 0.0) > 49.0, timeout=SLOW)
    assert entry(desktop, "short.mp4").position is None


def test_a_video_can_be_taken_off_the_list(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    watch(desktop, qtbot, "many.mp4", 30.0)
    select_video(desktop, "many.mp4")
    qtbot.waitUntil(window.actions_by_name["watched"].isEnabled, timeout=SLOW)
    window.actions_by_name["watched"].trigger()
    qtbot.waitUntil(lambda: entry(desktop, "many.mp4").position is None, timeout=SLOW)
    qtbot.waitUntil(lambda: "Continue watching" not in [item.text(0) for item in shelves(desktop)], timeout=SLOW)
    open_video(desktop, qtbot, "short.mp4")
    open_video(desktop, qtbot, "many.mp4")
    assert window.page.playback.time < 1.0
