"""The orders of the grid, for so many videos that a plain sort would block the window."""

import enum
import os
from collections.abc import Callable, Sequence
from typing import Any

from retake_core.library.catalog import VideoRow
from retake_core.library.dates import instant_us

STRIDE = 4096  # rows that are sorted in one go: nothing else runs meanwhile


class Sort(enum.Enum):
    """What the grid goes by. Names go from A to Z, everything else from the newest, longest or largest on."""

    NAME = "name"
    DATE = "date"
    ADDED = "added"
    LENGTH = "length"
    SIZE = "size"
    STARS = "stars"
    KEYFRAMES = "keyframes"
    WATCHED = "watched"


_KEYS: dict[Sort, Callable[[VideoRow], Any]] = {
    Sort.NAME: lambda row: os.fsdecode(row.path).rpartition(os.sep)[2].casefold(),
    Sort.DATE: lambda row: _instant(row),
    Sort.ADDED: lambda row: row.id,
    Sort.LENGTH: lambda row: row.duration_us or 0,
    Sort.SIZE: lambda row: row.size,
    Sort.STARS: lambda row: row.stars,
    Sort.KEYFRAMES: lambda row: row.keyframes,
    Sort.WATCHED: lambda row: row.watched_us or 0,
}


def sorted_rows(rows: Sequence[VideoRow], sort: Sort, *, backwards: bool = False) -> list[VideoRow]:
    """Return rows in an order, or in the opposite one."""
    key, reverse = _KEYS[sort], (sort is not Sort.NAME) != backwards
    # In pieces, which Python then merges in no time: one sort of all would block the window.
    keys = [key(row) for row in rows]
    order: list[int] = []
    for start in range(0, len(rows), STRIDE):
        piece = range(start, min(start + STRIDE, len(rows)))
        order += sorted(piece, key=keys.__getitem__, reverse=reverse)
    order.sort(key=keys.__getitem__, reverse=reverse)
    return [rows[i] for i in order]


def _instant(row: VideoRow) -> int:
    """When it was recorded, else when its file was last written to, in microseconds since 1970."""
    date = row.dated or row.recorded
    return row.mtime_ns // 1000 if date is None else instant_us(date)
