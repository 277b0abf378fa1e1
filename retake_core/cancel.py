"""How a running job is stopped or held back by others."""

import threading
import time

from retake_core.errors import Cancelled

HELD_LOOK = 0.1
"""Seconds between two looks of a job that is held back."""


class Gate:
    """Holds jobs back as long as at least one holder wants it; the holders know nothing of one another."""

    def __init__(self) -> None:
        self._holders: frozenset[str] = frozenset()
        self._changing = threading.Lock()

    def hold(self, holder: str) -> None:
        """Hold all jobs back."""
        with self._changing:
            self._holders |= {holder}

    def release(self, holder: str) -> None:
        """Let jobs resume, unless another holder still holds them back."""
        with self._changing:
            self._holders -= {holder}

    @property
    def closed(self) -> bool:
        """Whether jobs are held back."""
        return bool(self._holders)


class CancelToken:
    """What other threads want of a job, which looks at it between two steps of its work.

    Args:
        gate: holds the job back while it is closed.
    """

    def __init__(self, gate: Gate | None = None) -> None:
        self._event = threading.Event()
        self._gate = gate
        self.held_seconds = 0.0  # for which checks have waited

    def cancel(self) -> None:
        """Ask the job to stop at its next check."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether the job is to stop."""
        return self._event.is_set()

    @property
    def held(self) -> bool:
        """Whether the next check waits."""
        return self._gate is not None and self._gate.closed

    def check(self) -> None:
        """Wait while the job is held back.

        Raises:
            Cancelled: the job is to stop.
        """
        self.sleep(0)
        began = time.monotonic()
        while self.held:
            self.sleep(HELD_LOOK)
            now = time.monotonic()
            self.held_seconds, began = self.held_seconds + now - began, now

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until the job is to stop.

        Raises:
            Cancelled: the job is to stop.
        """
        if self._event.wait(seconds):
            raise Cancelled
