"""How often a job tells how far it has come."""

import math
import time

TELL_EVERY = 0.1  # seconds: more often than ten times in one, nobody sees a difference


class Throttle:
    """Lets a job tell of itself at once, and then at most ten times a second."""

    def __init__(self) -> None:
        self._last = -math.inf

    def ready(self) -> bool:
        """Return whether it is time to tell; the next time is then a tenth of a second later."""
        now = time.monotonic()
        if now - self._last < TELL_EVERY:
            return False
        self._last = now
        return True
