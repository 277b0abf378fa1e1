"""Telling the user something through the desktop, while another window is in front."""

import html
import logging
from collections.abc import Callable

from PySide6.QtCore import (
    Q_ARG,
    Q_RETURN_ARG,
    SLOT,
    QMetaObject,
    QObject,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtDBus import QDBusConnection, QDBusInterface
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from retake_desktop.common.widgets import single_shot
from retake_desktop.engine.background import Background

log = logging.getLogger(__name__)
SERVICE, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
SHOWN_MS = 20_000  # for which the icon in the tray is there, so that a click on its message is heard
SLOW_MS = 3_000  # the desktop must have answered


class Notifier(QObject):
    """Shows messages over D-Bus, or in the tray where there is no such service. Without either, it shows none.

    Attributes:
        shown: the numbers of the messages that the desktop shows.

    Args:
        background: waits for the desktop.
        bus: returns the bus that is used.
    """

    clicked = Signal()

    def __init__(
        self, background: Background, bus: Callable[[], QDBusConnection] = QDBusConnection.sessionBus
    ) -> None:
        super().__init__(background)
        self._background, self._bus = background, bus
        self.shown: set[int] = set()
        self._listens = False
        self._tray: QSystemTrayIcon | None = None
        self._hide = single_shot(self, SHOWN_MS)
        self._hide.timeout.connect(self._hide_tray)

    def tell(self, title: str, text: str) -> None:
        """Show a message."""
        bus = self._bus()
        if not bus.isConnected():
            self._tell_in_tray(title, text)
            return
        if not self._listens:
            self._listens = True
            slot = SLOT("_invoked(uint,QString)")  # a str, which `connect` takes whatever its types say
            bus.connect(SERVICE, PATH, SERVICE, "ActionInvoked", self, slot)  # type: ignore[call-overload]
        label = self.tr("Show")

        def done(number: int | None) -> None:
            if number is None:
                self._tell_in_tray(title, text)
            else:
                self.shown.add(number)

        self._background.run(lambda _: notify(bus, title, text, label), done)

    @Slot("uint", str)
    def _invoked(self, number: int, _action: str) -> None:
        if number in self.shown:  # all programs hear of all clicks
            self.shown.discard(number)
            self.clicked.emit()

    def _tell_in_tray(self, title: str, text: str) -> None:
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(QApplication.windowIcon(), self)
            self._tray.messageClicked.connect(self.clicked)
            self._tray.activated.connect(lambda _: self.clicked.emit())
        self._tray.show()
        self._tray.showMessage(title, text)
        self._hide.start()

    def _hide_tray(self) -> None:
        if self._tray is not None:
            self._tray.hide()


def notify(bus: QDBusConnection, title: str, text: str, label: str) -> int | None:
    """Have a message shown and return its number, None where the desktop shows none. This may wait for it."""
    service = QDBusInterface(SERVICE, PATH, SERVICE, bus)
    service.setTimeout(SLOW_MS)
    if not service.isValid():
        return None
    # A call by its declared types: a plain one would send the number as a signed one, which desktops refuse.
    try:
        number = QMetaObject.invokeMethod(
            service,
            "Notify",
            Qt.ConnectionType.DirectConnection,
            Q_RETURN_ARG("uint"),
            Q_ARG("QString", "ReTaKe"),
            Q_ARG("uint", 0),
            Q_ARG("QString", "retake-desktop"),
            Q_ARG("QString", title),
            Q_ARG("QString", html.escape(text, quote=False)),  # desktops read mark-up
            Q_ARG("QStringList", ["default", label]),
            Q_ARG("QVariantMap", {"desktop-entry": "retake-desktop"}),
            Q_ARG("int", -1),
        )
    except RuntimeError as error:  # a busy desktop did not say in time what it can be told
        log.info("the desktop shows no message: %s", error)
        return None
    return number if isinstance(number, int) and number else None
