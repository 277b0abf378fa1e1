"""When indexing waits: for mains power, for the night, until nobody uses the computer."""

from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from retake_core.data_dir import DataDir
from retake_core.settings import change_settings
from retake_desktop.app import Desktop
from retake_desktop.indexing import conditions
from retake_desktop.indexing.conditions import is_within, parse_hours
from retake_desktop.indexing.idle_time import IdleTime
from retake_desktop.preferences.background import BackgroundPage
from tests.gui.driving import SLOW, Opener, entry, wait_for_indexing


class Computer:
    """What the computer tells of itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plugged: bool | None = None  # no battery
        self.idle: float | None = None
        monkeypatch.setattr(conditions, "LOOK_MS", 20)
        monkeypatch.setattr(psutil, "sensors_battery", self._battery)
        monkeypatch.setattr(IdleTime, "ask", lambda asked: asked.told.emit(self.idle))

    def _battery(self) -> SimpleNamespace | None:
        return None if self.plugged is None else SimpleNamespace(power_plugged=self.plugged)


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Computer:
    return Computer(monkeypatch)


def opened(open_desktop: Opener, root: Path, **settings: object) -> Desktop:
    data_dir = DataDir(root)
    data_dir.create()
    change_settings(data_dir.settings, **settings)
    return open_desktop(root)


def background(desktop: Desktop) -> BackgroundPage:
    desktop.preferences.open_page("background")
    page = desktop.preferences.pages["background"]
    assert isinstance(page, BackgroundPage)
    return page


def waits_for(desktop: Desktop, sentence: str) -> bool:
    window = desktop.window
    return window.activity.running and window.status.text.text() == sentence and window.status.now.isVisible()


def test_indexing_waits_for_mains_power(
    open_desktop: Opener, qtbot: QtBot, clips: Path, tmp_path: Path, computer: Computer
) -> None:
    computer.plugged = False
    desktop = opened(open_desktop, tmp_path / "data", index_on_mains=True)
    desktop.window.library_actions.add([clips])
    qtbot.waitUntil(lambda: waits_for(desktop, "Indexing waits for mains power"), timeout=SLOW)
    with qtbot.assertNotEmitted(desktop.window.activity.library_changed, wait=300):
        pass
    computer.plugged = True
    wait_for_indexing(desktop, qtbot)
    assert entry(desktop, "many.mp4").state == "refined"
    assert not desktop.window.status.now.isVisible()


def test_index_now_lets_the_run_that_waits_go_on_and_only_that(
    open_desktop: Opener, qtbot: QtBot, clips: Path, tmp_path: Path, computer: Computer
) -> None:
    computer.idle = 3.0
    desktop = opened(open_desktop, tmp_path / "data", index_when_idle=True)
    desktop.window.library_actions.add([clips])
    sentence = "Indexing waits until nobody uses the computer"
    qtbot.waitUntil(lambda: waits_for(desktop, sentence), timeout=SLOW)
    QTest.mouseClick(desktop.window.status.now, Qt.MouseButton.LeftButton)
    wait_for_indexing(desktop, qtbot)
    assert entry(desktop, "many.mp4").state == "refined"
    desktop.window.actions_by_name["update"].trigger()
    qtbot.waitUntil(lambda: waits_for(desktop, sentence), timeout=SLOW)
    computer.idle = conditions.IDLE_SECONDS
    wait_for_indexing(desktop, qtbot)


def test_indexing_waits_for_its_hours(
    open_desktop: Opener, qtbot: QtBot, clips: Path, tmp_path: Path, computer: Computer
) -> None:
    del computer
    later = (datetime.now().astimezone() + timedelta(hours=3)).strftime("%H:%M")
    end = (datetime.now().astimezone() + timedelta(hours=5)).strftime("%H:%M")
    desktop = opened(open_desktop, tmp_path / "data", index_hours=f"{later}-{end}")
    desktop.window.library_actions.add([clips])
    qtbot.waitUntil(lambda: waits_for(desktop, f"Indexing waits until {later}"), timeout=SLOW)
    desktop.store.change(index_hours=None)
    wait_for_indexing(desktop, qtbot)


def test_what_the_computer_does_not_tell_holds_nothing_back(
    open_desktop: Opener, qtbot: QtBot, clips: Path, tmp_path: Path, computer: Computer
) -> None:
    assert computer.plugged is None is computer.idle
    desktop = opened(open_desktop, tmp_path / "data", index_on_mains=True, index_when_idle=True)
    desktop.window.library_actions.add([clips])
    wait_for_indexing(desktop, qtbot)
    assert entry(desktop, "many.mp4").state == "refined"


def test_a_long_line_of_status_does_not_widen_the_window(empty: Desktop) -> None:
    window = empty.window
    window.activity.waits_for = "Indexing waits " * 40
    window.activity._index_id = 1  # it runs
    window.activity.changed.emit()
    assert len(window.status.text.text()) == 600
    assert window.minimumSizeHint().width() <= 1024
    assert window.status.text.toolTip() == window.status.text.text()
    window.activity._index_id = 0


def test_the_page_says_what_the_computer_does_not_tell(empty: Desktop, qtbot: QtBot, computer: Computer) -> None:
    page = background(empty)
    qtbot.waitUntil(lambda: not page.on_mains.isEnabled() and not page.when_idle.isEnabled(), timeout=SLOW)
    assert "battery" in page.on_mains.accessibleDescription()
    assert "does not tell" in page.when_idle.accessibleDescription()
    computer.plugged, computer.idle = False, 5.0
    empty.window.conditions.look()
    qtbot.waitUntil(lambda: page.on_mains.isEnabled() and page.when_idle.isEnabled(), timeout=SLOW)
    page.on_mains.click()
    assert empty.store.settings.index_on_mains
    computer.plugged = None
    empty.window.conditions.look()
    qtbot.wait(100)
    assert page.on_mains.isEnabled()  # so that it can be switched off


def test_the_hours_are_chosen_on_the_page(empty: Desktop) -> None:
    page = background(empty)
    assert not page.start.isEnabled()
    page.in_hours.click()
    assert empty.store.settings.index_hours == "22:00-06:00"
    page.start.setFocus()
    QTest.keyClick(page.start, Qt.Key.Key_Up)
    assert empty.store.settings.index_hours == "23:00-06:00"
    page.in_hours.click()
    assert empty.store.settings.index_hours is None
    page.in_hours.click()
    assert empty.store.settings.index_hours == "23:00-06:00"


def test_another_share_of_the_processor_holds_at_once(
    empty: Desktop, qtbot: QtBot, clips: Path, slowly: Path
) -> None:
    window = empty.window
    window.library_actions.add([clips])
    qtbot.waitUntil(lambda: bool(window.activity.working), timeout=SLOW)
    empty.store.change(processor_share=25)
    assert window.activity.running
    assert not window.activity.working  # it begins anew
    slowly.unlink()
    wait_for_indexing(empty, qtbot)
    assert entry(empty, "many.mp4").state == "refined"


@pytest.mark.parametrize(
    ("hours", "now", "inside"),
    [
        ("22:00-06:30", time(23), True),
        ("22:00-06:30", time(6, 29), True),
        ("22:00-06:30", time(6, 30), False),
        ("22:00-06:30", time(12), False),
        ("09:00-17:00", time(9), True),
        ("09:00-17:00", time(17), False),
        ("08:00-08:00", time(3), True),
    ],
)
def test_hours_may_go_past_midnight(hours: str, now: time, inside: bool) -> None:
    assert is_within(now, *parse_hours(hours)) is inside
