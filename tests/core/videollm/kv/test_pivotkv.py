"""Scoring, selection and the temporal map, against their definitions."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from retake_core.videollm.kv import pivotkv


def materialised_scores(query: Tensor, key: Tensor, scale: float) -> Tensor:
    """The definition: one softmax over the whole matrix, key heads repeated."""
    repeated = key.double().repeat_interleave(query.shape[0] // key.shape[0], dim=0)
    weights = (query.double() @ repeated.transpose(1, 2) * scale).softmax(dim=-1)
    return weights.sum(dim=1).mean(dim=0)


@settings(deadline=None, max_examples=60)
@given(
    kv_heads=st.integers(1, 3),
    groups=st.integers(1, 4),
    length=st.integers(1, 40),
    block=st.integers(1, 20_000),
    seed=st.integers(0, 1000),
)
def test_scores_in_blocks_equal_the_whole_matrix(
    kv_heads: int, groups: int, length: int, block: int, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    query = torch.randn(kv_heads * groups, length, 8, generator=generator) * 3
    key = torch.randn(kv_heads, length, 8, generator=generator) * 3
    scores = pivotkv.chunk_scores(query, key, 0.35, block_bytes=block)
    assert torch.allclose(scores.double(), materialised_scores(query, key, 0.35), atol=1e-4, rtol=1e-4)
    assert math.isclose(float(scores.mean()), 1.0, rel_tol=1e-4)


def test_scores_of_half_precision_are_computed_in_float32() -> None:
    query, key = torch.randn(4, 50, 16).bfloat16(), torch.randn(2, 50, 16).bfloat16()
    scores = pivotkv.chunk_scores(query, key, 0.25)
    assert scores.dtype == torch.float32
    assert torch.allclose(scores, pivotkv.chunk_scores(query.float(), key.float(), 0.25))


def test_each_query_head_reads_its_own_key_head() -> None:
    query, key = torch.randn(4, 20, 8), torch.randn(2, 20, 8)
    swapped = pivotkv.chunk_scores(query, key.flip(0), 1.0)
    assert not torch.allclose(swapped, pivotkv.chunk_scores(query, key, 1.0), atol=1e-3)


@settings(deadline=None, max_examples=100)
@given(data=st.data(), length=st.integers(1, 60))
def test_selection_keeps_pivots_first_then_the_highest_scores(data: st.DataObject, length: int) -> None:
    # Few distinct values, so that ties are common.
    scores = torch.tensor(
        data.draw(st.lists(st.integers(0, 6), min_size=length, max_size=length)), dtype=torch.float
    )
    pivots = torch.tensor(data.draw(st.lists(st.booleans(), min_size=length, max_size=length)))
    keep = data.draw(st.integers(1, length))
    cap = data.draw(st.integers(0, keep))
    kept = pivotkv.select(scores, keep, pivots, cap / keep)
    assert len(kept) == keep
    assert kept.tolist() == sorted(set(kept.tolist()))
    mask = torch.zeros(length, dtype=torch.bool)
    mask[kept] = True
    assert int((mask & pivots).sum()) >= min(cap, int(pivots.sum()))
    out = scores[~mask]
    if len(out):
        # Nothing outside beats what the scores alone let in, pivot or not.
        first_pivots = pivotkv.strongest(scores, cap, pivots)
        assert float(scores[mask & ~first_pivots].min() if (mask & ~first_pivots).any() else 99) >= float(
            out.min() if not (mask & ~first_pivots).any() else out.max()
        )


def test_pivots_of_low_score_stay_up_to_their_share_of_the_budget() -> None:
    scores = torch.arange(100.0)
    pivots = torch.zeros(100, dtype=torch.bool)
    pivots[:30] = True
    kept = pivotkv.select(scores, 20, pivots).tolist()
    assert kept == [*range(15, 30), *range(95, 100)]


def test_in_the_papers_form_pivots_take_all_of_the_budget() -> None:
    pivots = torch.zeros(100, dtype=torch.bool)
    pivots[:30] = True
    kept = pivotkv.select(torch.arange(100).float(), 20, pivots, pivot_share=1.0)
    assert kept.tolist() == list(range(10, 30))


def test_selection_without_pivots_is_by_score_alone() -> None:
    assert pivotkv.select(torch.tensor([0.1, 3.0, 0.2, 2.0]), 2).tolist() == [1, 3]


@given(length=st.integers(1, 10_000), percent=st.integers(1, 100))
def test_keep_count_is_the_floor_and_at_least_one(length: int, percent: int) -> None:
    assert pivotkv.keep_count(percent / 100, length) == max(1, length * percent // 100)


@pytest.mark.parametrize("ratio", [0.0, -0.5, 1.5, math.nan])
def test_a_keep_ratio_outside_its_range_is_refused(ratio: float) -> None:
    with pytest.raises(ValueError, match="keep ratio"):
        pivotkv.keep_count(ratio, 10)


@given(ratio=st.floats(0.01, 1.0), steps=st.integers(1, 300))
def test_the_position_map_is_monotone_and_shrinks(ratio: float, steps: int) -> None:
    mapped = pivotkv.squeeze(torch.arange(steps), ratio)
    assert mapped[0] == 0
    assert bool((mapped.diff() >= 0).all())
    assert bool((mapped.diff() <= 1).all())
    assert bool((mapped <= torch.arange(steps)).all())
    assert int(mapped[-1]) == math.floor(ratio * (steps - 1) + 1e-9)


def test_ratio_one_maps_every_position_to_itself() -> None:
    assert torch.equal(pivotkv.squeeze(torch.arange(500), 1.0), torch.arange(500))


@given(length=st.integers(1, 200), data=st.data())
def test_spread_is_distinct_and_even(length: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, length))
    index = pivotkv.spread(length, count)
    assert int(index[0]) >= 0
    assert int(index[-1]) < length
    if count > 1:
        assert int(index.diff().min()) >= length // count
        assert int(index.diff().max()) <= -(-length // count)


def rotate(states: Tensor, positions: Tensor, frequencies: Tensor, axes: Tensor) -> Tensor:
    """Rotary embedding by its definition: each pair of dimensions turned as a complex number."""
    count = len(frequencies)
    angles = positions[axes].T.double() * frequencies.double()
    pairs = torch.complex(states[..., :count].double(), states[..., count : 2 * count].double())
    turned = pairs * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag, states[..., 2 * count :].double()], dim=-1)


@pytest.mark.parametrize("interleaved", [False, True])
def test_moving_rotated_keys_equals_rotating_to_the_new_place(interleaved: bool) -> None:
    frequencies = 1 / 10000 ** (torch.arange(8) / 8)
    axes = pivotkv.frequency_axes(8, [4, 2, 2], interleaved)
    keys = torch.randn(1, 2, 30, 20)  # four dimensions are not rotated at all
    old, new = torch.randint(0, 500, (3, 30)), torch.randint(0, 500, (3, 30))
    moved = pivotkv.rotate_keys(rotate(keys, old, frequencies, axes).float(), new - old, frequencies, axes)
    assert torch.allclose(moved.double(), rotate(keys, new, frequencies, axes), atol=1e-4)


def test_frequencies_belong_to_the_axes_that_the_models_give_them() -> None:
    assert pivotkv.frequency_axes(6, None, False).tolist() == [0] * 6
    assert pivotkv.frequency_axes(8, [2, 3, 3], False).tolist() == [0, 0, 1, 1, 1, 2, 2, 2]
    assert pivotkv.frequency_axes(8, [4, 2, 2], True).tolist() == [0, 1, 2, 0, 1, 2, 0, 0]


def test_layers_share_their_scores_the_more_the_more_entries_stay() -> None:
    scores = torch.rand(5, 40, generator=torch.Generator().manual_seed(0))
    scores /= scores.mean(dim=1, keepdim=True)
    mean = scores.mean(dim=0)
    assert torch.allclose(pivotkv.share_scores(scores, 0.1), scores + 0.2 * (mean - scores))
    assert torch.allclose(pivotkv.share_scores(scores, 0.25), scores + 0.5 * (mean - scores))
    for ratio in (0.5, 0.9):
        assert torch.allclose(pivotkv.share_scores(scores, ratio), mean.expand_as(scores))


def test_one_layer_has_nobody_to_share_with() -> None:
    scores = torch.rand(1, 40)
    assert torch.allclose(pivotkv.share_scores(scores, 0.25), scores)


def test_attention_counts_by_what_it_fetches() -> None:
    scores, value = torch.tensor([4.0, 1.0, 1.0]), torch.tensor([0.0, 1.0, 3.0])[None, :, None].expand(2, 3, 5)
    assert torch.allclose(pivotkv.weigh_by_values(scores, value), torch.tensor([0.0, 0.75, 2.25]))
    assert pivotkv.weigh_by_values(scores, value.bfloat16() * 7).dtype == torch.float32
    assert not pivotkv.weigh_by_values(scores, torch.zeros(2, 3, 5)).any()
