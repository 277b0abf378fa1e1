"""The layers of a cache as the tensors of a memory's file, in the model's precision or quantised."""

from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor

from retake_core.videollm.kv.cache import TEXT, VideoCache
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


@dataclass(frozen=True)
class StoredStates:
    """Keys, values and origins of every layer.

    Attributes:
        tensors: on the processor; by layer i: `origin.i`, int32 [n], and `keys.i` and `values.i`, which are
            [n, kv_heads, dimension], or flat codes with a `keys_grid.i` and a `values_grid.i`; see `Quantised`.
            Others may be among them.
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
        for index, layer in enumerate(cache.layers):
            tensors[f"origin.{index}"] = layer.origin.to("cpu", torch.int32)
            for (name, axis), states in zip(_AXES.items(), layer.entries, strict=True):
                if precision == "full":
                    tensors[f"{name}.{index}"] = states.cpu()
                else:
                    quantised = quantise(states.cpu(), axis, BITS[precision])
                    tensors[f"{name}.{index}"] = quantised.codes
                    tensors[f"{name}_grid.{index}"] = quantised.grid
        return cls(tensors, len(cache.layers), precision, str(cache.layers[0].dtype))

    @property
    def names(self) -> list[str]:
        """The names of its tensors."""
        kinds = ["origin", *_AXES]
        if self.precision != "full":
            kinds += [f"{name}_grid" for name in _AXES]
        return list(chain.from_iterable([f"{kind}.{i}" for kind in kinds] for i in range(self.layers)))

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
        for index in range(self.layers):
            states, origin = self.states(index), self.tensors[f"origin.{index}"]
            shape = keys[0].shape if keys else states[0].shape
            if not self._good(states, origin, shape, visual_tokens):
                raise ValueError("inconsistent")
            keys.append(states[0].to(device))
            values.append(states[1].to(device))
            origins.append(origin.to(device, torch.long))
        return VideoCache.of(keys, values, origins)

    def round(self, cache: VideoCache) -> None:
        """Put what is stored in the place of what a cache holds, layer by layer: it is never there twice."""
        if self.precision == "full":
            return
        for index, layer in enumerate(cache.layers):
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
