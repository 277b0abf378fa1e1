"""When a decoder counts as hung: not because its computer was busy, or asleep."""

from dataclasses import dataclass
from time import monotonic

import psutil

LONGEST_LOOK = 1.0
"""Seconds that count at most from one look to the next: for longer, this process itself did not run."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a process may take from one word to the next.

    Attributes:
        work: seconds of CPU time: more of it is an endless loop.
        wait: seconds by the clock; many times as much, because others may be using the CPU or the disk.
    """

    work: float
    wait: float


class Patience:
    """Watches a process that is expected to say something.

    Args:
        pid: of the process.
    """

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._limit = Limit(0, 0)
        self.renew(self._limit)

    def renew(self, limit: Limit | None = None) -> None:
        """Begin to count anew, by another limit or the same."""
        self._limit = limit or self._limit
        self._worked_before, self._waited, self._looked = self._worked(), 0.0, monotonic()

    def is_over(self) -> bool:
        """Return whether the process has had more than its limit. To be asked at least once a second."""
        now = monotonic()
        self._waited += min(now - self._looked, LONGEST_LOOK)
        self._looked = now
        return self._waited > self._limit.wait or self._worked() - self._worked_before > self._limit.work

    def _worked(self) -> float:
        try:
            times = self._process.cpu_times()
        except psutil.NoSuchProcess:
            return 0.0  # the end of its connection tells of its end
        return float(times.user + times.system)
