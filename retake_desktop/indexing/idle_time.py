"""For how long nobody has used the computer, as far as the desktop tells."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage

ANSWER_MS = 1000
_TELL, _FAIL = SLOT("_answer(QDBusMessage)"), SLOT("_fail(QDBusError,QDBusMessage)")


@dataclass(frozen=True, slots=True)
class _IdleService:
    """A method of the desktop that returns milliseconds."""

    name: str
    path: str
    interface: str
    method: str


_SERVICES = (
    _IdleService(  # GNOME, on X11 and Wayland
        "org.gnome.Mutter.IdleMonitor",
        "/org/gnome/Mutter/IdleMonitor/Core",
        "org.gnome.Mutter.IdleMonitor",
        "GetIdletime",
    ),
    _IdleService(  # KDE on X11, and others
        "org.freedesktop.ScreenSaver",
        "/org/freedesktop/ScreenSaver",
        "org.freedesktop.ScreenSaver",
        "GetSessionIdleTime",
    ),
)


class IdleTime(QObject):
    """Asks the desktop over D-Bus, one of its services after another, and never waits for an answer.

    Args:
        bus: returns the bus that is used.
        parent: owns it.
    """

    told = Signal(object)  # seconds, or None where the desktop does not tell

    def __init__(
        self, parent: QObject | None = None, bus: Callable[[], QDBusConnection] = QDBusConnection.sessionBus
    ) -> None:
        super().__init__(parent)
        self._bus = bus
        self._service = 0  # the one that is asked

    def ask(self) -> None:
        """Ask; `told` brings the answer."""
        bus = self._bus()
        if not bus.isConnected():
            self.told.emit(None)
            return
        service = _SERVICES[self._service]
        call = QDBusMessage.createMethodCall(service.name, service.path, service.interface, service.method)
        call.setAutoStartService(False)
        # It takes what SLOT returns, a str, whatever its types say.
        bus.callWithCallback(call, self, _TELL, _FAIL, ANSWER_MS)  # type: ignore[call-overload]

    @Slot(QDBusMessage)
    def _answer(self, reply: QDBusMessage) -> None:
        milliseconds = next(iter(reply.arguments()), None)
        self.told.emit(milliseconds / 1000 if isinstance(milliseconds, int) else None)

    @Slot("QDBusError", QDBusMessage)
    def _fail(self, _error: object, _call: QDBusMessage) -> None:
        if self._service + 1 < len(_SERVICES):
            self._service += 1
            self.ask()
        else:
            self._service = 0  # the desktop may have been slow: the next question begins anew
            self.told.emit(None)
