"""The keys of the actions: changed in the preferences, used at once, kept, and never given twice."""

import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QKeySequenceEdit, QWidget
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from retake_desktop.preferences.shortcuts import ShortcutsPage
from retake_desktop.window.actions import SPECS
from retake_desktop.window.key_sheet import KeySheet
from retake_desktop.window.shortcuts import FIXED
from tests.gui.driving import SLOW, Opener, open_video

CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
OF_SEARCH = "which is the key of “Search”; choose another one."


def shortcuts_page(desktop: Desktop) -> ShortcutsPage:
    desktop.preferences.open_page("shortcuts")
    page = desktop.preferences.pages["shortcuts"]
    assert isinstance(page, ShortcutsPage)
    return page


def select(page: ShortcutsPage, name: str) -> None:
    """Find an action as a user does: by typing what it is called, and going down to it."""
    page.box.clear()
    item = page._items[name]
    QTest.keyClicks(page.box, item.text(0))
    assert not item.isHidden()
    page.list.setCurrentItem(item)
    assert page.name == name


def give(
    page: ShortcutsPage, name: str, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, place: int = 0
) -> None:
    select(page, name)
    QTest.keyClick(page.fields[place], key, modifiers)


def shown(page: ShortcutsPage, name: str) -> str:
    return page._items[name].text(1)


def press(desktop: Desktop, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, on: QWidget | None = None) -> None:
    """Press a key in the main window."""
    desktop.preferences.close()
    desktop.window.activateWindow()
    assert QTest.qWaitForWindowActive(desktop.window, SLOW)
    (on or desktop.window.library.grid).setFocus()
    QTest.keyClick(on or desktop.window.library.grid, key, modifiers)


def panel_shown(desktop: Desktop) -> bool:
    return desktop.window.actions_by_name["activity"].isChecked()


def kept(tmp_path: Path) -> object:
    return tomllib.loads((tmp_path / "data" / "settings.toml").read_text("utf-8")).get("shortcuts")


def on_sheet(desktop: Desktop) -> dict[str, str]:
    """Open the sheet of keys by F1, and return what it tells."""
    press(desktop, Qt.Key.Key_F1)
    (sheet,) = [child for child in desktop.window.findChildren(KeySheet) if child.isVisible()]
    told = {row.name.text(): row.keys.text() for group in sheet.groups for row in group.rows}
    sheet.close()
    return told


def test_text_boxes_leave_letters_with_ctrl_to_the_actions(desktop: Desktop) -> None:
    keys = {Qt.Key.Key_E: True, Qt.Key.Key_K: True, Qt.Key.Key_A: False, Qt.Key.Key_V: False}
    for box in (desktop.window.search.box, desktop.window.library.head.name_filter):
        for key, left in keys.items():
            event = QKeyEvent(QEvent.Type.ShortcutOverride, key, CONTROL)
            event.accept()  # as X11's text boxes do with Ctrl+E, the end of the line
            box.event(event)  # not by the application, which would ask the parents next
            assert event.isAccepted() is not left, key


def test_another_key_is_used_at_once_everywhere_and_after_a_restart(
    desktop: Desktop, open_desktop: Opener, tmp_path: Path
) -> None:
    page = shortcuts_page(desktop)
    give(page, "activity", Qt.Key.Key_Y, CONTROL)
    assert shown(page, "activity") == "Ctrl+Y"
    assert kept(tmp_path) == {"activity": ["Ctrl+Y"]}
    press(desktop, Qt.Key.Key_J, CONTROL)
    assert not panel_shown(desktop)
    press(desktop, Qt.Key.Key_Y, CONTROL)
    assert panel_shown(desktop)
    assert on_sheet(desktop)["Activity"] == "Ctrl+Y"
    assert desktop.window.actions_by_name["activity"].toolTip() == "Activity (Ctrl+Y)"
    press(desktop, Qt.Key.Key_Y, CONTROL)
    desktop.close()
    again = open_desktop(tmp_path / "data")
    press(again, Qt.Key.Key_J, CONTROL)
    assert not panel_shown(again)
    press(again, Qt.Key.Key_Y, CONTROL)
    assert panel_shown(again)
    assert shown(shortcuts_page(again), "activity") == "Ctrl+Y"


def test_tips_tell_the_key_that_holds_now(empty: Desktop) -> None:
    page, side = shortcuts_page(empty), empty.window.side
    give(page, "ask", Qt.Key.Key_Y, CONTROL)
    give(page, "send_question", Qt.Key.Key_U, CONTROL)
    assert side.tabs.tabToolTip(1) == "Ask a question (Ctrl+Y)"
    assert side.ask.send_button.toolTip() == "Send the question (Ctrl+U)"


def test_an_action_that_was_found_by_its_key_stays_in_sight_with_another(empty: Desktop) -> None:
    page = shortcuts_page(empty)
    QTest.keyClicks(page.box, "ctrl+j")
    assert {name for name, item in page._items.items() if not item.isHidden()} == {"activity"}
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    QTest.keyClick(page.fields[0], Qt.Key.Key_Y, CONTROL)
    assert (page.name, shown(page, "activity"), page.fields[0].isEnabled()) == ("activity", "Ctrl+Y", True)


def test_a_key_of_the_player_changes_and_a_second_one_stays(desktop: Desktop, qtbot: QtBot) -> None:
    page = shortcuts_page(desktop)
    give(page, "play", Qt.Key.Key_W)
    give(page, "jump_forward", Qt.Key.Key_D)
    assert (shown(page, "play"), shown(page, "jump_forward")) == ("W, K", "D")
    open_video(desktop, qtbot, "short.mp4")
    player, surface = desktop.window.page.player, desktop.window.page.surface
    qtbot.waitUntil(lambda: player.frame_count > 0 and player.arrived, timeout=SLOW)

    def time_after(key: Qt.Key) -> float:
        press(desktop, key, on=surface)
        qtbot.waitUntil(lambda: player.arrived, timeout=SLOW)
        return desktop.window.page.playback.time

    assert time_after(Qt.Key.Key_Right) == pytest.approx(0.0, abs=0.3)
    assert time_after(Qt.Key.Key_D) == pytest.approx(5.0, abs=0.3)
    for key, playing in ((Qt.Key.Key_Space, False), (Qt.Key.Key_W, True), (Qt.Key.Key_K, False)):
        press(desktop, key, on=surface)
        assert player.playing is playing
    desktop.window.page.leave()


def test_a_key_that_is_taken_is_refused_in_one_sentence_and_nothing_is_lost(
    desktop: Desktop, tmp_path: Path
) -> None:
    page = shortcuts_page(desktop)
    give(page, "activity", Qt.Key.Key_F, CONTROL)
    assert page.problem.isVisible()
    assert page.problem.text() == f"“Activity” cannot have Ctrl+F, {OF_SEARCH}"
    assert page.fields[0].keySequence().toString() == "Ctrl+J"
    assert (shown(page, "activity"), shown(page, "search")) == ("Ctrl+J", "Ctrl+F")
    assert not (tmp_path / "data" / "settings.toml").exists()
    press(desktop, Qt.Key.Key_J, CONTROL)
    assert panel_shown(desktop)
    shortcuts_page(desktop)
    give(page, "activity", Qt.Key.Key_Y, CONTROL)
    assert not page.problem.isVisible()


@pytest.mark.parametrize(
    ("key", "modifiers", "other"),
    [
        (Qt.Key.Key_Escape, NONE, "Close, or leave the full screen"),
        (Qt.Key.Key_Return, NONE, "Open what is selected"),
        (Qt.Key.Key_Delete, NONE, "Remove what is selected"),
        (Qt.Key.Key_7, NONE, "Go to that tenth of the video"),
        (Qt.Key.Key_3, NONE, "3 stars"),
        (Qt.Key.Key_Up, NONE, "Move through a list"),
        (Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier, "File"),
    ],
)
def test_keys_that_are_no_actions_are_taken_as_well(
    empty: Desktop, key: Qt.Key, modifiers: Qt.KeyboardModifier, other: str
) -> None:
    page = shortcuts_page(empty)
    give(page, "activity", key, modifiers)
    assert f"is the key of “{other}”" in page.problem.text()
    assert shown(page, "activity") == "Ctrl+J"


def test_a_key_may_mean_two_things_in_two_places(empty: Desktop) -> None:
    page = shortcuts_page(empty)
    give(page, "stars_5", Qt.Key.Key_9)  # of the player, too, which has the focus then
    assert (page.problem.text(), shown(page, "stars_5")) == ("", "9")


def test_the_fixed_keys_are_named_as_qt_names_them_and_clash_with_no_action(empty: Desktop) -> None:
    shortcuts = empty.window.shortcuts
    assert shortcuts.keys == {name: shortcuts.keys[name] for name in SPECS}
    for name, keys in shortcuts.keys.items():
        assert shortcuts.change(name, keys) == ""
    for keys, focus, _ in FIXED:
        taker = "mute" if not focus else {"grid": "stars_1", "page": "jump_back"}[focus]
        assert all(shortcuts.change(taker, (key,)) for key in keys)


def test_one_action_and_all_are_reset(empty: Desktop, tmp_path: Path) -> None:
    page = shortcuts_page(empty)
    assert not page.reset_all.isEnabled()
    give(page, "activity", Qt.Key.Key_Y, CONTROL)
    give(page, "mute", Qt.Key.Key_J, CONTROL)
    give(page, "loop", Qt.Key.Key_U, place=1)
    assert shown(page, "loop") == "R, U"
    select(page, "activity")
    page.reset.click()  # its key is another's now
    assert "is the key of “Mute or unmute”" in page.problem.text()
    assert shown(page, "activity") == "Ctrl+Y"
    select(page, "mute")
    page.reset.click()
    assert (shown(page, "mute"), page.problem.isVisible(), page.reset.isEnabled()) == ("M", False, False)
    assert kept(tmp_path) == {"activity": ["Ctrl+Y"], "loop": ["R", "U"]}
    page.reset_all.click()
    assert (shown(page, "activity"), shown(page, "loop")) == ("Ctrl+J", "R")
    assert kept(tmp_path) is None
    press(empty, Qt.Key.Key_J, CONTROL)
    assert panel_shown(empty)


def test_an_action_may_have_no_key(desktop: Desktop, open_desktop: Opener, tmp_path: Path) -> None:
    page = shortcuts_page(desktop)
    select(page, "activity")
    page.clear.click()
    assert (shown(page, "activity"), kept(tmp_path)) == ("", {"activity": []})
    press(desktop, Qt.Key.Key_J, CONTROL)
    assert not panel_shown(desktop)
    assert "Activity" not in on_sheet(desktop)
    desktop.close()
    assert shown(shortcuts_page(open_desktop(tmp_path / "data")), "activity") == ""


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('fly = ["U"]', "The settings give keys to “fly”, which is no action."),
        ('mute = ["Strg+U"]', "The settings give “mute” keys that there are not: ['Strg+U']."),
        ("mute = 3", "The settings give “mute” keys that there are not: 3."),
        ('mute = ["Ctrl+K, Ctrl+U"]', "The settings give “mute” keys that there are not: ['Ctrl+K, Ctrl+U']."),
        (
            'mute = ["Ctrl+F"]',
            f"“Mute or unmute” cannot have Ctrl+F, {OF_SEARCH}",
        ),
    ],
)
def test_a_wrong_entry_is_told_and_the_others_hold(
    open_desktop: Opener, tmp_path: Path, entry: str, told: str
) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "settings.toml"
    file.write_text(f'theme = "dark"\n[shortcuts]\n{entry}\nactivity = "ctrl+y"\n', "utf-8")
    desktop = open_desktop(tmp_path / "data")
    assert desktop.window.notice.isVisible()
    assert told in desktop.window.notice.text.text()
    assert desktop.store.settings.theme == "dark"
    page = shortcuts_page(desktop)
    assert page.problem.text() == told
    assert (shown(page, "mute"), shown(page, "activity")) == ("M", "Ctrl+Y")
    give(page, "loop", Qt.Key.Key_U)
    assert entry in file.read_text("utf-8")  # what cannot be used is the user's to mend
    page.reset_all.click()
    assert (page.problem.isVisible(), kept(tmp_path)) == (False, None)


def test_two_actions_may_swap_their_keys_in_the_settings(open_desktop: Opener, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text('[shortcuts]\nmute = "P"\nplay_range = "M"\n', "utf-8")
    shortcuts = open_desktop(tmp_path / "data").window.shortcuts
    assert (shortcuts.keys["mute"], shortcuts.keys["play_range"], shortcuts.problem) == (("P",), ("M",), "")


def test_the_page_is_used_by_the_keyboard_alone(empty: Desktop, qtbot: QtBot) -> None:
    page = shortcuts_page(empty)

    def key(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifiers)

    qtbot.waitUntil(empty.preferences.list.hasFocus)
    key(Qt.Key.Key_Tab)
    assert page.box.hasFocus()
    for letter in (Qt.Key.Key_M, Qt.Key.Key_U, Qt.Key.Key_T, Qt.Key.Key_E):
        QTest.keyClick(page.box, letter)
    key(Qt.Key.Key_Tab)
    assert page.list.hasFocus()
    key(Qt.Key.Key_Down)
    assert page.name == "mute"
    key(Qt.Key.Key_Return)
    assert page.fields[0].hasFocus()
    key(Qt.Key.Key_U, CONTROL)
    assert shown(page, "mute") == "Ctrl+U"
    key(Qt.Key.Key_Tab)
    assert page.fields[1].hasFocus()
    key(Qt.Key.Key_Tab)
    assert page.clear.hasFocus()
    key(Qt.Key.Key_Tab)
    assert page.reset.hasFocus()
    key(Qt.Key.Key_Space)
    assert shown(page, "mute") == "M"
    for widget in (page.box, page.list, *page.fields, page.clear, page.reset, page.reset_all):
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    assert all(isinstance(field, QKeySequenceEdit) for field in page.fields)
