"""What follows when another model is chosen."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from retake_desktop.activity import Activity
from retake_desktop.settings_store import SettingsStore


class ModelSwitch(QObject):
    """Indexes the library with a new encoder, once the run under way has stopped, and tells of a new VideoLLM.

    Args:
        store: the settings.
        activity: the library's.
        replan: called when another VideoLLM answers.
    """

    def __init__(self, store: SettingsStore, activity: Activity, replan: Callable[[], None]) -> None:
        super().__init__(activity)
        self._store, self._activity, self._replan = store, activity, replan
        self._encoder, self._model = store.settings.encoder, store.settings.model
        self._waiting = False
        store.changed.connect(self._compare)
        activity.changed.connect(self._go_on)

    def _compare(self) -> None:
        settings = self._store.settings
        if settings.model != self._model:
            self._model = settings.model
            self._replan()
        if settings.encoder == self._encoder:
            return
        self._encoder = settings.encoder
        self._waiting = True
        if self._activity.running:
            self._activity.stop()
        else:
            self._go_on()

    def _go_on(self) -> None:
        if self._waiting and not self._activity.running:
            self._waiting = False
            self._activity.index()
