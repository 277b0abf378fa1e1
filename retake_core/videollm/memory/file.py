"""The file of one memory: safetensors, with its key and a checksum in the header."""

import json
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from retake_core.system.files import replacing
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.memory.header import READABLE, MemoryHeader
from retake_core.videollm.memory.index import SUFFIX, digest
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.memory.quantise import MemoryPrecision, stored_bytes
from retake_core.videollm.memory.states import StoredStates
from retake_core.videollm.reading import CODE_VERSION, MAX_RATE, Reading
from retake_core.videollm.shape import ModelShape

_ROUNDING = 0.02
"""Parts that two readings of one budget may differ in what they keep."""
_SIZES = ("rate", "frames", "long_side", "keep_ratio", "budget", "chunk_frames")
"""What of a reading says how much is read and kept, and in which pieces."""


@dataclass(frozen=True)
class MemoryKey:
    """What a memory depends on. Two keys that differ in anything never share one.

    Attributes:
        fingerprint: of the video's content.
        model: id or folder of the model.
        revision: of its weights.
        dtype: of keys and values, as torch names it.
        reading: how the video is read.
        code: version of the code that made it.
    """

    fingerprint: str
    model: str
    revision: str
    dtype: str
    reading: Reading
    code: int = CODE_VERSION

    def text(self) -> str:
        """Return the key as JSON, always written the same way."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def of(cls, text: str) -> "MemoryKey":
        """Read a key back from `text`.

        Raises:
            ValueError, KeyError, TypeError: it is none, or of another version.
        """
        parts = json.loads(text)
        reading = parts["reading"]
        return cls(**parts | {"reading": Reading(**reading | {"policy": Policy(reading["policy"])})})

    def serves(self, other: "MemoryKey") -> bool:
        """Return whether the memory of this key holds all that one of the other would, or more.

        How it was read in pieces does not count, nor for which budget.
        """
        mine, wanted = self.reading, other.reading
        sizes: dict[str, Any] = {name: getattr(wanted, name) for name in _SIZES}
        sizes["guided"] = mine.guided if mine.rate < MAX_RATE else wanted.guided  # all frames need no guide
        same = replace(mine, **sizes) == wanted and replace(self, reading=wanted) == other
        kept, least = (
            reading.frames * reading.keep_ratio * reading.long_side**2 for reading in (mine, wanted)
        )  # a video with fewer pixels is planned at the side that it has
        as_close = mine.frames >= wanted.frames and mine.long_side >= wanted.long_side
        return same and as_close and kept >= least * (1 - _ROUNDING)

    def filename(self) -> str:
        """Return the name of its file."""
        return f"{digest(self.fingerprint)}-{digest(self.text())}{SUFFIX}"


def memory_bytes(memory: Memory, precision: MemoryPrecision = "full") -> int:
    """Return about how large a memory's file is."""
    layers = 0
    for layer in memory.cache.attention.values():
        _, heads, entries, dimension = layer.keys.shape
        layers += stored_bytes(entries, heads, dimension, layer.keys.element_size(), precision)
    return layers + memory.cache.state_bytes + 4 * sum(memory.cache.lengths()) + 12 * len(memory.times)


def planned_bytes(shape: ModelShape, entries: int, itemsize: int, precision: MemoryPrecision) -> int:
    """Return about how large the file of a memory will be.

    Args:
        shape: of the model.
        entries: of each layer that has any.
        itemsize: bytes of a number in the model's precision.
        precision: in which it will be stored.
    """
    layer = stored_bytes(entries, shape.kv_heads, shape.head_dim, itemsize, precision)
    return shape.attention_layers * (layer + 4 * entries) + shape.state_bytes(itemsize)


def write_memory(path: Path, key: MemoryKey, memory: Memory, precision: MemoryPrecision = "full") -> None:
    """Write a memory so that a crash leaves the old file or the new one, never half of one.

    Where the precision is lower than the model's, the memory is rounded to what its file holds as soon as that is
    written: the first answer is the one that every later question of the same words gets.

    Raises:
        OSError: the disk is full or not writable; nothing is left behind, and the memory is as it was.
    """
    states = StoredStates.of(memory.cache, precision)
    tensors = states.tensors | {
        "times": torch.tensor(memory.times, dtype=torch.float64),
        "baseline": memory.baseline.float().contiguous(),
    }
    metadata = MemoryHeader(key.text(), _state(memory, tensors, precision)).metadata()
    with replacing(path) as temporary:
        try:
            save_file(tensors, temporary, metadata=metadata)
        except SafetensorError as error:
            raise OSError(str(error)) from error
    states.round(memory.cache)


def _state(memory: Memory, tensors: dict[str, Tensor], precision: MemoryPrecision) -> dict[str, Any]:
    state = {
        "free": memory.free,
        "tokens_per_step": memory.tokens_per_step,
        "keep_ratio": memory.keep_ratio,
        "layers": len(memory.cache.layers),
        "precision": precision,
    }
    return state | {"checksum": checksum(tensors, state)}


def checksum(tensors: dict[str, Tensor], state: dict[str, Any]) -> int:
    """Return the CRC-32 of all contents: safetensors notices a short file, but not a flipped bit."""
    numbers = {name: value for name, value in state.items() if name != "checksum"}
    crc = zlib.crc32(json.dumps(numbers, sort_keys=True).encode())
    for name in sorted(tensors):
        flat = tensors[name].reshape(-1).view(torch.uint8)
        crc = zlib.crc32(flat.numpy().data, crc)
    return crc


def read_memory(path: Path, key: MemoryKey, device: torch.device) -> Memory:
    """Read a memory file, trusting nothing in it.

    Raises:
        SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError: the file is damaged, cut
            short, or made for another key.
    """
    header, tensors = _contents(path)
    if header.key != key.text():
        raise ValueError("made for another key")
    state = header.state
    states = StoredStates(tensors, state["layers"], state.get("precision", "full"), key.dtype)
    _check(tensors, states)
    return Memory(
        cache=states.cache(device, len(tensors["times"]) * state["tokens_per_step"]),
        free=int(state["free"]),
        times=tensors["times"].tolist(),
        tokens_per_step=int(state["tokens_per_step"]),
        keep_ratio=float(state["keep_ratio"]),
        baseline=tensors["baseline"],
    )


def verify(path: Path) -> None:
    """Read a memory file whole, for whichever key it was made.

    Raises:
        As `read_memory`.
    """
    header, _ = _contents(path)
    json.loads(header.key)


def _contents(path: Path) -> tuple[MemoryHeader, dict[str, Tensor]]:
    with safe_open(path, framework="pt", backend="pread") as file:
        header = MemoryHeader.of(file.metadata())
        if header.format not in READABLE:
            raise ValueError("of another format")
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    if checksum(tensors, header.state) != header.state["checksum"]:
        raise ValueError("damaged")
    return header, tensors


def _check(tensors: dict[str, Tensor], states: StoredStates) -> None:
    """Raise ValueError unless there is all that belongs to a memory, and nothing else."""
    steps = len(tensors["times"])
    if steps == 0 or tensors["baseline"].shape != (steps,) or len(tensors) != len(states.names) + 2:
        raise ValueError("inconsistent")
