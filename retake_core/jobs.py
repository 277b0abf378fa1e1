"""What a running job tells its caller, and how the caller stops it."""

import threading

from retake_core.errors import Cancelled


class CancelToken:
    """A flag that one thread sets and a job looks at between two steps of its work."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next check."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise Cancelled if a stop was asked for."""
        if self._event.is_set():
            raise Cancelled
