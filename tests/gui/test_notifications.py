"""The desktop tells of the end of long work, over a bus of the test's own."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import ClassInfo, QCoreApplication, QMetaObject, QObject, Qt, Signal, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from retake_core.library.database import Database
from retake_core.protocol.question_outcome import AnswerState
from retake_desktop.app import Desktop
from retake_desktop.ask.exchange import Exchange
from retake_desktop.engine.background import Background
from retake_desktop.engine.notifier import PATH, SERVICE, Notifier, notify
from retake_desktop.indexing.idle_time import IdleTime
from retake_desktop.window import notifications
from tests.gui.driving import SLOW, wait_for_indexing

IDLE_PATH = "/org/gnome/Mutter/IdleMonitor/Core"


@ClassInfo({"D-Bus Interface": SERVICE})  # type: ignore[call-arg]
class FakeDesktop(QObject):  # type: ignore[operator]
    """Shows notifications, and is clicked on."""

    ActionInvoked = Signal("uint", str)  # type: ignore[arg-type]

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[tuple[str, str]] = []

    @Slot(str, "uint", str, str, str, "QStringList", "QVariantMap", int, result="uint")
    def Notify(self, *told: object) -> int:  # noqa: N802
        self.messages.append((str(told[3]), str(told[4])))
        return 40 + len(self.messages)


@ClassInfo({"D-Bus Interface": "org.gnome.Mutter.IdleMonitor"})  # type: ignore[call-arg]
class FakeIdleMonitor(QObject):  # type: ignore[operator]
    @Slot(result="qulonglong")
    def GetIdletime(self) -> int:  # noqa: N802
        return 5_000_000_000  # more than 32 bits


@pytest.fixture(scope="module")
def bus_address() -> Iterator[str]:
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    try:
        daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    except FileNotFoundError:
        pytest.skip("There is no dbus-daemon.")
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


@pytest.fixture
def desktop_bus(bus_address: str) -> Iterator[QDBusConnection]:
    """Return the connection of what plays the desktop."""
    yield QDBusConnection.connectToBus(bus_address, "desktop")
    QDBusConnection.disconnectFromBus("desktop")


@pytest.fixture
def bus(bus_address: str) -> Iterator[QDBusConnection]:
    yield QDBusConnection.connectToBus(bus_address, "app")
    QDBusConnection.disconnectFromBus("app")


@pytest.fixture
def fake_desktop(desktop_bus: QDBusConnection) -> Iterator[FakeDesktop]:
    fake = FakeDesktop()
    assert desktop_bus.registerService(SERVICE)
    assert desktop_bus.registerObject(PATH, fake, QDBusConnection.RegisterOption.ExportAllContents)
    yield fake
    desktop_bus.unregisterObject(PATH)
    desktop_bus.unregisterService(SERVICE)


@pytest.fixture
def background(tmp_path: Path) -> Iterator[Background]:
    database = Database(tmp_path / "library.db")
    made = Background(database)
    yield made
    made.close()
    database.close()


def test_a_message_reaches_the_desktop_and_a_click_on_it_is_heard(
    qtbot: QtBot,
    background: Background,
    bus: QDBusConnection,
    fake_desktop: FakeDesktop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notifier = Notifier(background, lambda: bus)
    monkeypatch.setattr(notifier, "_tell_in_tray", notifier.tell)  # once more, where the stand-in was too slow
    notifier.tell("Done", "a <b> & c")
    qtbot.waitUntil(lambda: bool(fake_desktop.messages), timeout=SLOW)
    assert fake_desktop.messages == [("Done", "a &lt;b&gt; &amp; c")]
    qtbot.waitUntil(lambda: bool(notifier.shown), timeout=SLOW)
    with qtbot.assertNotEmitted(notifier.clicked, wait=200):
        fake_desktop.ActionInvoked.emit(7, "default")  # of another program
    with qtbot.waitSignal(notifier.clicked, timeout=SLOW):
        fake_desktop.ActionInvoked.emit(41, "default")


def test_a_desktop_too_busy_to_say_what_it_understands_shows_none(
    bus: QDBusConnection,
    fake_desktop: FakeDesktop,  # noqa: ARG001 - the service is there
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("QMetaMethod invocation failed.")

    monkeypatch.setattr(QMetaObject, "invokeMethod", fail)
    answered: list[int | None] = []
    asking = threading.Thread(target=lambda: answered.append(notify(bus, "Done", "text", "Show")))
    asking.start()
    while asking.is_alive():  # the stand-in answers in this thread
        QCoreApplication.processEvents()
    assert answered == [None]


@pytest.mark.usefixtures("desktop_bus")
def test_without_a_service_the_tray_is_used_if_there_is_one(
    qtbot: QtBot, background: Background, bus: QDBusConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    asked: list[bool] = []
    there = False

    def is_there() -> bool:
        asked.append(there)
        return there

    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", is_there)
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _, *words: told.append(words))
    notifier = Notifier(background, lambda: bus)
    notifier.tell("Done", "text")
    qtbot.waitUntil(lambda: asked == [False], timeout=SLOW)
    there = True
    notifier.tell("Done", "text")
    qtbot.waitUntil(lambda: told == [("Done", "text")], timeout=SLOW)
    nowhere = Notifier(background, lambda: QDBusConnection("there is none"))
    nowhere.tell("Done", "other")
    assert told[1:] == [("Done", "other")]


def test_the_desktop_is_asked_how_long_nobody_used_it(
    qtbot: QtBot, bus: QDBusConnection, desktop_bus: QDBusConnection
) -> None:
    idle = IdleTime(bus=lambda: bus)
    with qtbot.waitSignal(idle.told, timeout=SLOW) as told:
        idle.ask()
    assert told.args == [None]
    monitor = FakeIdleMonitor()
    desktop_bus.registerService("org.gnome.Mutter.IdleMonitor")
    desktop_bus.registerObject(IDLE_PATH, monitor, QDBusConnection.RegisterOption.ExportAllContents)
    with qtbot.waitSignal(idle.told, timeout=SLOW) as told:
        idle.ask()
    assert told.args == [5_000_000.0]
    desktop_bus.unregisterService("org.gnome.Mutter.IdleMonitor")
    desktop_bus.unregisterObject(IDLE_PATH)


@pytest.fixture
def told(empty: Desktop, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return what the desktop is told, while another window is in front."""
    messages: list[tuple[str, str]] = []
    window = empty.window
    monkeypatch.setattr(window.notifications.notifier, "tell", lambda *words: messages.append(words))
    monkeypatch.setattr(QGuiApplication, "applicationState", lambda: Qt.ApplicationState.ApplicationInactive)
    return messages


def test_long_indexing_is_told_and_short_is_not(
    empty: Desktop, qtbot: QtBot, clips: Path, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifications, "LONG", 10_000.0)
    empty.window.library_actions.add([clips])
    wait_for_indexing(empty, qtbot)
    assert told == []
    monkeypatch.setattr(notifications, "LONG", 0.0)
    empty.window.actions_by_name["update"].trigger()
    wait_for_indexing(empty, qtbot)
    assert [title for title, _ in told] == ["Indexing is done"]


def test_answers_exports_and_downloads_are_told_unless_the_window_is_in_front_or_the_user_wants_none(
    empty: Desktop, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = empty.window

    def all_end() -> list[str]:
        told.clear()
        window.side.ask.asker.ended.emit(Exchange("Where is the cat?", AnswerState.ANSWERED))
        window.side.ask.asker.ended.emit(Exchange("And the dog?", AnswerState.STOPPED))
        window.side.ask.asker.ended.emit(Exchange("And the bird?", AnswerState.FAILED))
        window.exports.written.emit("clip.mp4 was written.", Path("clip.mp4"))
        window.exports.failed.emit("The disk is full.")
        empty.models.downloaded.emit("Qwen/Qwen3-VL-2B")
        return [text for _, text in told]

    everything = ["Where is the cat?", "And the bird?", "clip.mp4 was written.", "The disk is full."]
    assert all_end() == [*everything, "Qwen3-VL-2B can be used now."]
    empty.store.change(notifications=False)
    assert all_end() == []
    empty.store.change(notifications=True)
    monkeypatch.setattr(QGuiApplication, "applicationState", lambda: Qt.ApplicationState.ApplicationActive)
    assert all_end() == []


def test_a_click_brings_the_window_back(empty: Desktop, qtbot: QtBot) -> None:
    window = empty.window
    window.showMinimized()
    qtbot.waitUntil(window.isMinimized)
    window.notifications.notifier.clicked.emit()
    qtbot.waitUntil(lambda: window.isVisible() and not window.isMinimized())
