from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from pytestqt.qtbot import QtBot

from retake_desktop.app import Desktop
from retake_desktop.common.theme import DARK, LIGHT, Colours
from retake_desktop.startup.crash import CrashDialog
from retake_desktop.window.actions import MENUS
from tests.gui.driving import SLOW, open_video


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [DARK, LIGHT])
def test_text_can_be_read(colours: Colours) -> None:
    for text in (colours.text, colours.muted, colours.danger):
        for ground in (colours.window, colours.panel, colours.raised):
            assert contrast(text, ground) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5


def test_every_action_is_in_a_menu_and_says_what_it_does(empty: Desktop) -> None:
    window = empty.window
    in_menus: set[QAction] = set()
    for top in window.menuBar().actions():
        menu = top.menu()
        assert isinstance(menu, QMenu)
        assert "&" in top.text()  # Alt and a letter open it
        in_menus |= set(menu.actions())
    assert set(window.actions_by_name.values()) <= in_menus
    for action in window.actions_by_name.values():
        assert action.text()
        assert action.toolTip()
    assert len(window.actions_by_name) == sum(spec is not None for _, specs in MENUS for spec in specs)


def test_no_key_means_two_things(empty: Desktop) -> None:
    keys = [key.toString() for a in empty.window.actions_by_name.values() for key in a.shortcuts()]
    assert len(keys) == len(set(keys))
    assert not any(QKeySequence(key).isEmpty() for key in keys)


def test_everything_that_takes_the_focus_has_a_name(desktop: Desktop) -> None:
    nameless = []
    inner = ("QComboBox", "QLineEdit", "QComboBoxPrivateContainer")
    for widget in desktop.window.findChildren(QWidget):
        parent = widget.parentWidget()
        inside = parent is not None and parent.metaObject().className() in inner
        is_part = widget.objectName().startswith("qt_") or inside
        takes_focus = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        if takes_focus and not is_part and not (widget.accessibleName() or text):
            nameless.append((widget.metaObject().className(), widget.objectName()))
    known = {"QSplitter", "QStackedWidget", "QMenuBar", "QToolBarExtension"}
    assert [n for n in nameless if n[0] not in known] == []


def test_the_player_tells_a_screen_reader_what_it_is_and_how_it_stands(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    page = desktop.window.page
    page.show_time(7.0)
    page.marks.mark_start(7.0)
    qtbot.waitUntil(lambda: page.player.arrived, timeout=SLOW)
    told: dict[str, QAccessibleInterface] = {}
    nameless = []
    for widget in page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            interface = QAccessible.queryAccessibleInterface(widget)
            name = interface.text(QAccessible.Text.Name)
            told[name] = interface
            if not name:
                nameless.append(widget)
    assert nameless == []
    for name, description in {
        "Timeline": "0:07 of 0:30",
        "Start of the range": "0:07.00",
        "End of the range": "0:30.00",
        "Volume": "Volume",
    }.items():
        assert told[name].role() == QAccessible.Role.Slider
        assert told[name].text(QAccessible.Text.Description) == description
    assert told["Timeline"].valueInterface().currentValue() == 7
    assert told["Timeline"].valueInterface().maximumValue() == 30
    assert told["Time"].text(QAccessible.Text.Description) == "0:07 / 0:30"
    assert told["Speed"].text(QAccessible.Text.Description) == "1×"
    assert told["Mute or unmute"].text(QAccessible.Text.Description) == "Sound is on"
    assert "Play" in told
    page.playback.toggle()
    play = page.controls.findChildren(QAbstractButton)
    assert "Pause" in {button.accessibleName() for button in play}
    page.leave()


def test_the_filmstrip_is_a_list_of_keyframes(desktop: Desktop, qtbot: QtBot) -> None:
    open_video(desktop, qtbot, "short.mp4")
    page = desktop.window.page
    qtbot.waitUntil(lambda: len(page.filmstrip.shown) == 3, timeout=SLOW)
    strip = QAccessible.queryAccessibleInterface(page.filmstrip)
    assert strip.role() == QAccessible.Role.List
    items = [strip.child(i) for i in range(strip.childCount())]
    items = [item for item in items if item.role() == QAccessible.Role.ListItem]
    names = [item.text(QAccessible.Text.Name) for item in items]
    assert [name.split(",")[0] for name in names] == ["Keyframe at 0:00", "Keyframe at 0:10", "Keyframe at 0:20"]
    assert all(name.split(" ")[-1] in ("high", "middle", "low") for name in names)
    assert items[1].rect().topLeft() == page.filmstrip.mapToGlobal(
        page.filmstrip.cell(1).toAlignedRect().topLeft()
    )

    def selected() -> list[bool]:
        return [bool(item.state().selected) for item in items]

    page.show_time(12.0)
    qtbot.waitUntil(lambda: selected() == [False, True, False], timeout=SLOW)
    page.filmstrip.setFocus()
    QTest.keyClick(page.filmstrip, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: selected() == [False, False, True], timeout=SLOW)
    page.filmstrip.setCurrentIndex(page.filmstrip.model().index(0, 0))  # as a screen reader does
    qtbot.waitUntil(lambda: page.playback.time == pytest.approx(0.0, abs=0.2), timeout=SLOW)
    page.leave()


def test_the_side_panel_has_tabs_that_arrow_keys_change(empty: Desktop, qtbot: QtBot) -> None:
    side = empty.window.side
    tabs = QAccessible.queryAccessibleInterface(side.tabs)

    def told() -> list[tuple[str, bool]]:
        children = [tabs.child(i) for i in range(tabs.childCount())]
        return [
            (child.text(QAccessible.Text.Name), bool(child.state().selected))
            for child in children
            if child.role() == QAccessible.Role.PageTab
        ]

    assert tabs.role() == QAccessible.Role.PageTabList
    assert told() == [("Search", True), ("Ask", False), ("Transcript", False)]
    side.tabs.setFocus()
    QTest.keyClick(side.tabs, Qt.Key.Key_Right)
    assert told() == [("Search", False), ("Ask", True), ("Transcript", False)]
    assert side.ask.isVisibleTo(side)
    assert side.tabs.hasFocus()  # so that the next arrow goes on from there
    QTest.mouseClick(side.tabs, Qt.MouseButton.LeftButton, pos=side.tabs.tabRect(0).center())
    assert side.search.isVisibleTo(side)
    qtbot.waitUntil(lambda: side.search.isAncestorOf(empty.window.focusWidget()))


def test_the_crash_dialog_offers_what_helps(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = CrashDialog("ValueError: it broke", tmp_path / "retake.log")
    qtbot.addWidget(dialog)
    texts = {button.text().replace("&", "") for button in dialog.findChildren(QAbstractButton)}
    assert {"Copy details", "Open the log", "Go on"} <= texts
