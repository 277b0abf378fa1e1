"""What follows when another encoder is chosen: the library is indexed again with it."""

from PySide6.QtCore import QObject

from retake_desktop.activity import Activity
from retake_desktop.settings_store import SettingsStore


class EncoderSwitch(QObject):
    """Begins a new run when the settings name another encoder, after the one that is under way has stopped."""

    def __init__(self, store: SettingsStore, activity: Activity) -> None:
        super().__init__(activity)
        self._store, self._activity = store, activity
        self._encoder = store.settings.encoder
        self._waiting = False
        store.changed.connect(self._compare)
        activity.changed.connect(self._go_on)

    def _compare(self) -> None:
        if self._store.settings.encoder == self._encoder:
            return
        self._encoder = self._store.settings.encoder
        self._waiting = True
        if self._activity.running:
            self._activity.stop()
        else:
            self._go_on()

    def _go_on(self) -> None:
        if self._waiting and not self._activity.running:
            self._waiting = False
            self._activity.index()
