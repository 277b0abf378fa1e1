"""Which entries of a chunk stay: PivotKV, and the baselines that it is measured against."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import torch
from torch import Tensor

from retake_core.videollm.kv import pivotkv
from retake_core.videollm.kv.cache import TEXT, VideoCache


class Policy(StrEnum):
    """A rule of eviction. All but PIVOTKV are there to be measured."""

    PIVOTKV = "pivotkv"
    """Pivots first, then what attention fetches, in which all layers have a say."""
    BY_LAYER = "by-layer"
    """Pivots first, then each layer's own attention scores, as the paper has it."""
    ATTENTION = "attention"
    """Each layer's own attention scores alone, as SnapKV does with the chunk as its window of observation."""
    UNIFORM = "uniform"
    """Whole time steps, evenly apart."""
    RANDOM = "random"
    """Entries at random, the same on every run."""
    FULL = "full"
    """Everything."""


_SCORED = (Policy.PIVOTKV, Policy.BY_LAYER, Policy.ATTENTION)


@dataclass
class ChunkCompressor:
    """Scores a chunk in every layer of a pass over it, then shrinks every layer's part of the cache to the budget.

    It is an `AttentionObserver`: a forward pass over the chunk calls it. `PrefixWriter` makes one for each chunk.
    That all layers hold the chunk until the pass is over takes no more memory: each had room for it anyway.

    Example: 4 time steps of 9 tokens behind 5 text tokens, of which 9 entries stay in each layer::

        compressor = ChunkCompressor(
            cache, Policy.PIVOTKV, keep_ratio=0.25, length=41, visual=torch.arange(5, 41),
            tokens=torch.arange(36), steps=4, pivots=peaks(distances(features)).flatten(), delta=None,
            frequencies=frequencies, axes=axes, pivot_share=PIVOT_SHARE,
        )
        with watched(family.model):
            family.forward(embeds, positions, cache, compressor)
        compressor.evict()

    Attributes:
        cache: the cache that the chunk is written to.
        policy: the rule.
        keep_ratio: the fraction of visual entries that stays.
        length: tokens in the chunk.
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
    length: int
    visual: Tensor
    tokens: Tensor
    steps: int
    pivots: Tensor
    delta: Tensor | None
    frequencies: Tensor
    axes: Tensor
    pivot_share: float
    _scores: list[Tensor] = field(default_factory=list, init=False)

    def after_attention(self, layer: int, query: Tensor, key: Tensor, scale: float) -> None:
        """Score the chunk in one layer; see `AttentionObserver`."""
        if self.policy in _SCORED and self._keep < len(self.visual):
            place = key.shape[2] - self.length + self.visual
            scores = pivotkv.chunk_scores(query[0][:, self.visual], key[0][:, place], scale)
            if self.policy is Policy.PIVOTKV:
                scores = pivotkv.weigh_by_values(scores, self.cache.attention[layer].values[0][:, place])
            self._scores.append(scores)

    def evict(self) -> None:
        """Shrink every layer, once the pass over the chunk is over."""
        device = self.visual.device
        origin = torch.full((self.length,), TEXT, dtype=torch.long, device=device)
        origin[self.visual] = self.tokens.to(device)
        for states, chosen in zip(self.cache.attention.values(), self._choose(), strict=True):
            stays = torch.ones(self.length, dtype=torch.bool, device=device)
            stays[self.visual] = False
            stays[self.visual[chosen.to(device)]] = True
            index = stays.nonzero()[:, 0]
            place = states.get_seq_length() - self.length + index
            keys = states.keys[..., place, :]
            if self.delta is not None:
                keys = pivotkv.rotate_keys(keys, self.delta[:, index], self.frequencies, self.axes)
            states.replace_tail(self.length, keys, states.values[..., place, :], origin[index])

    @property
    def _keep(self) -> int:
        return pivotkv.keep_count(self.keep_ratio, len(self.visual))

    def _choose(self) -> Iterator[Tensor]:
        """Yield for each layer which of the chunk's visual tokens stay: int64, ascending."""
        total, keep, layers = len(self.visual), self._keep, len(self.cache.attention)
        if self.policy is Policy.FULL or keep == total:
            yield from [torch.arange(total)] * layers
        elif self.policy is Policy.UNIFORM:
            yield from [uniform_steps(total, self.steps, keep)] * layers
        elif self.policy is Policy.RANDOM:
            for layer in range(layers):
                generator = torch.Generator().manual_seed(int(self.tokens[0]) * 1009 + layer)
                yield torch.randperm(total, generator=generator)[:keep].sort().values
        else:
            scores = torch.stack(self._scores)
            if self.policy is Policy.PIVOTKV:
                scores = pivotkv.share_scores(scores, self.keep_ratio)
            pivots = None if self.policy is Policy.ATTENTION else self.pivots
            yield from (pivotkv.select(own, keep, pivots, self.pivot_share) for own in scores)


def uniform_steps(total: int, steps: int, keep: int) -> Tensor:
    """Take `keep` of `total` tokens from as few time steps as hold them, evenly apart: int64, ascending."""
    size = total // steps
    whole = pivotkv.spread(steps, min(steps, -(-keep // size)))
    tokens = (whole[:, None] * size + torch.arange(size)).flatten()
    return tokens[pivotkv.spread(len(tokens), keep)]
