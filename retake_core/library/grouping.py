"""Which faces are of one person, by their vectors alone: chinese whispers, then what is known. Pure functions.

Faces that are in a group stay in it: new ones join groups, or make new ones. So no name ever moves to other faces.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

ROUNDS = 20  # of whispers at most; they settle in three or four
NEAR = (
    3  # faces of a person that a face is close to before it counts as that person's; all, where there are fewer.
)
# One is enough that somebody put there by hand.
ENOUGH = 0.5  # of the faces of a new group, that are near a person, for it to be that person's
_ROWS = 256  # that are compared at once


@dataclass(frozen=True, slots=True)
class KnownFaces:
    """Faces that are in groups.

    Attributes:
        vectors: float32 [n, dimension].
        people: int64 [n], the group of each.
        by_hand: bool [n], whether a person put it there; None is none of them.
        untouched: groups that nobody has named, hidden or changed; they may become part of others.
        apart: pairs of groups that are two people, for certain.
    """

    vectors: NDArray[np.float32]
    people: NDArray[np.int64]
    by_hand: NDArray[np.bool_] | None = None
    untouched: Collection[int] = ()
    apart: Collection[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Grouping:
    """What became of new faces.

    Attributes:
        people: of each: a known group, or a new one: -1, -2 and so on.
        joined: untouched groups that are part of another one now: which, and of which.
    """

    people: list[int]
    joined: dict[int, int] = field(default_factory=dict)


def group_faces(
    new: NDArray[np.float32], known: KnownFaces, same: float, barred: Mapping[int, Collection[int]]
) -> Grouping:
    """Put faces into groups.

    Args:
        new: vectors of faces without a group, float32 [m, dimension].
        known: what there is.
        same: how far apart two faces of one person are at most.
        barred: groups that a face is not in, by hand, by its row in `new`.
    """
    links = _Links(new, known, same)
    people = [0] * len(new)
    joined: dict[int, int] = {}
    fresh = 0
    for rows in _whispered(new, same):
        never = {person for row in rows for person in barred.get(row, ())}
        wanted = [person for person in links.of(rows) if person not in never]
        # What another group has told in this very call may be gone, or part of another one, by now.
        wanted = list(dict.fromkeys(joined.get(person, person) for person in wanted))
        if not wanted:
            fresh -= 1
            wanted = [fresh]
        first, *others = sorted(wanted, key=lambda person: person in known.untouched)  # stable
        for row in rows:
            people[row] = first
        for other in others:
            if other in known.untouched and not {(first, other), (other, first)} & set(known.apart):
                joined = {child: first if parent == other else parent for child, parent in joined.items()}
                joined[other] = first
                people = [first if person == other else person for person in people]
    return Grouping(people, joined)


class _Links:
    """How many faces of each known group are close to each new face."""

    def __init__(self, new: NDArray[np.float32], known: KnownFaces, same: float) -> None:
        order = np.argsort(known.people, kind="stable")
        people = known.people[order]
        self._people, starts = np.unique(people, return_index=True)
        sizes = np.diff(np.append(starts, len(people)))
        self._near = np.zeros((len(new), len(self._people)), bool)
        vectors = known.vectors[order]
        weights = np.ones(len(people), np.int64)
        if known.by_hand is not None:
            weights[known.by_hand[order]] = NEAR
        for first in range(0, len(new), _ROWS) if len(people) else ():
            close = _close(new[first : first + _ROWS], vectors, same)
            counts = np.add.reduceat(close * weights, starts, axis=1)
            self._near[first : first + _ROWS] = counts >= np.minimum(sizes, NEAR)

    def of(self, rows: Sequence[int]) -> list[int]:
        """Return the groups that enough of some new faces are near to, that of most of them first."""
        shares = self._near[rows].mean(axis=0)
        order = np.argsort(-shares, kind="stable")
        return [int(self._people[number]) for number in order if shares[number] >= ENOUGH]


def _whispered(vectors: NDArray[np.float32], same: float) -> Iterator[list[int]]:
    """Yield groups of rows, by chinese whispers: each says what most of its neighbours say, until nothing changes.

    The result depends on the faces alone, not on their order.
    """
    order = np.lexsort(vectors.T)
    close = np.concatenate(
        [_close(vectors[order[i : i + _ROWS]], vectors[order], same) for i in range(0, len(order), _ROWS)]
        or [np.zeros((0, 0), bool)]
    )
    np.fill_diagonal(close, val=False)
    said = np.arange(len(order))
    turns = np.random.default_rng(0).permutation(len(order))
    for _ in range(ROUNDS):
        before = said.copy()
        for one in turns:
            heard = said[close[one]]
            if len(heard):
                said[one] = np.bincount(heard).argmax()
        if np.array_equal(before, said):
            break
    for word in np.unique(said):
        yield sorted(int(row) for row in order[said == word])


def _close(some: NDArray[np.float32], others: NDArray[np.float32], same: float) -> NDArray[np.bool_]:
    """Tell which vectors are no further apart than `same`: bool [some, others]."""
    squares = (some**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * some @ others.T
    close: NDArray[np.bool_] = squares <= same**2
    return close
