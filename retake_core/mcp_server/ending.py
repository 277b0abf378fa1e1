"""How the server ends: on Ctrl+C, or when the other program has gone; in a moment, and leaving no child behind."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from retake_core.mcp_server.engine import Engine
from retake_core.system.signals import handling_stops

GRACE = 3.0  # seconds for what looks at no token, such as a model that is being loaded
INTERRUPTED = 130

log = logging.getLogger(__name__)


class Ending:
    """Ends the work of an engine.

    Args:
        engine: its calls are stopped.

    Attributes:
        code: that the process ends with.
    """

    def __init__(self, engine: Engine) -> None:
        self.code = 0
        self._engine = engine
        self._timer: threading.Timer | None = None

    def begin(self) -> None:
        """Ask everything to stop, and end the process if it does not."""
        if self._timer is None:
            self._engine.stop()
            self._timer = threading.Timer(GRACE, self.end)
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """End the process; a thread may wait for input or a model, and Python's own way out for the thread."""
        self._engine.close()
        logging.shutdown()
        os._exit(self.code)

    @contextmanager
    def on_signal(self, stop: Callable[[], None]) -> Iterator[None]:
        """Let Ctrl+C and a request to terminate begin the end during the block.

        Args:
            stop: ends the loop that serves; called in the main thread, between two steps of whatever it does.
        """

        def handle(_signal: int, _frame: object) -> None:
            self.code = INTERRUPTED
            self.begin()
            stop()

        with handling_stops(handle):
            yield
