"""The KV cache of one video, which knows for every entry what part of the video it came from."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers import Cache
from transformers.cache_utils import DynamicLayer

TEXT = -1
"""The origin of an entry that is not a visual token."""


class VideoLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """Keys and values of one layer, and the original visual token of every entry.

    Attributes:
        origin: int64, [entries], the index of the visual token in the whole video, or TEXT.
    """

    keys: Tensor
    values: Tensor
    origin: Tensor

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Start empty on the device and in the dtype of the first states."""
        super().lazy_initialization(key_states, value_states)
        self.origin = torch.empty(0, dtype=torch.long, device=key_states.device)

    def update(self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        """Append states, [1, kv_heads, n, dimension], as text until `replace_tail` says otherwise."""
        keys, values = super().update(key_states, value_states, *args, **kwargs)
        fresh = torch.full((key_states.shape[-2],), TEXT, dtype=torch.long, device=self.origin.device)
        self.origin = torch.cat([self.origin, fresh])
        return keys, values

    def replace_tail(self, length: int, keys: Tensor, values: Tensor, origin: Tensor) -> None:
        """Put fewer or other entries in the place of the last `length`.

        Args:
            length: how many entries go.
            keys: [1, kv_heads, n, dimension].
            values: [1, kv_heads, n, dimension].
            origin: int64, [n].
        """
        past = self.get_seq_length() - length
        self.keys = torch.cat([self.keys[..., :past, :], keys], dim=-2)
        self.values = torch.cat([self.values[..., :past, :], values], dim=-2)
        self.origin = torch.cat([self.origin[:past], origin.to(self.origin.device)])

    def truncate(self, length: int) -> None:
        """Drop what came after the first `length` entries."""
        if self.is_initialized:
            self.keys = self.keys[..., :length, :]
            self.values = self.values[..., :length, :]
            self.origin = self.origin[:length]

    def crop(self, tokens_to_remove: int) -> None:
        """Drop the last entries; the number is negative, as transformers has it."""
        self.truncate(self.get_seq_length() - abs(tokens_to_remove))


class VideoCache(Cache):
    """The layers of one video's compressed prefix, plus whatever question stands behind it."""

    layers: list[VideoLayer]  # type: ignore[assignment]

    def __init__(self, layer_count: int) -> None:
        super().__init__(layers=[VideoLayer() for _ in range(layer_count)])  # type: ignore[no-untyped-call]

    @classmethod
    def of(cls, keys: Sequence[Tensor], values: Sequence[Tensor], origins: Sequence[Tensor]) -> "VideoCache":
        """Make a cache of stored layers: keys and values [1, kv_heads, n, dimension], origins int64 [n]."""
        cache = cls(len(keys))
        for layer, key, value, origin in zip(cache.layers, keys, values, origins, strict=True):
            layer.lazy_initialization(key, value)
            layer.keys, layer.values, layer.origin = key, value, origin.to(key.device)
        return cache

    def lengths(self) -> list[int]:
        """Return how many entries every layer holds."""
        return [layer.get_seq_length() for layer in self.layers]

    def truncate(self, lengths: Sequence[int]) -> None:
        """Go back to earlier lengths; what lies before them was never touched."""
        for layer, length in zip(self.layers, lengths, strict=True):
            layer.truncate(length)

    @property
    def nbytes(self) -> int:
        """Bytes of keys and values that the entries take."""
        filled = [layer for layer in self.layers if layer.is_initialized]
        states = [states for layer in filled for states in (layer.keys, layer.values)]
        return sum(tensor.numel() * tensor.element_size() for tensor in states)
