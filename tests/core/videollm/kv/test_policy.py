"""When and what the compressor evicts, on tensors alone."""

import pytest
import torch
from torch import Tensor

from retake_core.videollm.kv import pivotkv
from retake_core.videollm.kv.cache import TEXT, VideoCache
from retake_core.videollm.kv.policy import ChunkCompressor, Policy

LAYERS, HEADS, DIMENSION = 3, 2, 8
PAST, TEXT_TOKENS, STEPS, SIZE = 4, 2, 5, 6
VISUAL = STEPS * SIZE
SCALE = DIMENSION**-0.5


def states(seed: int, length: int) -> Tensor:
    return torch.randn(LAYERS, 1, HEADS, length, DIMENSION, generator=torch.Generator().manual_seed(seed)) * 2


QUERIES = states(0, TEXT_TOKENS + VISUAL)


def attended(policy: Policy, keep_ratio: float) -> ChunkCompressor:
    """Return a compressor whose chunk has been through all layers, behind a past of text."""
    keys, values = states(1, PAST + TEXT_TOKENS + VISUAL), states(2, PAST + TEXT_TOKENS + VISUAL)
    cache = VideoCache(LAYERS)
    compressor = ChunkCompressor(
        cache,
        policy,
        keep_ratio,
        length=TEXT_TOKENS + VISUAL,
        visual=torch.arange(TEXT_TOKENS, TEXT_TOKENS + VISUAL),
        tokens=torch.arange(100, 100 + VISUAL),
        steps=STEPS,
        pivots=torch.arange(VISUAL) % 5 == 0,
        delta=None,
        frequencies=torch.ones(DIMENSION // 2),
        axes=torch.zeros(DIMENSION // 2, dtype=torch.long),
        pivot_share=0.5,
    )
    for layer, query in enumerate(QUERIES):
        key, _ = cache.update(keys[layer], values[layer], layer)
        compressor.after_attention(layer, query, key, SCALE)
    return compressor


def kept(compressor: ChunkCompressor) -> list[list[int]]:
    """Return which visual tokens each layer kept."""
    return [(layer.origin[layer.origin != TEXT] - 100).tolist() for layer in compressor.cache.layers]


def scores(compressor: ChunkCompressor) -> Tensor:
    keys = [layer.keys[0][:, PAST + compressor.visual] for layer in compressor.cache.layers]
    queries = QUERIES[:, 0, :, TEXT_TOKENS:]
    return torch.stack([pivotkv.chunk_scores(*pair, SCALE) for pair in zip(queries, keys, strict=True)])


def test_every_layer_holds_the_chunk_until_the_pass_is_over() -> None:
    compressor = attended(Policy.PIVOTKV, 0.25)
    assert compressor.cache.lengths() == [PAST + TEXT_TOKENS + VISUAL] * LAYERS
    capacity = compressor.cache.stored_bytes
    compressor.evict()
    assert compressor.cache.lengths() == [PAST + TEXT_TOKENS + VISUAL // 4] * LAYERS
    assert compressor.cache.stored_bytes == capacity


@pytest.mark.parametrize("ratio", [0.1, 0.25, 0.5])
def test_pivotkv_chooses_by_what_all_layers_say(ratio: float) -> None:
    compressor = attended(Policy.PIVOTKV, ratio)
    values = [layer.values[0][:, PAST + compressor.visual] for layer in compressor.cache.layers]
    weighed = [pivotkv.weigh_by_values(*pair) for pair in zip(scores(compressor), values, strict=True)]
    shared = pivotkv.share_scores(torch.stack(weighed), ratio)
    expected = [pivotkv.select(own, int(ratio * VISUAL), compressor.pivots, 0.5).tolist() for own in shared]
    compressor.evict()
    assert kept(compressor) == expected


def test_by_layer_each_chooses_for_itself() -> None:
    compressor = attended(Policy.BY_LAYER, 0.25)
    expected = [pivotkv.select(own, VISUAL // 4, compressor.pivots, 0.5).tolist() for own in scores(compressor)]
    compressor.evict()
    assert kept(compressor) == expected
    shared = attended(Policy.PIVOTKV, 0.25)
    shared.evict()
    assert distinct(shared) < distinct(compressor)


def distinct(compressor: ChunkCompressor) -> int:
    return len({token for layer in kept(compressor) for token in layer})


def test_what_stays_is_what_was_there() -> None:
    compressor = attended(Policy.PIVOTKV, 0.25)
    before = [(layer.keys.clone(), layer.values.clone()) for layer in compressor.cache.layers]
    compressor.evict()
    for layer, (keys, values) in zip(compressor.cache.layers, before, strict=True):
        text = list(range(PAST + TEXT_TOKENS))
        visual = (layer.origin[layer.origin != TEXT] - 100 + PAST + TEXT_TOKENS).tolist()
        assert layer.origin[: len(text)].tolist() == [TEXT] * len(text)
        assert torch.equal(layer.keys, keys[:, :, text + visual])
        assert torch.equal(layer.values, values[:, :, text + visual])


@pytest.mark.parametrize("policy", list(Policy))
def test_where_everything_stays_all_rules_are_one(policy: Policy) -> None:
    compressor = attended(policy, 1.0)
    compressor.evict()
    assert kept(compressor) == [list(range(VISUAL))] * LAYERS


@pytest.mark.parametrize("policy", [policy for policy in Policy if policy is not Policy.FULL])
def test_all_rules_keep_to_the_budget(policy: Policy) -> None:
    compressor = attended(policy, 0.3)
    compressor.evict()
    assert [len(layer) for layer in kept(compressor)] == [9] * LAYERS
