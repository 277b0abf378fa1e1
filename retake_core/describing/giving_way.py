"""Giving way: a token that ends work on a video as soon as something else is more urgent."""

import time
from collections.abc import Callable

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled

LOOK = 0.2
"""Seconds between two looks whether something is more urgent: the token is checked for every module of a model."""


class GaveWayError(Cancelled):
    """Something is more urgent than this video; it is taken up again later."""


class ConsiderateToken(CancelToken):
    """Stops with the job that it belongs to, and where that is only held back, lets go of what it has in memory.

    Args:
        cancel: of the job.
        is_urgent: whether something else is to be done first.
    """

    def __init__(self, cancel: CancelToken, is_urgent: Callable[[], bool]) -> None:
        super().__init__()
        self._job, self._is_urgent = cancel, is_urgent
        self._looked = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether the job is to stop."""
        return self._job.cancelled

    def check(self) -> None:
        """Do nothing while nothing is more urgent.

        Raises:
            GaveWayError: the job is held back, or something else is to be done first.
            Cancelled: the job is to stop.
        """
        self._job.sleep(0)
        if self._job.held:
            raise GaveWayError
        now = time.monotonic()
        if now - self._looked >= LOOK:
            self._looked = now
            if self._is_urgent():
                raise GaveWayError

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until the job is to stop.

        Raises:
            Cancelled: the job is to stop.
        """
        self._job.sleep(seconds)
