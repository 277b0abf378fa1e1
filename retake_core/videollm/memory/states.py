"""The layers of a cache as the tensors of a memory's file, in the model's precision or quantised."""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from retake_core.videollm.kv.cache import TEXT, VideoCache
from retake_core.videollm.kv.linear import LinearState
from retake_core.videollm.memory.quantise import (
    BITS,
    KEYS_AXIS,
    VALUES_AXIS,
    MemoryPrecision,
    Quantised,
    dequantise,
    quantise,
)

_AXES = {"keys": KEYS_AXIS, "values": VALUES_AXIS}
_STATE = ("conv", "recurrent")


@dataclass(frozen=True)
class StoredStates:
    """Keys, values and origins of every layer that has them; the states of the others, which are always exact.

    Attributes:
        tensors: on the processor; by layer i: `origin.i`, int32 [n], and `keys.i` and `values.i`, which are
            [n, kv_heads, dimension], or flat codes with a `keys_grid.i` and a `values_grid.i`; see `Quantised`.
            Of a layer of linear attention `conv.i` and `recurrent.i`; see `LinearState`. Others may be among them.
        layers: how many.
        precision: in which keys and values lie there.
        dtype: of the cache, as torch names it.
    """

    tensors: dict[str, Tensor]
    layers: int
    precision: MemoryPrecision
    dtype: str

    @classmethod
    def of(cls, cache: VideoCache, precision: MemoryPrecision) -> "StoredStates":
        """Store a cache; where it lies on the processor in full precision, its own tensors are used."""
        tensors: dict[str, Tensor] = {}
        for index, layer in cache.attention.items():
            tensors[f"origin.{index}"] = layer.origin.to("cpu", torch.int32)
            for (name, axis), states in zip(_AXES.items(), layer.entries, strict=True):
                if precision == "full":
                    tensors[f"{name}.{index}"] = states.cpu()
                else:
                    quantised = quantise(states.cpu(), axis, BITS[precision])
                    tensors[f"{name}.{index}"] = quantised.codes
                    tensors[f"{name}_grid.{index}"] = quantised.grid
        for index, linear in cache.linear.items():
            state = linear.state
            assert state is not None, "nothing was written yet"
            tensors |= {f"{name}.{index}": getattr(state, name).cpu() for name in _STATE}
        dtype = next(iter(cache.attention.values())).dtype
        return cls(tensors, len(cache.layers), precision, str(dtype))

    @property
    def names(self) -> list[str]:
        """The names of its tensors."""
        kinds = ["origin", *_AXES]
        if self.precision != "full":
            kinds += [f"{name}_grid" for name in _AXES]
        return [f"{kind}.{i}" for i in range(self.layers) for kind in (_STATE if i in self.linear else kinds)]

    @cached_property
    def linear(self) -> set[int]:
        """The numbers of the layers of linear attention."""
        return {index for index in range(self.layers) if f"{_STATE[-1]}.{index}" in self.tensors}

    def states(self, index: int) -> tuple[Tensor, Tensor]:
        """Return keys and values of a layer on the processor, [n, kv_heads, dimension]."""
        keys, values = (self._states(name, index) for name in _AXES)
        return keys, values

    def cache(self, device: torch.device, visual_tokens: int) -> VideoCache:
        """Make the cache; one layer at a time is dequantised before it moves to the device.

        Args:
            device: where it is to lie.
            visual_tokens: of the video; every origin lies below.

        Raises:
            ValueError, KeyError, RuntimeError: something is missing, or does not fit. Found here, it cannot fail
                an answer later.
        """
        keys: list[Tensor] = []
        values: list[Tensor] = []
        origins: list[Tensor] = []
        kept: dict[int, LinearState] = {}
        for index in range(self.layers):
            if index in self.linear:
                kept[index] = self._linear_state(index, next(iter(kept.values()), None)).to(device)
                continue
            states, origin = self.states(index), self.tensors[f"origin.{index}"]
            shape = keys[0].shape if keys else states[0].shape
            if not self._good(states, origin, shape, visual_tokens):
                raise ValueError("inconsistent")
            keys.append(states[0].to(device))
            values.append(states[1].to(device))
            origins.append(origin.to(device, torch.long))
        if not keys:
            raise ValueError("inconsistent")
        return VideoCache.of(keys, values, origins, kept)

    def round(self, cache: VideoCache) -> None:
        """Put what is stored in the place of what a cache holds, layer by layer: it is never there twice."""
        if self.precision == "full":
            return
        for index, layer in cache.attention.items():
            keys, values = (states.transpose(0, 1)[None].to(layer.device) for states in self.states(index))
            layer.replace_tail(layer.get_seq_length(), keys, values, layer.origin.clone())

    def _good(self, states: tuple[Tensor, Tensor], origin: Tensor, shape: torch.Size, visual_tokens: int) -> bool:
        return (
            len(shape) == 3
            and all(each.shape == shape and str(each.dtype) == self.dtype for each in states)
            and origin.shape == shape[:1]
            and int(origin.min()) >= TEXT
            and int(origin.max()) < visual_tokens
        )

    def _linear_state(self, index: int, first: LinearState | None) -> LinearState:
        state = LinearState(*(self.tensors[f"{name}.{index}"] for name in _STATE))
        first = first or state
        shapes = [(each.conv.shape, each.recurrent.shape) for each in (state, first)]
        dtypes = [str(state.conv.dtype), state.recurrent.dtype]
        ranks = (state.conv.ndim, state.recurrent.ndim)
        if shapes[0] != shapes[1] or dtypes != [self.dtype, torch.float32] or ranks != (3, 4):
            raise ValueError("inconsistent")
        return state

    def _states(self, name: str, index: int) -> Tensor:
        stored = self.tensors[f"{name}.{index}"]
        if self.precision == "full":
            return stored
        dtype = getattr(torch, self.dtype.removeprefix("torch."))
        entries, axis = len(self.tensors[f"origin.{index}"]), _AXES[name]
        quantised = Quantised(stored, self.tensors[f"{name}_grid.{index}"])
        # Values lie along their channels, whose number the keys' grid tells.
        length = entries if axis == KEYS_AXIS else self.tensors[f"keys_grid.{index}"].shape[-1]
        return dequantise(quantised, length, axis, BITS[self.precision], dtype)
