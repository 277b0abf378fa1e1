"""The window on small screens: what makes room for what, what is remembered, and what fits."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from retake_core.settings import change_settings
from retake_desktop.app import Desktop
from retake_desktop.common import widgets
from retake_desktop.window.key_sheet import KeySheet
from retake_desktop.window.main_window import MainWindow
from tests.gui.driving import Opener, open_video

SMALL, NARROW = QSize(1024, 640), QSize(920, 640)
LANGUAGES = [("en", 1.0), ("en", 1.5), ("zh_CN", 1.5)]


def dressed(open_desktop: Opener, root: Path, language: str, size: float) -> Desktop:
    root.mkdir(exist_ok=True)
    change_settings(root / "settings.toml", language=language, text_size=size)
    return open_desktop(root)


def enter(window: MainWindow, qtbot: QtBot) -> None:
    """Leave the welcome page."""
    window.welcome.skip.click()
    qtbot.waitUntil(window.splitter.isVisible)


def shown(window: MainWindow) -> list[str]:
    """Return which panels are on screen."""
    panels = {"folders": window.folders, "side": window.side, "activity": window.activity_panel}
    return [name for name, panel in panels.items() if panel.isVisible()]


def press(window: QWidget, keys: str) -> None:
    QTest.keySequence(window, keys)


def assert_inside(window: QWidget, *parts: QWidget) -> None:
    """Nothing is cut off at an edge of the window."""
    for part in parts:
        assert part.isVisible()
        corner = part.mapTo(window, QPoint(part.width(), part.height()))
        assert window.rect().adjusted(0, 0, 1, 1).contains(corner), part
        least = part.minimumSizeHint()
        assert part.width() >= least.width(), part
        assert part.height() >= least.height(), part


@pytest.mark.parametrize(("language", "size"), LANGUAGES)
def test_everything_is_reachable_on_a_small_screen(
    open_desktop: Opener, qtbot: QtBot, tmp_path: Path, language: str, size: float
) -> None:
    window = dressed(open_desktop, tmp_path / "data", language, size).window
    actions = window.actions_by_name
    enter(window, qtbot)
    for page in (window.library, window.page):
        window.middle.setCurrentWidget(page)
        for name in ("search", "ask", "transcript", "folder_panel", "activity"):
            actions[name].trigger()
            window.resize(SMALL)
            QApplication.processEvents()
            assert window.size() == SMALL
            there = [window.folders] if name == "folder_panel" else [window.side] if name != "activity" else []
            assert_inside(window, page, window.status, window.menuBar(), *there)
        assert_inside(window, window.activity_panel)
        actions["activity"].trigger()


def test_the_folders_make_room_and_come_back(desktop: Desktop) -> None:
    window = desktop.window
    assert shown(window) == ["folders", "side"]
    window.resize(NARROW)
    assert shown(window) == ["side"]
    window.resize(1280, 800)
    assert shown(window) == ["folders", "side"]
    window.resize(window.minimumSizeHint())
    assert shown(window) == ["side"]


def test_a_panel_that_is_asked_for_takes_the_place_of_the_other(desktop: Desktop) -> None:
    window = desktop.window
    folders, side = (window.actions_by_name[name] for name in ("folder_panel", "side_panel"))
    window.resize(NARROW)
    press(window, "Ctrl+B")
    assert shown(window) == ["folders"]
    assert (folders.isChecked(), side.isChecked()) == (True, False)
    press(window, "Ctrl+E")
    assert shown(window) == ["side"]
    assert window.side.ask.box.hasFocus()
    press(window, "Ctrl+Shift+B")
    assert shown(window) == ["folders"]
    press(window, "Ctrl+B")
    assert shown(window) == []
    press(window, "Ctrl+F")
    assert shown(window) == ["side"]
    window.resize(1280, 800)
    assert shown(window) == ["side"]  # the folders were sent away


def test_the_panels_go_by_their_buttons(desktop: Desktop) -> None:
    window = desktop.window
    for button, left in zip(window.status.places, (["side"], ["side", "activity"], ["activity"]), strict=True):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert shown(window) == left
        assert button.accessibleName()


def test_the_full_screen_shows_no_panel_and_brings_back_those_there_were(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    press(window, "Ctrl+B")
    open_video(desktop, qtbot, "short.mp4")
    window.actions_by_name["full_screen"].trigger()
    assert shown(window) == []
    window.actions_by_name["full_screen"].trigger()
    assert shown(window) == ["side"]


def test_the_panels_are_remembered(open_desktop: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    first = open_desktop(tmp_path / "data").window
    enter(first, qtbot)
    for keys in ("Ctrl+B", "Ctrl+J", "Ctrl+T"):
        press(first, keys)
    first.close()
    again = open_desktop(tmp_path / "data").window
    enter(again, qtbot)
    assert shown(again) == ["side", "activity"]
    assert again.side.transcript.isVisible()
    press(again, "Ctrl+Shift+B")
    again.close()
    third = open_desktop(tmp_path / "data").window
    enter(third, qtbot)
    assert shown(third) == ["activity"]


def sheet(desktop: Desktop) -> KeySheet:
    desktop.window.actions_by_name["keys"].trigger()
    (found,) = [child for child in desktop.window.findChildren(KeySheet) if child.isVisible()]
    return found


@pytest.mark.parametrize(("language", "size"), LANGUAGES)
def test_the_sheet_of_keys_fits_a_small_screen(
    open_desktop: Opener, tmp_path: Path, language: str, size: float
) -> None:
    keys = sheet(dressed(open_desktop, tmp_path / "data", language, size))
    assert keys.width() <= SMALL.width()
    assert keys.height() <= SMALL.height()
    inside = keys.area.widget()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= keys.area.viewport().width()  # it scrolls only downward
    assert len({group.x() for group in keys.groups}) == 2


def test_the_sheet_tells_every_key_and_finds_one(empty: Desktop) -> None:
    keys = sheet(empty)
    told = {row.keys.text() for group in keys.groups for row in group.rows}
    for action in empty.window.actions_by_name.values():
        assert not action.shortcuts() or ", ".join(key.toString() for key in action.shortcuts()) in told

    def found() -> list[str]:
        rows = [row for group in keys.groups for row in group.rows]
        return [row.name.text() for row in rows if row.name.isVisible()]

    QTest.keyClicks(keys.box, "whole video")
    assert found() == ["Filmstrip: whole video"]
    keys.box.clear()
    QTest.keyClicks(keys.box, "0 to 9")
    assert found() == ["Go to that tenth of the video"]
    (group,) = [group for group in keys.groups if group.isVisible()]
    assert "Play or pause" in {row.name.text() for row in group.rows}
    keys.box.clear()
    QTest.keyClicks(keys.box, "ctrl+b")
    assert found() == ["Folders on the left"]
    keys.box.setText("make coffee")
    assert keys.nothing.isVisible()
    QTest.keyClick(keys.box, Qt.Key.Key_Return)
    assert keys.isVisible()
    QTest.keyClick(keys.box, Qt.Key.Key_Escape)
    assert not keys.isVisible()


def test_the_preferences_are_no_larger_than_the_screen(empty: Desktop) -> None:
    screen = empty.window.screen().availableSize()
    asked = QWidget()
    widgets.fit_on_screen(asked, screen.width() + 100, screen.height() + 100)
    assert asked.width() == screen.width()
    assert asked.height() < screen.height()
    empty.preferences.open_page("models")
    assert empty.preferences.height() < screen.height()
    empty.preferences.close()
