"""The lines that narrow a list, with keys alone."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from tests.gui.driving import SLOW, entry, names
from tests.gui.pictures import pixels

Key = Qt.Key


def narrow(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    view.head.name_filter.setFocus()
    QTest.keyClicks(view.head.name_filter, "short")
    qtbot.waitUntil(lambda: names(desktop) == ["short.mp4"], timeout=SLOW)


def test_down_and_enter_lead_from_the_filter_by_name_to_a_video(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    narrow(desktop, qtbot)
    for key in (Key.Key_Down, Key.Key_Return):
        view.head.name_filter.setFocus()
        view.grid.clearSelection()
        view.grid.setCurrentIndex(view.model.index(-1))
        QTest.keyClick(view.head.name_filter, key)
        assert QApplication.focusWidget() is view.grid
        assert [video.id for video in view.selected] == [entry(desktop, "short.mp4").id]


def test_escape_empties_the_filter_by_name(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    narrow(desktop, qtbot)
    window = desktop.window.windowHandle()
    assert window is not None
    QTest.keyClick(window, Key.Key_Escape)  # as the desktop tells of it, past the window's own Escape
    qtbot.waitUntil(lambda: len(names(desktop)) == 4, timeout=SLOW)
    assert QApplication.focusWidget() is view.head.name_filter


def test_a_filter_that_matches_nothing_keeps_the_focus(desktop: Desktop, qtbot: QtBot) -> None:
    view = desktop.window.library
    view.head.name_filter.setFocus()
    QTest.keyClicks(view.head.name_filter, "nothing like it")
    qtbot.waitUntil(view.clear.isVisible, timeout=SLOW)
    QTest.keyClick(view.head.name_filter, Key.Key_Down)
    assert QApplication.focusWidget() is view.head.name_filter


def test_a_card_with_the_focus_is_seen_though_it_is_not_selected(desktop: Desktop) -> None:
    grid = desktop.window.library.grid
    grid.clearSelection()
    grid.clearFocus()
    before = pixels(grid.viewport().grab().toImage())
    grid.setFocus(Qt.FocusReason.TabFocusReason)  # Qt makes the first row the current one, and does not select it
    assert grid.currentIndex().isValid()
    assert not desktop.window.library.selected
    assert np.any(before != pixels(grid.viewport().grab().toImage()))
