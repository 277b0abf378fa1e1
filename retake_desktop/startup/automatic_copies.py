"""Has the library copied once a day while the window is open."""

from PySide6.QtCore import QObject, QTimer

from retake_core.data_dir import DataDir
from retake_core.maintenance.copies import is_due
from retake_desktop.common.widgets import single_shot
from retake_desktop.engine.background import Background
from retake_desktop.engine.client import EngineClient

FIRST_MS = 120_000  # after the start, which is not to wait for it
EVERY_MS = 3_600_000


class AutomaticCopies(QObject):
    """Looks from time to time whether a copy is due, and lets a worker make it."""

    def __init__(self, engine: EngineClient, background: Background, data_dir: DataDir) -> None:
        super().__init__(engine)
        self._engine, self._background, self._data_dir = engine, background, data_dir
        self.first = single_shot(self, FIRST_MS)
        self.first.timeout.connect(self._look)
        self.first.start()
        again = QTimer(self)
        again.timeout.connect(self._look)
        again.start(EVERY_MS)

    def _look(self) -> None:
        self._background.run(lambda _: is_due(self._data_dir), self._copy, key="copy due")

    def _copy(self, due: bool) -> None:
        if due:
            self._engine.keep_copy()
