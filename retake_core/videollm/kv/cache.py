"""The KV cache of one video, which knows for every entry what part of the video it came from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import Cache
from transformers.cache_utils import DynamicLayer

from retake_core.videollm.kv.linear import LinearLayer, LinearState

TEXT = -1
"""The origin of an entry that is not a visual token."""

MIN_ROOM = 256
"""Entries that storage grows by at least: a question and the start of its answer."""


class VideoLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """Keys and values of one layer, and the original visual token of every entry.

    They lie in storage with room to grow, entry by entry, so that a chunk or a token is written in place:
    joining tensors would copy the whole layer each time, and leave memory in pieces of every size.

    Attributes:
        keys: [1, kv_heads, entries, dimension], a view of the storage; so are values and origin.
        origin: int64, [entries], the index of the visual token in the whole video, or TEXT.
    """

    keys: Tensor
    values: Tensor
    origin: Tensor
    _stores: tuple[Tensor, Tensor, Tensor]

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._reserved = 0

    def reserve(self, entries: int) -> None:
        """Let the storage hold so many entries from its next growth on."""
        self._reserved = entries

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Start empty on the device and in the dtype of the first states."""
        heads, device = key_states.shape[1], key_states.device
        self.fill(
            key_states.new_empty(0, heads, key_states.shape[3]),
            value_states.new_empty(0, heads, value_states.shape[3]),
            torch.empty(0, dtype=torch.long, device=device),
        )

    def fill(self, keys: Tensor, values: Tensor, origin: Tensor) -> None:
        """Take tensors as the storage: keys and values [entries, kv_heads, dimension], origin int64 [entries]."""
        self.dtype, self.device, self.is_initialized = keys.dtype, keys.device, True
        self._stores = keys, values, origin
        self._show(len(origin))

    @property
    def entries(self) -> tuple[Tensor, Tensor]:
        """Keys and values, [entries, kv_heads, dimension], contiguous."""
        length = self.get_seq_length()
        return self._stores[0][:length], self._stores[1][:length]

    @property
    def stored_bytes(self) -> int:
        """Bytes that keys and values take, room to grow included."""
        return sum(store.numel() * store.element_size() for store in self._stores[:2])

    def get_seq_length(self) -> int:
        """Return how many entries there are."""
        return self.keys.shape[2] if self.is_initialized else 0

    def update(self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:  # noqa: ARG002
        """Append states, [1, kv_heads, n, dimension], as text until `replace_tail` says otherwise."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        text = torch.full((key_states.shape[2],), TEXT, dtype=torch.long, device=self.device)
        self._write(self.get_seq_length(), key_states, value_states, text)
        return self.keys, self.values

    def replace_tail(self, length: int, keys: Tensor, values: Tensor, origin: Tensor) -> None:
        """Put fewer or other entries in the place of the last `length`.

        Args:
            length: how many entries go.
            keys: [1, kv_heads, n, dimension], no view of this layer.
            values: [1, kv_heads, n, dimension], no view of this layer.
            origin: int64, [n].
        """
        self._write(self.get_seq_length() - length, keys, values, origin)

    def truncate(self, length: int) -> None:
        """Drop what came after the first `length` entries."""
        if self.is_initialized:
            self._show(min(length, self.get_seq_length()))

    def crop(self, tokens_to_remove: int) -> None:
        """Drop the last entries; the number is negative, as transformers has it."""
        self.truncate(self.get_seq_length() - abs(tokens_to_remove))

    @torch.inference_mode()
    def _write(self, start: int, keys: Tensor, values: Tensor, origin: Tensor) -> None:
        end = start + len(origin)
        if end > len(self._stores[2]):
            self._grow(start, max(self._reserved, end + max(MIN_ROOM, end // 8)))
        for store, states in zip(self._stores[:2], (keys, values), strict=True):
            store[start:end] = states[0].transpose(0, 1)
        self._stores[2][start:end] = origin
        self._show(end)

    def _grow(self, length: int, capacity: int) -> None:
        grown = []
        for store in self._stores:
            larger = store.new_empty(capacity, *store.shape[1:])
            larger[:length] = store[:length]
            grown.append(larger)
        self._stores = grown[0], grown[1], grown[2]

    def _show(self, length: int) -> None:
        keys, values, origin = self._stores
        self.keys, self.values = (store[:length].transpose(0, 1)[None] for store in (keys, values))
        self.origin = origin[:length]


@dataclass(frozen=True)
class Mark:
    """A state of a cache that it can go back to.

    Attributes:
        lengths: entries of each layer of full attention.
        states: copies of the states of each layer of linear attention.
    """

    lengths: list[int]
    states: list[LinearState | None]


class VideoCache(Cache):
    """The layers of one video's compressed prefix, plus whatever question stands behind it.

    Attributes:
        layers: all of them, as transformers counts them.
        attention: those of full attention, by their number: only they have entries.
        linear: those of linear attention, by their number.
    """

    layers: list[Any]

    def __init__(self, layer_count: int, linear: Collection[int] = ()) -> None:
        """Start empty.

        Args:
            layer_count: of the model.
            linear: the numbers of its layers of linear attention.
        """
        super().__init__(layers=[LinearLayer() if i in linear else VideoLayer() for i in range(layer_count)])
        self.attention: dict[int, VideoLayer] = {}
        self.linear: dict[int, LinearLayer] = {}
        for index, layer in enumerate(self.layers):
            if isinstance(layer, VideoLayer):
                self.attention[index] = layer
            else:
                self.linear[index] = layer

    @classmethod
    def of(
        cls,
        keys: Sequence[Tensor],
        values: Sequence[Tensor],
        origins: Sequence[Tensor],
        states: Mapping[int, LinearState] | None = None,
    ) -> "VideoCache":
        """Make a cache of what was stored.

        Args:
            keys: of each layer of full attention, [n, kv_heads, dimension].
            values: as `keys`.
            origins: int64, [n].
            states: of the layers of linear attention, by their number.
        """
        states = states or {}
        cache = cls(len(keys) + len(states), states)
        for layer, key, value, origin in zip(cache.attention.values(), keys, values, origins, strict=True):
            layer.fill(key, value, origin.to(key.device))
        for index, state in states.items():
            cache.linear[index].fill(state)
        return cache

    def reserve(self, entries: int) -> None:
        """Let every layer hold so many entries from its next growth on."""
        for layer in self.attention.values():
            layer.reserve(entries)

    def lengths(self) -> list[int]:
        """Return how many entries every layer of full attention holds."""
        return [layer.get_seq_length() for layer in self.attention.values()]

    def mark(self) -> Mark:
        """Return what `rewind` needs to come back here; entries stay where they are, states are copied."""
        states = (layer.state for layer in self.linear.values())
        return Mark(self.lengths(), [None if state is None else state.clone() for state in states])

    def rewind(self, mark: Mark) -> None:
        """Go back to a mark, to the bit, from whatever was written since; a mark serves any number of times."""
        for layer, length in zip(self.attention.values(), mark.lengths, strict=True):
            layer.truncate(length)
        for linear, state in zip(self.linear.values(), mark.states, strict=True):
            linear.restore(state)

    @property
    def nbytes(self) -> int:
        """Bytes of keys and values that the entries take."""
        filled = [layer for layer in self.attention.values() if layer.is_initialized]
        states = [states for layer in filled for states in (layer.keys, layer.values)]
        return sum(tensor.numel() * tensor.element_size() for tensor in states)

    @property
    def state_bytes(self) -> int:
        """Bytes of the states of linear attention."""
        return sum(layer.state.nbytes for layer in self.linear.values() if layer.state is not None)

    @property
    def stored_bytes(self) -> int:
        """Bytes that keys and values take, room to grow included, and states."""
        entries = sum(layer.stored_bytes for layer in self.attention.values() if layer.is_initialized)
        return entries + self.state_bytes
