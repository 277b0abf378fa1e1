"""Which ends of long work the desktop tells about, while the user looks at something else."""

import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from retake_core.protocol.question_outcome import AnswerState
from retake_desktop.ask.asker import Asker
from retake_desktop.ask.exchange import Exchange
from retake_desktop.common import safe_text
from retake_desktop.engine.notifier import Notifier
from retake_desktop.engine.settings_store import SettingsStore
from retake_desktop.export.jobs import Exports
from retake_desktop.indexing.activity import Activity

LONG = 60.0
"""Seconds of indexing that are worth a message."""


class Notifications(QObject):
    """Hears what ends, and tells it unless a window of the app is in front or the user wants none."""

    clicked = Signal()

    def __init__(
        self, notifier: Notifier, store: SettingsStore, activity: Activity, exports: Exports, asker: Asker
    ) -> None:
        super().__init__(notifier)
        notifier.clicked.connect(self.clicked)
        self.notifier, self._store, self._activity = notifier, store, activity
        self._began: float | None = None  # when indexing did
        activity.changed.connect(self._follow_indexing)
        activity.finished.connect(self._tell_of_indexing)
        exports.written.connect(self._tell_of_export)
        exports.failed.connect(lambda reason: self.tell(self.tr("The export failed"), reason))
        asker.ended.connect(self._tell_of_answer)

    def tell(self, title: str, text: str) -> None:
        """Tell something if the user looks at something else."""
        in_front = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
        if self._store.settings.notifications and not in_front:
            self.notifier.tell(title, safe_text.line(text))

    def tell_of_download(self, model: str) -> None:
        """Tell that a model is here."""
        self.tell(
            self.tr("The download is complete"),
            self.tr("{model} can be used now.").format(model=model.rsplit("/")[-1]),
        )

    def _follow_indexing(self) -> None:
        if not self._activity.running:
            self._began = None
        elif self._began is None:
            self._began = time.monotonic()

    def _tell_of_indexing(self) -> None:
        if self._began is not None and time.monotonic() - self._began >= LONG:
            self.tell(self.tr("Indexing is done"), self.tr("All videos of the library can be searched."))

    def _tell_of_export(self, sentence: str, _file: Path) -> None:
        self.tell(self.tr("The export is done"), sentence)

    def _tell_of_answer(self, exchange: Exchange) -> None:
        if exchange.state == AnswerState.FAILED:
            self.tell(self.tr("The question could not be answered"), exchange.question)
        elif exchange.state != AnswerState.STOPPED:
            self.tell(self.tr("There is an answer"), exchange.question)
