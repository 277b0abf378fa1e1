"""How long the rest of some work takes."""

import heapq
import math
import time
from collections.abc import Iterable

from retake_core.cancel import CancelToken

TELLING = 2.0  # seconds of work after which the time of the rest can be told from them
LITTLE, SOON = 30, 10.0  # a rest so many times as long as what it is told from is not told in the first seconds
MEMORY = 0.1  # of the work so far: as long a new estimate takes to replace the old one
TRUST = 0.1  # of the work: what was known of its pace before counts as much as the pace of this share of it


class Stopwatch:
    """Counts the seconds of work from now on; those for which somebody holds it up do not count.

    Args:
        cancel: the token that the work looks at.
    """

    def __init__(self, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._began = time.monotonic() - cancel.held_seconds

    @property
    def seconds(self) -> float:
        """Seconds of work so far."""
        return time.monotonic() - self._cancel.held_seconds - self._began

    def speed(self, seconds: float) -> float:
        """Return how many times faster than a player so many seconds of video were looked at."""
        return seconds / max(self.seconds, 1e-3)


class Estimate:
    """The time of the rest, which does not jump: it counts down, and leans towards what is measured.

    Args:
        cancel: the token that the work looks at.
        expected: seconds that the work takes by what is known before it begins, which are told at once.
    """

    def __init__(self, cancel: CancelToken, expected: float | None = None) -> None:
        self._watch = Stopwatch(cancel)
        self._left = expected
        self._at = 0.0

    @property
    def seconds(self) -> float:
        """Seconds of work so far."""
        return self._watch.seconds

    def left(self, measured: float | None) -> float | None:
        """Return the seconds of the rest.

        Args:
            measured: what they are by all that is known now; None while nothing is.

        Returns:
            None while too little is done to tell.
        """
        now = self._watch.seconds
        if measured is None:
            return None
        if self._left is None and measured > 0 and (now < TELLING or (now < SOON and measured > LITTLE * now)):
            return None  # one slow picture of hundreds makes six minutes of one
        passed, self._at = now - self._at, now
        if self._left is None or measured == 0:
            self._left = measured
        else:
            expected = max(self._left - passed, 0.0)
            self._left = expected + (measured - expected) * (1 - math.exp(-passed / (MEMORY * max(now, 1e-3))))
        return self._left


def corrected(expected: float, measured: float | None, share: float) -> float:
    """Return the seconds of the rest by what was known before, and more and more by how the work goes.

    Args:
        expected: seconds by what was known before.
        measured: seconds by how it goes; None while that tells nothing.
        share: of the work, that is done.
    """
    return expected if measured is None else (share * measured + TRUST * expected) / (share + TRUST)


def makespan(under_way: Iterable[float], queue: Iterable[float], lanes: int) -> float:
    """Return how long work takes that lanes take from a queue, in its order, as they become free."""
    ends = list(under_way)
    ends += [0.0] * (lanes - len(ends))
    heapq.heapify(ends)
    for work in queue:
        heapq.heapreplace(ends, ends[0] + work)
    return max(ends)
