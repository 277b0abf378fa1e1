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
from retake_core.videollm.kv.cache import TEXT, VideoCache
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.memory.header import FORMAT, MemoryHeader
from retake_core.videollm.memory.index import SUFFIX, digest
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.reading import CODE_VERSION, MAX_RATE, Reading

_ROUNDING = 0.02
"""Parts that two readings of one budget may differ in what they keep."""
_SIZES = ("rate", "frames", "keep_ratio", "budget", "chunk_frames")
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
        kept, least = (reading.frames * reading.keep_ratio for reading in (mine, wanted))
        return same and mine.frames >= wanted.frames and kept >= least * (1 - _ROUNDING)

    def filename(self) -> str:
        """Return the name of its file."""
        return f"{digest(self.fingerprint)}-{digest(self.text())}{SUFFIX}"


def memory_bytes(memory: Memory) -> int:
    """Return about how large a memory's file is."""
    return memory.cache.nbytes + 4 * sum(memory.cache.lengths()) + 12 * len(memory.times)


def write_memory(path: Path, key: MemoryKey, memory: Memory) -> None:
    """Write a memory so that a crash leaves the old file or the new one, never half of one.

    Raises:
        OSError: the disk is full or not writable; nothing is left behind.
    """
    tensors = _tensors(memory)
    metadata = MemoryHeader(key.text(), _state(memory, tensors)).metadata()
    with replacing(path) as temporary:
        try:
            save_file(tensors, temporary, metadata=metadata)
        except SafetensorError as error:
            raise OSError(str(error)) from error


def _tensors(memory: Memory) -> dict[str, Tensor]:
    tensors = {
        "times": torch.tensor(memory.times, dtype=torch.float64),
        "baseline": memory.baseline.float().contiguous(),
    }
    for index, layer in enumerate(memory.cache.layers):
        keys, values = layer.entries
        tensors[f"keys.{index}"], tensors[f"values.{index}"] = keys.cpu(), values.cpu()
        tensors[f"origin.{index}"] = layer.origin.to("cpu", torch.int32)
    return tensors


def _state(memory: Memory, tensors: dict[str, Tensor]) -> dict[str, Any]:
    state = {
        "free": memory.free,
        "tokens_per_step": memory.tokens_per_step,
        "keep_ratio": memory.keep_ratio,
        "layers": len(memory.cache.layers),
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
    _check(tensors, state, key)
    layers = range(state["layers"])
    return Memory(
        cache=VideoCache.of(
            [tensors[f"keys.{i}"].to(device) for i in layers],
            [tensors[f"values.{i}"].to(device) for i in layers],
            [tensors[f"origin.{i}"].to(device, torch.long) for i in layers],
        ),
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
    with safe_open(path, framework="pt", device="cpu") as file:
        header = MemoryHeader.of(file.metadata())
        if header.format != FORMAT:
            raise ValueError("of another format")
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    if checksum(tensors, header.state) != header.state["checksum"]:
        raise ValueError("damaged")
    return header, tensors


def _check(tensors: dict[str, Tensor], state: dict[str, Any], key: MemoryKey) -> None:
    """Raise ValueError unless the contents fit one another, so that nothing fails later, in an answer."""
    steps, layers = len(tensors["times"]), state["layers"]
    shape = tensors["keys.0"].shape
    good = (
        len(shape) == 3
        and steps > 0
        and tensors["baseline"].shape == (steps,)
        and len(tensors) == 3 * layers + 2
        and all(
            tensors[f"{name}.{i}"].shape == shape and str(tensors[f"{name}.{i}"].dtype) == key.dtype
            for i in range(layers)
            for name in ("keys", "values")
        )
        and all(
            tensors[f"origin.{i}"].shape == shape[:1]
            and int(tensors[f"origin.{i}"].min()) >= TEXT
            and int(tensors[f"origin.{i}"].max()) < steps * state["tokens_per_step"]
            for i in range(layers)
        )
    )
    if not good:
        raise ValueError("inconsistent")
