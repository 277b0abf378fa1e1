"""The panel of what is known of a video."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from tests.gui.driving import SLOW, entry, index, open_video, select_video
from tests.support.fakes import make_clip


def test_it_tells_of_the_selected_video_and_follows(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    panel, action = window.information.panel, window.actions_by_name["information"]
    assert not action.isEnabled()
    select_video(desktop, "short.mp4")
    QTest.keySequence(window.library.grid, "Alt+Return")
    qtbot.waitUntil(lambda: panel.view.rows.get("Name") == "short.mp4", timeout=SLOW)
    video = entry(desktop, "short.mp4")
    assert panel.isVisible()
    assert panel.view.rows["Place"] == str(video.path)
    assert panel.view.rows["Picture"] == f"{video.width} × {video.height}"
    assert panel.view.rows["Rate"] == "4 frames a second"
    assert panel.view.rows["Format"].startswith("H264")
    assert panel.view.rows["Length"] == "0:30"
    assert {"File size", "Date", "Keyframes"} <= set(panel.view.rows)
    select_video(desktop, "broken.mp4")
    qtbot.waitUntil(lambda: panel.view.rows.get("Name") == "broken.mp4", timeout=SLOW)
    assert "Trouble" in panel.view.rows
    open_video(desktop, qtbot, "many.mp4")
    qtbot.waitUntil(lambda: panel.view.rows.get("Name") == "many.mp4", timeout=SLOW)
    window.actions_by_name["stars_2"].trigger()
    qtbot.waitUntil(lambda: panel.view.rows.get("Marks") == "★★", timeout=SLOW)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=SLOW)
    action.trigger()
    qtbot.waitUntil(panel.isActiveWindow, timeout=SLOW)  # so that keys alone can read, write a note and close it
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_both_places_of_a_copy_are_told(empty: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    one = make_clip(folder / "one.mp4", [(4, "red"), (4, "blue")])
    other = folder / "other.mp4"
    other.write_bytes(one.read_bytes())
    index(empty, qtbot, folder)
    select_video(empty, "one.mp4")
    empty.window.actions_by_name["information"].trigger()
    panel = empty.window.information.panel
    qtbot.waitUntil(lambda: panel.view.rows.get("Places") == f"{one}\n{other}", timeout=SLOW)
