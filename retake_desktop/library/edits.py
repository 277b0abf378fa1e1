"""How one list of videos becomes another, so that the grid keeps its selection and its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retake_core.library.catalog import VideoRow

MOST_EDITS = 100  # with more, the grid is better filled anew


@dataclass(frozen=True, slots=True)
class Edits:
    """What makes other rows of those that are shown.

    Attributes:
        gone: first row and count of what goes, by the old numbers, in order.
        come: first row and count of what comes, by the new numbers, in order.
        changed: new numbers of the first and the last row that stays but says something else, if any does.
    """

    gone: tuple[tuple[int, int], ...]
    come: tuple[tuple[int, int], ...]
    changed: tuple[int, int] | None


def compare(
    before: Sequence[VideoRow], now: Sequence[VideoRow], flipped: frozenset[str] = frozenset()
) -> Edits | None:
    """Return what makes `now` of `before`, or None when they are in another order or have little in common.

    Args:
        before: what was shown.
        now: what is to be shown.
        flipped: fingerprints of videos that the model remembers now and did not before, or the other way round.
    """
    old, new = {row.id: row for row in before}, {row.id for row in now}
    stay = [row.id for row in now if row.id in old]
    if not stay or stay != [row.id for row in before if row.id in new]:
        return None
    gone = _runs(i for i, row in enumerate(before) if row.id not in new)
    come = _runs(i for i, row in enumerate(now) if row.id not in old)
    if len(gone) + len(come) > MOST_EDITS:
        return None
    changed = [
        i
        for i, row in enumerate(now)
        if row.id in old and (row != old[row.id] or (flipped and row.fingerprint in flipped))
    ]
    return Edits(gone, come, (changed[0], changed[-1]) if changed else None)


def _runs(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Gather ascending numbers into (first, count)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and sum(runs[-1]) == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return tuple(runs)
