"""What measures of answers share: results that a stopped run goes on from, and shares with their intervals."""

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


class ResultFile:
    """A file of one JSON object a line; a line that a crash cut short counts as not written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield what was written."""
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as lines:
            for line in lines:
                try:
                    yield json.loads(line)
                except ValueError:
                    continue

    def add(self, result: dict[str, Any]) -> None:
        """Write one more."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Two line ends are an empty line; none would join the result to one that was cut short.
        with self._path.open("a+", encoding="utf-8") as file:
            size = file.tell()
            if size:
                file.seek(size - 1)
                if file.read(1) != "\n":
                    file.write("\n")
            file.write(json.dumps(result) + "\n")


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    z, part = 1.96, right / total
    middle = (part + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(part * (1 - part) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(values: Sequence[bool]) -> str:
    """Write a share with its interval, in percent."""
    if not values:
        return "-"
    low, high = wilson(sum(values), len(values))
    return f"{100 * sum(values) / len(values):.1f} [{100 * low:.0f}-{100 * high:.0f}]"
