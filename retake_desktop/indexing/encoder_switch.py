"""What follows when another encoder or speech model is chosen: a new run with it."""

from PySide6.QtCore import QObject

from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.indexing.activity import Activity


class EncoderSwitch(QObject):
    """Begins a new run when the settings name another model, after the one that is under way has stopped."""

    def __init__(self, store: SettingsStore, activity: Activity) -> None:
        super().__init__(activity)
        self._store, self._activity = store, activity
        self._models = self._named()
        self._waiting = False
        store.changed.connect(self._compare)
        activity.changed.connect(self._go_on)

    def _named(self) -> tuple[str | None, ...]:
        settings = self._store.settings
        return settings.encoder, settings.speech, settings.speech_language, settings.sentences

    def _compare(self) -> None:
        if self._named() == self._models:
            return
        self._models = self._named()
        self._waiting = True
        if self._activity.running:
            self._activity.stop()
        else:
            self._go_on()

    def _go_on(self) -> None:
        if self._waiting and not self._activity.running:
            self._waiting = False
            self._activity.index()
