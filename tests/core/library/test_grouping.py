"""Grouping faces: what looks alike comes together, in whatever order it comes; what is named stays what it is."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retake_core.library.grouping import KnownFaces, group_faces

SAME = 0.5
NOBODY = KnownFaces(np.zeros((0, 8), np.float32), np.zeros(0, np.int64))


def faces_of(person: int, count: int, seed: int, spread: float = 0.1) -> NDArray[np.float32]:
    """Return vectors of one person: those of others are more than 1 apart."""
    noise = np.random.default_rng(seed).normal(0, spread / np.sqrt(8), (count, 8))
    found: NDArray[np.float32] = (np.eye(8)[person] + noise).astype(np.float32)
    return found


def partition(labels: Sequence[int]) -> set[frozenset[int]]:
    return {frozenset(i for i, other in enumerate(labels) if other == label) for label in labels}


def in_batches(vectors: NDArray[np.float32], sizes: Sequence[int]) -> list[int]:
    """Group vectors as a library does that gets them in parts."""
    people = np.zeros(0, np.int64)
    start = 0
    for size in sizes:
        new = vectors[start : start + size]
        known = KnownFaces(vectors[:start], people, untouched=set(people.tolist()))
        result = group_faces(new, known, SAME, {})
        offset = int(people.max(initial=0))
        for child, parent in result.joined.items():
            people[people == child] = parent
        added = [label if label > 0 else offset - label for label in result.people]
        people = np.concatenate([people, np.array(added, np.int64)])
        start += size
    return [int(label) for label in people]


def test_faces_of_one_person_come_together_and_others_stay_apart() -> None:
    vectors = np.concatenate([faces_of(person, 12, person) for person in range(4)])
    result = group_faces(vectors, NOBODY, SAME, {})
    assert partition(result.people) == {frozenset(range(12 * i, 12 * i + 12)) for i in range(4)}
    assert result.joined == {}


@settings(max_examples=60, deadline=None)
@given(
    counts=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    seed=st.integers(0, 10_000),
    cut=st.integers(1, 6),
)
def test_neither_order_nor_batches_matter(counts: list[int], seed: int, cut: int) -> None:
    vectors = np.concatenate([faces_of(person, count, seed + person) for person, count in enumerate(counts)])
    truth = np.repeat(np.arange(len(counts)), counts)
    order = np.random.default_rng(seed).permutation(len(vectors))
    sizes = [cut] * (len(vectors) // cut) + ([len(vectors) % cut] if len(vectors) % cut else [])
    assert partition(in_batches(vectors[order], sizes)) == partition(truth[order].tolist())


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.permutations(range(10)))
def test_the_order_of_hard_faces_does_not_matter_within_a_batch(seed: int, order: list[int]) -> None:
    vectors = np.random.default_rng(seed).normal(0, 0.3, (10, 8)).astype(np.float32)
    straight = partition(group_faces(vectors, NOBODY, SAME, {}).people)
    mixed = group_faces(vectors[order], NOBODY, SAME, {}).people
    back = [0] * 10
    for place, original in enumerate(order):
        back[original] = mixed[place]
    assert partition(back) == straight


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), spread=st.floats(0.05, 1.5))
def test_named_groups_are_never_joined_into_others(seed: int, spread: float) -> None:
    known = np.concatenate([faces_of(0, 4, seed, spread), faces_of(1, 4, seed + 1, spread)])
    new = np.concatenate([faces_of(i, 5, seed + 9 + i, spread) for i in range(3)])
    people = np.repeat(np.array([7, 8]), 4)
    result = group_faces(new, KnownFaces(known, people), SAME, {})
    assert result.joined == {}
    assert all(label in (7, 8) or label < 0 for label in result.people)


def test_new_faces_join_those_they_are_near_to() -> None:
    known = KnownFaces(np.concatenate([faces_of(0, 5, 1), faces_of(1, 5, 2)]), np.repeat(np.array([3, 9]), 5))
    result = group_faces(np.concatenate([faces_of(1, 3, 4), faces_of(5, 2, 5)]), known, SAME, {})
    assert result.people == [9, 9, 9, -1, -1]


def test_one_stray_face_does_not_draw_a_group_to_another() -> None:
    stray = np.concatenate([faces_of(0, 9, 1), faces_of(1, 1, 2)])  # a face that was put wrongly
    result = group_faces(faces_of(1, 4, 4), KnownFaces(stray, np.full(10, 3)), SAME, {})
    assert result.people == [-1] * 4


def test_one_face_is_enough_where_somebody_put_it_there() -> None:
    vectors = np.concatenate([faces_of(0, 9, 1), faces_of(1, 1, 2)])
    known = KnownFaces(vectors, np.full(10, 3), by_hand=np.arange(10) == 9)
    assert group_faces(faces_of(1, 4, 4), known, SAME, {}).people == [3] * 4


def test_who_a_face_is_not_it_never_becomes() -> None:
    known = KnownFaces(faces_of(0, 5, 1), np.full(5, 3))
    assert group_faces(faces_of(0, 2, 4), known, SAME, {}).people == [3, 3]
    assert group_faces(faces_of(0, 2, 4), known, SAME, {0: {3}, 1: {3}}).people == [-1, -1]


@pytest.mark.parametrize(
    ("untouched", "apart", "joined"),
    [({3, 9}, (), {9: 3}), ({9}, (), {9: 3}), ({3}, (), {3: 9}), ((), (), {}), ({3, 9}, {(9, 3)}, {})],
)
def test_groups_that_new_faces_connect_become_one_unless_somebody_named_both(
    untouched: set[int], apart: set[tuple[int, int]], joined: dict[int, int]
) -> None:
    left, right = np.zeros((4, 8), np.float32), np.zeros((4, 8), np.float32)
    left[:, 0], right[:, 0] = -0.4, 0.4  # 0.8 apart: two groups, until there are faces in the middle
    left[:, 1] = right[:, 1] = [0.0, 0.01, 0.02, 0.03]
    known = KnownFaces(np.concatenate([left, right]), np.repeat(np.array([3, 9]), 4), None, untouched, apart)
    result = group_faces(np.zeros((6, 8), np.float32), known, SAME, {})
    assert result.joined == joined
    assert len(set(result.people)) == 1
