"""Position ids: text behind everything, segments squeezed, chunks that join."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from retake_core.videollm.kv.positions import Cursor


def test_text_starts_behind_the_largest_row() -> None:
    long, _, _ = Cursor(3, free=5).open_segment().video(10, 2, 3)
    wide, _, _ = Cursor(3, free=5).open_segment().video(2, 2, 7)
    assert (long.free, wide.free) == (15, 12)
    after, positions = long.text(2)
    assert positions.tolist() == [[15, 16]] * 3
    assert after.free == 17


def test_a_grid_counts_time_then_rows_then_columns() -> None:
    _, run, end = Cursor(3, free=1).open_segment().video(2, 2, 2)
    assert run.tolist() == [[1, 1, 1, 1, 2, 2, 2, 2], [1, 1, 2, 2, 1, 1, 2, 2], [1, 2, 1, 2, 1, 2, 1, 2]]
    assert torch.equal(run, end)


@given(
    rows=st.sampled_from([1, 3]),
    parts=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    ratio=st.floats(0.05, 1.0),
    interval=st.sampled_from([1.0, 2.0, 0.4]),
)
def test_a_segment_in_chunks_equals_one_in_whole(
    rows: int, parts: list[int], ratio: float, interval: float
) -> None:
    start = Cursor(rows, ratio, interval, free=7).open_segment()
    whole, _, expected = start.video(sum(parts), 2, 3)
    cursor, ends = start, []
    for steps in parts:
        cursor, run, end = cursor.video(steps, 2, 3)
        ends.append(end)
        # A chunk runs right behind the squeezed past, in its natural distances.
        assert int(run[0, 0]) == int(end[0, 0])
        assert bool((run[0] >= end[0]).all())
        assert torch.equal(run[1:], end[1:])
    assert torch.equal(torch.cat(ends, dim=1), expected)
    assert cursor == whole
    assert cursor.free == int(expected.max()) + 1
    assert bool((expected[0].diff() >= 0).all())


def test_without_squeezing_chunks_run_where_they_stay() -> None:
    cursor = Cursor(3, 1.0, 2.0).open_segment()
    for _ in range(3):
        cursor, run, end = cursor.video(4, 2, 2)
        assert torch.equal(run, end)
    assert int(end[0].max()) == 22


def test_each_segment_starts_anew() -> None:
    cursor, _, first = Cursor(3, 0.25).open_segment().video(16, 2, 2)
    cursor, _ = cursor.text(3)
    _, _, second = cursor.open_segment().video(16, 2, 2)
    assert torch.equal(second - first, torch.full_like(first, cursor.free))
