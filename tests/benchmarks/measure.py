"""What work costs."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU in this process and in the children that have ended, and on the clock."""

    own: float
    children: float
    wall: float

    @property
    def cpu(self) -> float:
        """All CPU time."""
        return self.own + self.children

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.own - other.own, self.children - other.children, self.wall - other.wall)


def cost_of(work: Callable[[], object]) -> Cost:
    """Do some work and return what it cost."""
    before = _spent()
    work()
    return _spent() - before


def cheapest(repeats: int, *works: Callable[[], object]) -> list[Cost]:
    """Do several kinds of work in turn, some times; return of each the run that was disturbed least."""
    rounds = [[cost_of(work) for work in works] for _ in range(repeats)]
    return [min(costs, key=lambda cost: cost.cpu) for costs in zip(*rounds, strict=True)]


def _spent() -> Cost:
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Cost(own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime, time.perf_counter())
