"""What a person sees at a glance: text that fits, icons in step with it, choices that do something."""

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QStyle,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from retake_core.settings import change_settings
from retake_desktop.app import Desktop
from retake_desktop.common import wording
from retake_desktop.common.engine_sentences import translated
from retake_desktop.common.theme import DARK, LIGHT, scaled_font
from retake_desktop.library.card import PADDING, facts_height, title_height
from retake_desktop.preferences.model_row import ModelRow
from retake_desktop.window.key_sheet import KeySheet
from tests.gui.driving import SLOW, Opener, names, open_video, search, select_video


@pytest.fixture
def chinese(open_desktop: Opener, indexed: Path, tmp_path: Path) -> Desktop:
    """Return the window in Chinese, with text half as large again."""
    shutil.copytree(indexed, tmp_path / "data")
    change_settings(tmp_path / "data" / "settings.toml", language="zh_CN", text_size=1.5)
    return open_desktop(tmp_path / "data")


def test_cards_and_icons_grow_with_the_text(chinese: Desktop) -> None:
    window = chinese.window
    grid = window.library.grid
    assert names(chinese)
    card = window.library.delegate.size.width() - 2 * PADDING
    facts = "  ·  ".join([wording.day(window.library.model.items[0].date), wording.keyframes(10)])
    small, bold = scaled_font(grid.font(), 0.9), scaled_font(grid.font(), 1.0, bold=True)
    assert QFontMetrics(small).horizontalAdvance(facts) <= card, "it is cut off"
    assert QFontMetrics(bold).height() <= title_height()
    assert QFontMetrics(small).height() <= facts_height()
    for widget in (*window.menuBar().findChildren(QMenu), *window.library.selection.findChildren(QToolButton)):
        side = widget.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, widget)
        assert side == 24, widget


def test_what_the_engine_says_of_its_own_model_is_translated(chinese: Desktop) -> None:
    assert chinese.appearance.language == "zh_CN"
    assert translated("The demo model knows only clips of coloured shapes.").startswith("演示模型")
    assert wording.sentences(["一。", "二。"]) == "一。二。"


def test_the_built_in_model_has_a_translated_name(chinese: Desktop, qtbot: QtBot) -> None:
    chinese.preferences.open_page("models")
    qtbot.waitUntil(lambda: bool(chinese.preferences.findChildren(ModelRow)), timeout=SLOW)
    rows = chinese.preferences.findChildren(ModelRow)
    labels = {label.text() for row in rows for label in row.findChildren(QLabel)}
    assert "内置" in labels
    assert "Built-in" not in labels


def test_buttons_of_dialogs_carry_no_icons(desktop: Desktop) -> None:
    box = QMessageBox(QMessageBox.Icon.Question, "Question", "Really?", parent=desktop.window)
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
    row = QDialogButtonBox(
        QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, desktop.window
    )
    row.show()
    box.show()
    buttons = [*box.findChildren(QPushButton), *row.findChildren(QPushButton)]
    assert len(buttons) == 4
    assert all(button.icon().isNull() for button in buttons)
    box.close()


def test_whatever_is_on_screen_changes_with_the_theme(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    desktop.preferences.open_page("appearance")
    window.search.box.setFocus()
    QTest.keyClicks(window.search.box, "tag")
    qtbot.waitUntil(lambda: window.search.box.suggesting, timeout=SLOW)
    for wanted, colours in (("light", LIGHT), ("dark", DARK)):
        desktop.store.change(theme=wanted)
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        assert len(shown) >= 3  # the window, its preferences and the suggestions
        sheets = [widget.styleSheet() for widget in shown if widget.parent() is None]
        assert all(colours.accent in sheet for sheet in sheets), sheets
        assert desktop.preferences.palette().window().color().name() == colours.window


def test_undo_is_offered_only_while_there_is_something_to_undo(desktop: Desktop, qtbot: QtBot) -> None:
    actions = desktop.window.actions_by_name
    assert not actions["undo"].isEnabled()
    select_video(desktop, "many.mp4")
    actions["remove_video"].trigger()
    assert actions["undo"].isEnabled()
    QTest.keySequence(desktop.window, "Ctrl+Z")
    assert not actions["undo"].isEnabled()
    qtbot.waitUntil(lambda: "many.mp4" in names(desktop), timeout=SLOW)


def test_filters_offer_folders_though_nobody_has_clicked_the_box(
    desktop: Desktop, clips: Path, qtbot: QtBot
) -> None:
    filters = desktop.window.search.filters
    assert not filters.folders.isEnabled()
    filters.popup(desktop.window.mapToGlobal(QPoint(400, 100)))
    qtbot.waitUntil(filters.folders.isEnabled, timeout=SLOW)
    assert [action.text() for action in filters.folders.actions()] == [clips.name]
    filters.close()


def test_keys_of_what_the_welcome_page_covers_leave_the_focus_on_it(empty: Desktop, qtbot: QtBot) -> None:
    window = empty.window
    qtbot.waitUntil(window.isActiveWindow, timeout=SLOW)
    assert window.welcome.button.hasFocus()
    for keys in ("Ctrl+F", "Ctrl+K", "Ctrl+E", "Ctrl+T", "Ctrl+B", "Ctrl+Shift+B"):
        QTest.keySequence(window, keys)
        assert window.welcome.button.hasFocus(), keys
    window.welcome.skip.click()
    qtbot.waitUntil(window.splitter.isVisible, timeout=SLOW)
    QTest.keySequence(window, "Ctrl+F")
    assert window.search.box.hasFocus()


def test_what_was_found_is_in_the_filmstrip(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "many.mp4")
    page = desktop.window.page
    before = {entry.time for entry in page.filmstrip.shown}
    assert len(before) < len(page.reel.keyframes)
    search(desktop, qtbot, "yellow")
    qtbot.waitUntil(lambda: bool(page.reel.hits), timeout=SLOW)
    shown = {entry.time for entry in page.filmstrip.shown}
    assert page.reel.marked
    assert not page.reel.marked <= before
    assert page.reel.marked <= shown


@pytest.mark.usefixtures("slowly")
def test_one_video_is_counted_as_one(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.window
    select_video(desktop, "many.mp4")
    window.actions_by_name["reindex"].trigger()
    qtbot.waitUntil(lambda: " of 1 video" in window.status.text.text(), timeout=SLOW)
    assert "videos" not in window.status.text.text()
    window.activity.stop()
    qtbot.waitUntil(lambda: not window.activity.running, timeout=SLOW)


def test_the_groups_of_the_key_sheet_stand_close_together(desktop: Desktop) -> None:
    window = desktop.window
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(KeySheet)
    assert sheet is not None
    left = [group for group in sheet.groups if group.x() == 0]
    for above, below in pairwise(left):
        assert below.y() == above.y() + above.height()
    sheet.close()
