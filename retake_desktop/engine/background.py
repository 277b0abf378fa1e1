"""The only way for the window to do short work outside its own thread."""

import logging
import sys
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from sqlalchemy import Connection

from retake_core.library.database import Database

log = logging.getLogger(__name__)
SWITCH = 0.001  # seconds after which a thread that reads must let painting have its turn
Result = TypeVar("Result")


class Background(QObject):
    """Reads of the library in a small pool of threads, each with a connection that cannot write.

    Results arrive on the thread of this object, in any order; of requests with the same key only the newest one's.
    """

    failed = Signal(Exception)
    _finished = Signal(object, object, object, object)

    def __init__(self, database: Database, threads: int = 2) -> None:
        super().__init__()
        self._database = database
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(threads)
        self._newest: dict[Hashable, int] = {}
        self._count = 0
        self._closed = False
        self._finished.connect(self._deliver)
        sys.setswitchinterval(SWITCH)

    def run(
        self, work: Callable[[Connection], Result], done: Callable[[Result], None], *, key: Hashable = None
    ) -> None:
        """Call `work` in a thread and `done` with its result here.

        Args:
            work: must touch no widget.
            done: is called on this object's thread.
            key: a newer request of the same key makes this one stale; None never is.
        """
        if self._closed:
            return
        self._count += 1
        ticket = (key, self._count)
        if key is not None:
            self._newest[key] = self._count
        self._pool.start(_BackgroundTask(lambda: self._work(work, done, ticket)))

    def close(self) -> None:
        """Wait for what runs; nothing is delivered any more."""
        self._closed = True
        self._pool.clear()
        self._pool.waitForDone()

    def _is_stale(self, ticket: tuple[Hashable, int]) -> bool:
        key, number = ticket
        return self._closed or (key is not None and self._newest.get(key) != number)

    def _work(
        self, work: Callable[[Connection], Any], done: Callable[[Any], None], ticket: tuple[Hashable, int]
    ) -> None:
        if self._is_stale(ticket):
            return
        result, error = None, None
        try:
            with self._database.reading() as connection:
                result = work(connection)
        except Exception as raised:
            log.exception("a read failed")
            error = raised
        if not self._closed:
            self._finished.emit(ticket, done, result, error)

    def _deliver(
        self, ticket: tuple[Hashable, int], done: Callable[[Any], None], result: Any, error: Exception | None
    ) -> None:
        if self._is_stale(ticket):
            return
        if error is not None:
            self.failed.emit(error)
        else:
            done(result)


class _BackgroundTask(QRunnable):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work_now = work

    def run(self) -> None:
        self._work_now()
