"""The preferences: every control shows its setting and writes it, at once."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from retake_core.settings import change_settings, load_settings
from retake_desktop.app import REOPEN, Desktop
from retake_desktop.common.theme import theme
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.preferences.appearance_page import AppearancePage
from retake_desktop.preferences.dialog import PAGES
from retake_desktop.preferences.folders import FoldersPage
from retake_desktop.preferences.indexing import IndexingPage
from retake_desktop.startup.appearance import Appearance, language_of
from tests.gui.driving import Opener
from tests.support.fake_faces import INSTALLED

SLOW = 60_000  # milliseconds: a machine under load


@pytest.fixture
def yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.Yes.value)


def page(desktop: Desktop, name: str) -> Any:
    desktop.preferences.open_page(name)
    return desktop.preferences.pages[name]


def control(desktop: Desktop, where: str) -> Any:
    name, _, attribute = where.partition(".")
    return getattr(desktop.preferences.pages[name], attribute)


def put(widget: QWidget, value: Any) -> None:
    """Set a control as its user does."""
    match widget:
        case QCheckBox():
            widget.click()
            assert widget.isChecked() is value
        case QComboBox():
            widget.setCurrentIndex(widget.findData(value))
        case QDoubleSpinBox():
            widget.setValue(value)
        case QLineEdit():
            widget.setText(value)
            widget.editingFinished.emit()


def shown(widget: QWidget) -> Any:
    match widget:
        case QCheckBox():
            return widget.isChecked()
        case QComboBox():
            return widget.currentData()
        case QDoubleSpinBox():
            return widget.value()
        case QLineEdit():
            return widget.text()


CONTROLS = [
    ("indexing.sampling_rate", "sampling_rate", 4.0, 1.0),
    ("indexing.keyframe_spacing", "keyframe_spacing", 5.0, 1.5),
    ("indexing.keyframe_gap", "keyframe_gap", 60.0, 10.0),
    ("indexing.thorough", "thorough", True, False),
    ("indexing.screen_text", "screen_text", False, True),
    ("describing.describe", "describe", True, False),
    ("people.faces", "faces", True, False),
    ("background.share", "processor_share", 50, 25),
    ("background.decoding", "hardware_decoding", "off", "videotoolbox"),
    ("background.when_idle", "index_when_idle", True, False),
    ("background.on_mains", "index_on_mains", True, False),
    ("background.notifications", "notifications", False, True),
    ("memories.quota", "memory_quota_gb", 5.5, 30.0),
    ("memories.precision", "memory_precision", "4bit", "full"),
    ("appearance.theme", "theme", "light", "dark"),
    ("appearance.language", "language", "zh_CN", "en"),
    ("appearance.text_size", "text_size", 1.15, 0.9),
    ("models.precision", "precision", "4bit", "full"),
    ("models.offline", "offline", True, False),
    ("models.endpoint", "hub_endpoint", "https://mirror.example", "https://other.example"),
    ("models.proxy", "proxy", "http://localhost:3128", "http://proxy:8080"),
    ("models.language", "speech_language", "de", "la"),
]


def test_every_control_writes_its_setting_and_shows_what_another_wrote(
    empty: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retake_desktop.preferences.people.find_face_model", lambda _: INSTALLED)
    path = tmp_path / "data" / "settings.toml"
    chosen = {"encoder", "model", "speech", "leave_out", "index_hours", "shortcuts"}  # by several controls
    chosen |= {"face_model", "describe_folders", "sentences"}  # in the file, in a list, and among the models
    chosen |= {"cluster_address"}  # by a switch and a field; see test_computers_page
    empty.store.change(model=str(tmp_path))  # without one, nothing can be described
    monkeypatch.setattr(empty.window.activity, "index", lambda *_: None)
    assert {name for _, name, *_ in CONTROLS} == set(empty.store.settings.__struct_fields__) - chosen
    for where, name, value, other in CONTROLS:
        widget = control(empty, where)
        put(widget, value)
        assert getattr(load_settings(path), name) == value
        change_settings(path, **{name: other})
        empty.store.reload()
        assert shown(widget) == other


def test_an_address_gets_what_it_lacks_and_nonsense_is_told(empty: Desktop) -> None:
    box = control(empty, "models.proxy")
    put(box, "localhost:3128/")
    assert empty.store.settings.proxy == "http://localhost:3128"
    assert box.text() == "http://localhost:3128"
    page(empty, "models")
    put(box, "ftp://nowhere")
    assert empty.store.settings.proxy == "http://localhost:3128"
    assert box.text() == "http://localhost:3128"
    assert empty.preferences.problem.isVisible()
    put(box, "")
    assert empty.store.settings.proxy is None


def test_a_file_that_cannot_be_used_is_told_and_left_alone(open_desktop: Opener, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "settings.toml"
    path.write_text("sampling_rate = what")
    desktop = open_desktop(tmp_path / "data")
    indexing = page(desktop, "indexing")
    assert desktop.preferences.problem.isVisible()
    assert str(path) in desktop.preferences.problem.text()
    indexing.sampling_rate.setValue(4)
    assert indexing.sampling_rate.value() == 2.0
    assert path.read_text() == "sampling_rate = what"


def test_the_theme_follows_its_setting_and_the_desktop_at_once(empty: Desktop, qapp: QApplication) -> None:
    action = empty.window.actions_by_name["dark"]
    for wanted in ("dark", "light", "dark"):
        empty.store.change(theme=wanted)
        assert theme.is_dark is action.isChecked() is (wanted == "dark")
    schemes = qapp.styleHints().colorSchemeChanged
    schemes.emit(Qt.ColorScheme.Light)
    assert theme.is_dark
    empty.store.change(theme="system")
    for scheme in (Qt.ColorScheme.Light, Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
        schemes.emit(scheme)
        assert theme.is_dark is action.isChecked() is (scheme is Qt.ColorScheme.Dark)
    assert control(empty, "appearance.theme").currentData() == "system"
    action.trigger()
    assert control(empty, "appearance.theme").currentData() == "dark"


def test_the_app_speaks_chinese_when_it_shall(open_desktop: Opener, tmp_path: Path) -> None:
    root = tmp_path / "data"
    root.mkdir()
    change_settings(root / "settings.toml", language="zh_CN")
    window = open_desktop(root).window
    assert window.welcome.button.text() == "添加文件夹…"
    assert window.actions_by_name["preferences"].text() == "首选项(&P)…"
    assert window.folders.add.text() == "添加文件夹…"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"  # Qt's own texts
    assert QLocale().language() == QLocale.Language.Chinese


def test_the_app_speaks_english_again(open_desktop: Opener, tmp_path: Path) -> None:
    texts = []
    for language in ("zh_CN", "en"):
        root = tmp_path / language
        root.mkdir()
        change_settings(root / "settings.toml", language=language)
        desktop = open_desktop(root)
        texts.append(desktop.window.welcome.button.text())
        desktop.appearance.close()
    assert texts == ["添加文件夹…", "Add a folder…"]


def test_what_holds_from_the_next_start_offers_to_restart(
    empty: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    exits: list[int] = []
    monkeypatch.setattr(QCoreApplication, "exit", exits.append)
    appearance: AppearancePage = page(empty, "appearance")
    assert not appearance.restart.isVisible()
    put(appearance.language, "zh_CN")
    qtbot.waitUntil(appearance.restart.isVisible)
    put(appearance.language, "system")
    assert not appearance.restart.isVisible()
    put(appearance.text_size, 1.3)
    monkeypatch.setattr(empty.window.side.ask.asker, "running", object())
    monkeypatch.setattr(QMessageBox, "exec", lambda _: QMessageBox.StandardButton.No.value)
    appearance.restart.click()
    assert exits == []  # a question is being answered
    monkeypatch.setattr(empty.window.side.ask.asker, "running", None)
    appearance.restart.click()
    assert exits == [REOPEN]


def test_the_language_follows_the_desktop() -> None:
    assert language_of("zh_CN") == "zh_CN"
    assert QLocale(language_of("en")).language() == QLocale.Language.English
    assert QLocale(language_of("system")).language() in (QLocale.Language.English, QLocale.Language.Chinese)


def test_the_bundled_font_is_used_in_the_size_of_the_setting(qapp: QApplication, tmp_path: Path) -> None:
    sizes = []
    for size in (1.0, 1.3):
        change_settings(tmp_path / "settings.toml", text_size=size)
        appearance = Appearance(qapp, SettingsStore(tmp_path / "settings.toml"))
        assert QFontInfo(qapp.font()).family() == "Inter"
        sizes.append(qapp.font().pointSizeF())
        appearance.close()
    assert sizes[1] == pytest.approx(1.3 * sizes[0])


def test_ctrl_comma_opens_it_and_arrows_reach_every_page(empty: Desktop, qtbot: QtBot) -> None:
    preferences = empty.preferences
    assert not preferences.isVisible()
    assert empty.window.actions_by_name["preferences"].shortcut().toString() == "Ctrl+,"
    empty.window.actions_by_name["preferences"].trigger()
    qtbot.waitUntil(preferences.isVisible)
    seen = []
    for _ in preferences.pages:
        seen.append(preferences.stack.currentWidget())
        QTest.keyClick(preferences.list, Qt.Key.Key_Down)
    assert seen == list(preferences.pages.values())
    preferences.close()
    empty.window.actions_by_name["preferences_models"].trigger()
    assert preferences.stack.currentWidget() is preferences.pages["models"]
    qtbot.waitUntil(preferences.isActiveWindow)
    QTest.keyClick(preferences.list, Qt.Key.Key_Escape)
    assert not preferences.isVisible()


@pytest.mark.usefixtures("yes")
def test_folders_are_listed_and_removed(desktop: Desktop, qtbot: QtBot, clips: Path) -> None:
    folders: FoldersPage = page(desktop, "folders")
    qtbot.waitUntil(lambda: folders.list.count() == 1, timeout=SLOW)
    assert not folders.remove.isEnabled()
    folders.list.setCurrentRow(0)
    assert folders.folder == clips
    assert "4 videos" in folders.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    folders.remove.click()
    qtbot.waitUntil(lambda: folders.list.count() == 0, timeout=SLOW)
    assert clips.exists()


def test_what_is_left_out_is_edited_and_holds_at_once(
    desktop: Desktop, qtbot: QtBot, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: FoldersPage = page(desktop, "folders")
    box = folders.left_out

    def names() -> set[str]:
        return {row.entry.path.name for row in desktop.window.library.contents.shown}

    def patterns() -> tuple[str, ...]:
        return desktop.store.settings.leave_out

    qtbot.waitUntil(lambda: "short.mp4" in names(), timeout=SLOW)
    everything = names()
    QTest.mouseClick(box.pattern, Qt.MouseButton.LeftButton)
    QTest.keyClicks(box.pattern, "!")
    QTest.keyClick(box.pattern, Qt.Key.Key_Return)
    assert "not a pattern" in box.problem.text()
    box.pattern.clear()
    QTest.keyClicks(box.pattern, "short.*")
    QTest.mouseClick(box.add, Qt.MouseButton.LeftButton)
    assert not box.problem.isVisible()
    assert patterns() == ("short.*",)
    qtbot.waitUntil(lambda: names() == everything - {"short.mp4"}, timeout=SLOW)
    assert any("left out" in entry.title for entry in desktop.window.activity.entries)
    for chosen in (clips.parent, clips):
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, chosen=chosen: str(chosen))
        box.choose.click()
        assert "inside one of the library" in box.problem.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(clips / "sub"))
    box.choose.click()
    assert patterns() == ("short.*", f"{clips}/sub/")
    box.list.setCurrentRow(0)
    QTest.mouseClick(box.remove, Qt.MouseButton.LeftButton)
    first = box.list.visualItemRect(box.list.item(0)).center()
    QTest.mouseClick(box.list.viewport(), Qt.MouseButton.LeftButton, pos=first)
    QTest.keyClick(box.list, Qt.Key.Key_Delete)
    assert patterns() == ()
    assert box.list.count() == 0
    qtbot.waitUntil(lambda: names() == everything, timeout=SLOW)
    qtbot.waitUntil(lambda: not desktop.window.activity.running, timeout=SLOW)


def test_the_welcome_page_leads_in_three_steps(empty: Desktop, qtbot: QtBot, clips: Path) -> None:
    window, welcome = empty.window, empty.window.welcome
    window.actions_by_name["add_folder"].triggered.disconnect()
    window.actions_by_name["add_folder"].triggered.connect(lambda: window.library_actions.add([clips]))
    assert window.outer.currentWidget() is welcome
    assert not welcome.go.isEnabled()
    welcome.button.click()
    qtbot.waitUntil(lambda: not window.activity.running and welcome.go.isEnabled(), timeout=SLOW)
    assert window.outer.currentWidget() is welcome
    assert "4 videos" in welcome.steps[0].detail.text()
    welcome.models.click()
    assert empty.preferences.stack.currentWidget() is empty.preferences.pages["models"]
    empty.preferences.close()
    welcome.go.click()
    qtbot.waitUntil(lambda: window.outer.currentWidget() is not welcome)


def test_the_welcome_page_can_be_skipped(empty: Desktop, qtbot: QtBot) -> None:
    window = empty.window
    window.welcome.skip.click()
    qtbot.waitUntil(lambda: window.outer.currentWidget() is not window.welcome)


def test_another_encoder_begins_a_run(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Any] = []
    monkeypatch.setattr(desktop.window.activity, "index", lambda *folders: runs.append(folders))
    desktop.store.change(theme="dark")
    assert runs == []
    desktop.store.change(encoder="siglip")
    assert runs == [()]


Maker = Callable[[SettingsStore], Any]


@pytest.mark.parametrize("make", [IndexingPage, AppearancePage])
def test_a_value_that_cannot_be_written_is_taken_back(
    make: Maker, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SettingsStore(tmp_path / "settings.toml")
    made = make(store)
    qtbot.addWidget(made)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    widget = made.sampling_rate if isinstance(made, IndexingPage) else made.theme
    before = shown(widget)
    with qtbot.waitSignal(store.failed) as failure:
        put(widget, 9.0 if isinstance(made, IndexingPage) else "dark")
    assert "No space left" in failure.args[0]
    assert shown(widget) == before


class OpenedWindows(QObject):
    """Notes every widget that comes on screen as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Note it, and let the event pass."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.kinds.append(type(watched).__name__)
        return False


def test_no_part_of_the_preferences_flashes_up_as_a_window(empty: Desktop, qapp: QApplication) -> None:
    opened = OpenedWindows()
    qapp.installEventFilter(opened)
    for name in empty.preferences.pages:
        empty.preferences.open_page(name)
    qapp.removeEventFilter(opened)
    assert set(opened.kinds) == {"Preferences"}


def test_a_page_is_made_when_it_is_shown(empty: Desktop) -> None:
    preferences = empty.preferences
    empty.window.actions_by_name["preferences"].trigger()
    assert preferences.stack.count() == 1
    empty.window.actions_by_name["preferences_models"].trigger()
    assert preferences.stack.count() == 2
    preferences.close()


def test_the_list_names_each_page_as_it_names_itself(empty: Desktop) -> None:
    preferences = empty.preferences
    for row, (name, page) in enumerate(preferences.pages.items()):
        assert preferences.list.item(row).text() == page.title
        assert type(page).__name__ == PAGES[name][0]  # where its title is translated
