"""A small memory of a video, as tests store and compare it."""

import torch

from retake_core.videollm.kv.cache import VideoCache
from retake_core.videollm.memory.file import MemoryKey
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.reading import Reading

CPU = torch.device("cpu")
KEY = MemoryKey("video", "model", "revision", "torch.float32", Reading(rate=2.0, frames=8))


def small_memory(entries: int = 6) -> Memory:
    origin = torch.arange(entries) - 1
    states = [torch.randn(entries, 2, 4) for _ in range(4)]
    cache = VideoCache.of(states[:2], states[2:], [origin, origin])
    return Memory(cache, free=9, times=[0.5, 1.5, 2.5], tokens_per_step=4, keep_ratio=0.5, baseline=torch.rand(3))


def same(one: Memory, other: Memory) -> bool:
    tensors = [
        torch.equal(getattr(a, name), getattr(b, name))
        for a, b in zip(one.cache.attention.values(), other.cache.attention.values(), strict=True)
        for name in ("keys", "values", "origin")
    ]
    assert one.cache.linear.keys() == other.cache.linear.keys()
    for index, layer in one.cache.linear.items():
        states = layer.state, other.cache.linear[index].state
        assert all(states)
        tensors += [
            torch.equal(getattr(states[0], name), getattr(states[1], name)) for name in ("conv", "recurrent")
        ]
    about = [(m.free, m.times, m.tokens_per_step, m.keep_ratio) for m in (one, other)]
    return all(tensors) and about[0] == about[1] and torch.equal(one.baseline, other.baseline)
