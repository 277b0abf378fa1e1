"""How often a job tells how far it has come."""

import math
import time

TELL_EVERY = 0.1  # seconds: more often than ten times in one, nobody sees a difference


class Throttle:
    """Lets a job tell of itself at once, and then now and then: ten times a second, if nothing else is said.

    Args:
        every: seconds.
    """

    def __init__(self, every: float | None = None) -> None:
        self._every = TELL_EVERY if every is None else every
        self._last = -math.inf

    def ready(self) -> bool:
        """Return whether it is time to tell; the next time is then `every` seconds later."""
        now = time.monotonic()
        if now - self._last < self._every:
            return False
        self._last = now
        return True
