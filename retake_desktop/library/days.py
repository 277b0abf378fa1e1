"""The days of the recordings that the grid shows, where they go by date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from retake_core.library import dates
from retake_core.library.catalog import VideoRow


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and the first row of the grid that is of it."""

    date: date
    row: int


def days_of(rows: Sequence[VideoRow]) -> tuple[Day, ...]:
    """Return the days of rows that go by date, in their order."""
    found: list[Day] = []
    for i, row in enumerate(rows):
        told = row.dated or row.recorded
        day = datetime.fromtimestamp(row.mtime_ns / 1e9).astimezone().date() if told is None else dates.day(told)
        if not found or found[-1].date != day:
            found.append(Day(day, i))
    return tuple(found)
