"""A person without a mouse: from an empty library to a citation, with nothing but keys."""

from collections.abc import Callable
from functools import partial
from operator import is_
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from retake_desktop.ask.citation_chip import CitationChip
from retake_desktop.export.dialog import ExportDialog
from retake_desktop.player.time_entry import TimeDialog
from tests.gui.driving import SLOW
from tests.gui.scripted_asking import TIME

MOST = 60  # presses of Tab from one end of a window to the other
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
Key = Qt.Key


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press a key as the desktop tells of it: whoever has the focus gets it, after the window's own keys."""
    window = QApplication.focusWindow()
    assert window is not None
    QTest.keyClick(window, key, modifiers)


def write(text: str) -> None:
    for letter in text:
        window = QApplication.focusWindow()
        assert window is not None
        QTest.keyClick(window, ord(letter))


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def tab_to(wanted: Callable[[QWidget], bool], *, back: bool = False) -> QWidget:
    """Press Tab until the focus is where it is wanted, and return what has it."""
    passed = []
    while not wanted(focus()):
        passed.append(focus().accessibleName() or type(focus()).__name__)
        assert len(passed) < MOST, f"Tab does not lead there, but to: {', '.join(passed)}"
        press(Key.Key_Backtab if back else Key.Key_Tab, SHIFT if back else NONE)
    return focus()


def come_back(desktop: Desktop, qtbot: QtBot) -> None:
    """Do what a desktop does when a dialog has closed, and Qt's platform without a screen does not."""
    desktop.window.activateWindow()
    qtbot.waitUntil(desktop.window.isActiveWindow, timeout=SLOW)


def go_to(desktop: Desktop, qtbot: QtBot, time: str, seconds: float) -> None:
    """Type where in the video to go."""
    page = desktop.window.page
    press(Key.Key_G, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), TimeDialog), timeout=SLOW)
    write(time)
    press(Key.Key_Return)
    come_back(desktop, qtbot)
    at = pytest.approx(seconds, abs=0.3)
    qtbot.waitUntil(lambda: page.reel.time == at and page.player.arrived, timeout=SLOW)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, clips: Path) -> None:
    """Let the desktop's own dialog give a folder: it is no part of the window."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(clips))
    monkeypatch.setenv("RETAKE_TEST_SCRIPT", "1")


@pytest.mark.usefixtures("library")
def test_everything_can_be_done_with_keys_alone(empty: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    window, page, panel = empty.window, empty.window.page, empty.window.search
    qtbot.waitUntil(window.isActiveWindow, timeout=SLOW)

    # Add a folder: the first thing on the welcome page has the focus.
    assert focus() is window.welcome.button
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: window.welcome.go.isEnabled() and not window.activity.running, timeout=SLOW)
    tab_to(partial(is_, window.welcome.go))
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: focus() is window.library.grid, timeout=SLOW)

    # Find a moment, and play it.
    press(Key.Key_F, CTRL)
    write("green")
    qtbot.waitUntil(lambda: bool(panel.list.results.rows) and not panel.run.busy, timeout=SLOW)
    press(Key.Key_Down)
    assert focus() is panel.list
    assert panel.list.currentIndex() == panel.list.results.first_moment
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: page.isVisible() and page.player.playing, timeout=SLOW)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: not page.player.playing, timeout=SLOW)

    # Mark a range, and export it.
    go_to(empty, qtbot, "0:11", 11.0)
    press(Key.Key_I)
    go_to(empty, qtbot, "0:14", 14.0)
    press(Key.Key_O)
    assert page.marks.span == pytest.approx((11.0, 14.0), abs=0.3)
    press(Key.Key_X, CTRL | SHIFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), ExportDialog), timeout=SLOW)
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, ExportDialog)
    for box, text in ((dialog.name, "green"), (dialog.folder, str(tmp_path))):
        tab_to(partial(is_, box))
        press(Key.Key_A, CTRL)
        write(text)
    target = dialog.target
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: target.exists() and not window.exports.running, timeout=SLOW)

    # Go back, ask about the library, and follow a citation into one of its videos.
    come_back(empty, qtbot)
    press(Key.Key_Escape)
    assert window.library.isVisible()
    press(Key.Key_E, CTRL)
    write("What is green?")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: bool(window.side.ask.citations), timeout=SLOW)
    qtbot.waitUntil(lambda: bool(window.side.ask.view.views[0].chips), timeout=SLOW)
    chip = tab_to(lambda widget: isinstance(widget, CitationChip) and widget.cited.time == TIME, back=True)
    assert chip.isVisible()
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: page.isVisible() and page.reel.time == TIME and page.player.arrived, timeout=SLOW)
    assert page.video is not None
    assert page.video.path.name == "short.mp4"
