"""Keeps Python's garbage collector from blocking the window.

By itself it runs on whichever thread makes many objects, and with a large library in memory a full run stops
every thread for 150 ms.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

EVERY_MS = 5000


class Collector(QObject):
    """Collects what is young now and then, and everything when the user turns to another program."""

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        gc.disable()
        timer = QTimer(self)
        timer.timeout.connect(lambda: gc.collect(1))
        timer.start(EVERY_MS)
        app.applicationStateChanged.connect(self._state_changed)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state != Qt.ApplicationState.ApplicationActive:
            gc.collect()
