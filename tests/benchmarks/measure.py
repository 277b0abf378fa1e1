"""Costs, and tables of them."""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


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


Row = dict[str, str | float | None]
"""One line of a table: cells by column."""


def verdict(passed: bool) -> str:
    """Say whether a target was met."""
    return "PASS" if passed else "MISS"


def options(description: str | None) -> argparse.Namespace:
    """Read the command line that all benchmarks share: quick, json."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter clips")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to this file, too")
    return parser.parse_args()


def surroundings() -> str:
    """Say how far times on the clock can be trusted."""
    return (
        f"Load when it began: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; "
        "where other programs ran, only CPU times can be compared."
    )


def report(rows: Sequence[Row], notes: Sequence[str], target: Path | None) -> None:
    """Print a table and remarks on it, and write the numbers to a file if one is given."""
    columns = list(rows[0])
    lines = [columns, *([_text(row[column]) for column in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")
    print("", *notes, sep="\n")
    if target:
        document = {"rows": rows, "notes": notes}
        target.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _text(value: str | float | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
