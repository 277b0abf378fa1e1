"""A video as a model remembers it: the compressed KV cache, and where its entries came from."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from retake_core.videollm.kv.cache import VideoCache


@dataclass(frozen=True)
class Memory:
    """The state after a video's prefill, before any question.

    Attributes:
        cache: the compressed prefix: text before the video, the video, its ending.
        free: the position of the first token behind it.
        times: seconds of every time step.
        tokens_per_step: visual tokens of one time step before compression, of the largest where they differ.
        keep_ratio: the fraction of visual tokens that the reading was to keep.
        baseline: float32, [steps], what each time step draws from any token; see `BaselineCollector`.
    """

    cache: VideoCache
    free: int
    times: list[float]
    tokens_per_step: int
    keep_ratio: float
    baseline: Tensor

    @property
    def visual_tokens(self) -> int:
        """Visual tokens before compression."""
        return len(self.times) * self.tokens_per_step

    @property
    def kept_tokens(self) -> int:
        """Visual entries of a layer after compression; all layers that have any have the same number."""
        return int((next(iter(self.cache.attention.values())).origin >= 0).sum())

    def with_baseline(self, baseline: Tensor) -> "Memory":
        """Return the memory with a measured baseline."""
        return replace(self, baseline=baseline)

    def kept_by_step(self) -> Tensor:
        """Return which share of each time step's tokens is left: float32, [steps], a mean over full attention."""
        count = torch.zeros(len(self.times))
        for layer in self.cache.attention.values():
            origin = layer.origin[layer.origin >= 0].cpu()
            count += torch.bincount(origin // self.tokens_per_step, minlength=len(self.times))
        return count / (len(self.cache.attention) * self.tokens_per_step)
