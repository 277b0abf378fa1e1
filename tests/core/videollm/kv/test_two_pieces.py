"""Attention in two pieces against attention with a mask: alone, and in whole models."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from retake_core.videollm.families.base import Family
from retake_core.videollm.kv import two_pieces
from retake_core.videollm.kv.attention import watched_attention
from retake_core.videollm.kv.two_pieces import Kernel, attend, flash, kernel_for, memory_efficient, on_processor
from tests.support import tiny

CPU = torch.device("cpu")
EXACT = {torch.float32: 2e-6, torch.float16: 4e-3, torch.bfloat16: 3e-2}


def like_a_cards_kernel(
    query: Tensor, key: Tensor, value: Tensor, causal: bool, scale: float
) -> tuple[Tensor, Tensor]:
    """What `memory_efficient` promises, written out: float32 sums, rows padded to a multiple of 32."""
    logits = query.float() @ key.float().transpose(2, 3) * scale
    if causal:
        logits = logits.masked_fill(torch.ones(logits.shape[2:]).triu(1).bool(), -math.inf)
    sums = functional.pad(logits.logsumexp(dim=3), (0, -logits.shape[2] % 32), value=math.inf)
    return (logits.softmax(dim=3) @ value.float()).to(query.dtype), sums


def states(length: int, past: int, kv_heads: int, groups: int, dimension: int, dtype: torch.dtype) -> list[Tensor]:
    """Random query, key and value, the latter laid out as a cache has them."""
    torch.manual_seed(length * 7919 + past)
    query = torch.randn(1, length, kv_heads * groups, dimension).to(dtype).transpose(1, 2)
    stores = torch.randn(2, past + length, kv_heads, dimension).to(dtype)
    return [query, *(store.transpose(0, 1)[None] for store in stores)]


def masked(query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
    """The same in float32, by one softmax under a mask."""
    query, key, value = query.float(), key.float(), value.float()
    length, keys = query.shape[2], key.shape[2]
    mask = torch.ones(length, keys, dtype=torch.bool).tril(keys - length)
    return functional.scaled_dot_product_attention(query, key, value, mask, scale=scale, enable_gqa=True)


@pytest.mark.parametrize("kernel", [on_processor, like_a_cards_kernel])
@settings(deadline=None, max_examples=60)
@given(
    length=st.integers(2, 70),
    past=st.integers(1, 200),
    kv_heads=st.integers(1, 3),
    groups=st.integers(1, 7),
    dimension=st.sampled_from([8, 24, 64]),
    dtype=st.sampled_from(list(EXACT)),
    scale=st.sampled_from([0.02, 0.125, 3.0]),
)
def test_two_pieces_are_the_whole(
    kernel: Kernel,
    length: int,
    past: int,
    kv_heads: int,
    groups: int,
    dimension: int,
    dtype: torch.dtype,
    scale: float,
) -> None:
    query, key, value = states(length, past, kv_heads, groups, dimension, dtype)
    joined = attend(query, key, value, scale, kernel)
    assert joined.dtype == dtype
    difference = (joined.float() - masked(query, key, value, scale)).abs().max()
    # Steep logits multiply the rounding of their products.
    assert float(difference) <= EXACT[dtype] * max(1.0, scale * dimension**0.5)


@pytest.mark.parametrize("offset", [-400.0, 400.0])
def test_one_piece_may_outweigh_the_other_beyond_any_exponential(offset: float) -> None:
    query, key, value = states(5, 9, 1, 2, 8, torch.float32)
    query[..., 0], key[..., 0] = 1.0, 0.0
    key[:, :, :9, 0] = offset
    assert torch.allclose(attend(query, key, value, 1.0, on_processor), masked(query, key, value, 1.0), atol=1e-3)


@pytest.mark.parametrize("kernel", [flash, memory_efficient])
@pytest.mark.parametrize("length", [17, 64])
def test_a_cards_kernels_take_what_they_are_given(kernel: Kernel, length: int) -> None:
    """On PyTorch's device without data, which checks calls and shapes as a card would."""
    query, key, value = (each.to("meta") for each in states(length, 100, 2, 3, 64, torch.float16))
    joined = attend(query, key, value, 0.1, kernel)
    assert (joined.shape, joined.dtype) == (query.shape, torch.float16)


def test_only_long_attention_is_taken_apart() -> None:
    assert kernel_for(CPU, torch.float32, 64, two_pieces.MIN_KEYS) is on_processor
    assert kernel_for(CPU, torch.float32, 64, two_pieces.MIN_KEYS - 1) is None
    assert kernel_for(torch.device("meta"), torch.float16, 64, 1 << 20) is None


@pytest.mark.parametrize(
    ("has_flash", "has_efficient", "chosen"),
    [(True, True, flash), (False, True, memory_efficient), (False, False, None)],
)
def test_a_card_runs_the_kernel_that_it_has(
    has_flash: bool, has_efficient: bool, chosen: Kernel | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # PyTorch says what a card can do; here it speaks of one that is not there.
    cuda, empty = torch.backends.cuda, torch.empty
    monkeypatch.setattr(torch, "empty", lambda *shape, **how: empty(*shape, **how | {"device": "cpu"}))
    monkeypatch.setattr(cuda, "can_use_flash_attention", lambda _: has_flash)
    monkeypatch.setattr(cuda, "can_use_efficient_attention", lambda _: has_efficient)
    monkeypatch.setattr(torch.version, "hip", None)
    choose, card = two_pieces.kernel_on.__wrapped__, torch.device("cuda")
    assert choose(card, torch.float16, 64) is chosen
    assert choose(card, torch.float16, 60) is None
    monkeypatch.setattr(torch.version, "hip", "6.4")
    assert choose(card, torch.float16, 64) is None


def test_a_long_past_has_no_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a mask was made")

    query, key, value = states(4, two_pieces.MIN_KEYS, 1, 2, 8, torch.float32)
    monkeypatch.setattr("retake_core.videollm.kv.attention.sdpa_attention_forward", refuse)
    output, _ = watched_attention(nn.Module(), query, key, value, None, scaling=0.3)
    assert torch.allclose(output.transpose(1, 2), masked(query, key, value, 0.3), atol=1e-5)


@pytest.mark.parametrize("ratio", [1.0, 0.3])
def test_a_model_reads_and_answers_alike_with_and_without_masks(
    family: Family, ratio: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = tiny.tiny_reading(keep_ratio=ratio, frames=30)
    plain = tiny.read_tiny(family, reading)
    expected = tiny.question_logits(family, plain)
    calls = []

    def counted(query: Tensor, key: Tensor, value: Tensor, scale: float, kernel: Kernel) -> Tensor:
        calls.append(query.shape)
        return attend(query, key, value, scale, kernel)

    monkeypatch.setattr(two_pieces, "MIN_KEYS", 2)
    monkeypatch.setattr("retake_core.videollm.kv.attention.attend", counted)
    memory = tiny.read_tiny(family, reading)
    logits = tiny.question_logits(family, memory)
    assert len(calls) > 3 * len(plain.cache.attention)
    assert torch.allclose(logits, expected, atol=1e-4)
    for ours, theirs in zip(memory.cache.attention.values(), plain.cache.attention.values(), strict=True):
        assert torch.equal(ours.origin, theirs.origin)
        assert torch.allclose(ours.keys, theirs.keys, atol=1e-4)
    assert torch.equal(tiny.question_logits(family, memory), logits)
