"""Which entries of a chunk stay: PivotKV, and the baselines that it is measured against."""

from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor

from retake_core.videollm.kv import pivotkv
from retake_core.videollm.kv.cache import TEXT, VideoCache


class Policy(StrEnum):
    """A rule of eviction. All but PIVOTKV are there to be measured."""

    PIVOTKV = "pivotkv"
    """Pivots first, then attention scores."""
    ATTENTION = "attention"
    """Attention scores alone, as SnapKV does with the chunk as its window of observation."""
    UNIFORM = "uniform"
    """Whole time steps, evenly apart."""
    RANDOM = "random"
    """Entries at random, the same on every run."""
    FULL = "full"
    """Everything."""


@dataclass
class ChunkCompressor:
    """Shrinks each layer's part of the cache to the budget, as soon as the layer has attended to the chunk.

    It is an `AttentionObserver`: a forward pass over the chunk calls it. `PrefixWriter` makes one for each chunk.

    Example: 4 time steps of 9 tokens behind 5 text tokens, of which 9 entries stay in each layer::

        compressor = ChunkCompressor(
            cache, Policy.PIVOTKV, keep_ratio=0.25, visual=torch.arange(5, 41), tokens=torch.arange(36), steps=4,
            pivots=peaks(distances(features)).flatten(), delta=None, frequencies=frequencies, axes=axes,
            pivot_share=PIVOT_SHARE,
        )
        with watched(family.model):
            family.forward(embeds, positions, cache, compressor)

    Attributes:
        cache: the cache that the chunk is written to.
        policy: the rule.
        keep_ratio: the fraction of visual entries that stays.
        visual: int64, [L], where in the chunk its visual tokens are; all others are protected.
        tokens: int64, [L], the origin of each visual token: its number in the whole video.
        steps: time steps in the chunk.
        pivots: bool, [L].
        delta: int64, [rows, chunk], how far each token moves when the chunk is squeezed in time, or None.
        frequencies: float32, [F], the rotary frequencies.
        axes: int64, [F], which row of `delta` turns each frequency.
        pivot_share: the part of the budget that pivots may take.
    """

    cache: VideoCache
    policy: Policy
    keep_ratio: float
    visual: Tensor
    tokens: Tensor
    steps: int
    pivots: Tensor
    delta: Tensor | None
    frequencies: Tensor
    axes: Tensor
    pivot_share: float

    def after_attention(self, layer: int, query: Tensor, key: Tensor, scale: float) -> None:
        """Compress one layer; see `AttentionObserver`."""
        length = query.shape[2]
        states = self.cache.attention[layer]
        kept = self.visual[self._choose(layer, query, key, scale)]
        stays = torch.ones(length, dtype=torch.bool, device=key.device)
        stays[self.visual] = False
        stays[kept] = True
        index = stays.nonzero()[:, 0]
        origin = torch.full((length,), TEXT, dtype=torch.long, device=key.device)
        origin[self.visual] = self.tokens.to(key.device)
        past = key.shape[2] - length
        keys = states.keys[..., past + index, :]
        if self.delta is not None:
            keys = pivotkv.rotate_keys(keys, self.delta[:, index], self.frequencies, self.axes)
        states.replace_tail(length, keys, states.values[..., past + index, :], origin[index])

    def _choose(self, layer: int, query: Tensor, key: Tensor, scale: float) -> Tensor:
        """Return which of the chunk's visual tokens stay: int64, ascending."""
        total = len(self.visual)
        keep = pivotkv.keep_count(self.keep_ratio, total)
        device = query.device
        if self.policy is Policy.FULL or keep == total:
            return torch.arange(total, device=device)
        if self.policy is Policy.UNIFORM:
            return uniform_steps(total, self.steps, keep).to(device)
        if self.policy is Policy.RANDOM:
            generator = torch.Generator().manual_seed(int(self.tokens[0]) * 1009 + layer)
            return torch.randperm(total, generator=generator)[:keep].sort().values.to(device)
        past = key.shape[2] - query.shape[2]
        scores = pivotkv.chunk_scores(query[0][:, self.visual], key[0][:, past + self.visual], scale)
        pivots = self.pivots if self.policy is Policy.PIVOTKV else None
        return pivotkv.select(scores, keep, pivots, self.pivot_share)


def uniform_steps(total: int, steps: int, keep: int) -> Tensor:
    """Take `keep` of `total` tokens from as few time steps as hold them, evenly apart: int64, ascending."""
    size = total // steps
    whole = pivotkv.spread(steps, min(steps, -(-keep // size)))
    tokens = (whole[:, None] * size + torch.arange(size)).flatten()
    return tokens[pivotkv.spread(len(tokens), keep)]
