"""When indexing may run: what the settings ask for, and how the computer stands."""

from datetime import datetime, time

from PySide6.QtCore import QObject, QTimer, Signal
from sqlalchemy import Connection

from retake_desktop.engine.background import Background
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.indexing.activity import Activity
from retake_desktop.indexing.idle_time import IdleTime

IDLE_SECONDS = 180.0
"""For so long nobody must have used the computer."""
LOOK_MS = 5_000


class Conditions(QObject):
    """Holds indexing back while it is to wait, and says for what. "Index now" lets the run that waits go on.

    What the computer does not tell holds nothing back.

    Attributes:
        mains: whether it runs on mains power, None where it has no battery.
        idle: seconds for which nobody has used it, None where the desktop does not tell.
    """

    looked = Signal()  # the attributes are as new as can be

    def __init__(self, store: SettingsStore, background: Background, activity: Activity) -> None:
        super().__init__(activity)
        self._store, self._background, self._activity = store, background, activity
        self.mains: bool | None = False  # until it is known
        self.idle: float | None = 0.0
        self._share = store.settings.processor_share
        self._at_once = False
        self._idle_time = IdleTime(self)
        self._idle_time.told.connect(self._take_idle)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        store.changed.connect(self._follow)
        activity.changed.connect(self._end_haste)
        self._follow()

    @property
    def reason(self) -> str:
        """What indexing is to wait for, in a sentence; "" for nothing."""
        settings = self._store.settings
        if settings.index_hours is not None:
            start, end = parse_hours(settings.index_hours)
            if not is_within(datetime.now().astimezone().time(), start, end):
                return self.tr("Indexing waits until {time}").format(time=f"{start:%H:%M}")
        if settings.index_on_mains and self.mains is False:
            return self.tr("Indexing waits for mains power")
        if settings.index_when_idle and self.idle is not None and self.idle < IDLE_SECONDS:
            return self.tr("Indexing waits until nobody uses the computer")
        return ""

    def index_now(self) -> None:
        """Let the run that waits go on until it ends, whatever the conditions."""
        self._at_once = True
        self._decide()

    def look(self) -> None:
        """Find out how the computer stands."""
        self._background.run(is_on_mains, self._take_mains, key="mains power")
        self._idle_time.ask()

    def _follow(self) -> None:
        settings = self._store.settings
        if settings.index_when_idle or settings.index_on_mains or settings.index_hours is not None:
            self._timer.start()
            self.look()
        else:
            self._timer.stop()
        self._decide()
        if settings.processor_share != self._share:
            self._share = settings.processor_share
            if self._activity.running:
                self._activity.index_first(())  # the same goes on with so many cores

    def _take_mains(self, mains: bool | None) -> None:
        self.mains = mains
        self._decide()
        self.looked.emit()

    def _take_idle(self, seconds: float | None) -> None:
        self.idle = seconds
        self._decide()
        self.looked.emit()

    def _decide(self) -> None:
        self._activity.wait_for("" if self._at_once else self.reason)

    def _end_haste(self) -> None:
        if self._at_once and not self._activity.running:
            self._at_once = False
            self._decide()


def parse_hours(hours: str) -> tuple[time, time]:
    """Return from when to when, as the settings write it: "22:00-06:30"."""
    start, _, end = hours.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def is_within(now: time, start: time, end: time) -> bool:
    """Return whether a time of the day lies between two, maybe past midnight; the same two are the whole day."""
    return start <= now < end if start < end else now >= start or now < end


def is_on_mains(_: Connection) -> bool | None:
    """Return whether the computer runs on mains power, None where it has no battery or does not tell."""
    import psutil  # few ask for it: the window is there sooner without

    try:
        battery = psutil.sensors_battery()
    except (OSError, RuntimeError, AttributeError):  # what platforms raise that tell nothing
        return None
    return None if battery is None or battery.power_plugged is None else bool(battery.power_plugged)
