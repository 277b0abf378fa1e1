"""Saved memories: one safetensors file for each video, model and way of reading, within a quota."""

import hashlib
import json
import os
import tempfile
import time
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from retake_core.videollm.cache import TEXT, VideoCache
from retake_core.videollm.memory import Memory
from retake_core.videollm.reading import CODE_VERSION, Reading

FORMAT = 1
SUFFIX = ".memory"
PIN = ".pin"
WRITING = ".writing-"
ABANDONED_SECONDS = 3600.0
DEFAULT_QUOTA = 20 * 10**9


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

    def filename(self) -> str:
        """Return the file's name; names say nothing of the video."""
        return f"{_digest(self.fingerprint)}-{_digest(self.text())}{SUFFIX}"


@dataclass(frozen=True)
class StoredMemory:
    """One file of the store.

    Attributes:
        path: the file.
        size: bytes.
        used: when it was last used, seconds since 1970.
        pinned: whether it is never evicted.
        fingerprint: of its video, "" when the header cannot be read.
        model: its model.
    """

    path: Path
    size: int
    used: float
    pinned: bool
    fingerprint: str
    model: str


class MemoryStore:
    """A folder of memories, the least recently used evicted first.

    Files are trusted no further than their header and checksum: what does not fit is dropped and rebuilt.
    """

    def __init__(self, folder: Path, quota: int = DEFAULT_QUOTA) -> None:
        self.folder, self.quota = folder, quota

    def load(self, key: MemoryKey, device: torch.device) -> Memory | None:
        """Return the memory of a key, or None when there is none that can be used.

        A file that is damaged, cut short or made for another key is deleted.
        """
        path = self.folder / key.filename()
        try:
            memory = _read(path, key, device)
        except FileNotFoundError:
            return None
        except (SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError):
            path.unlink(missing_ok=True)
            return None
        os.utime(path)  # the time of the last use decides over eviction
        return memory

    def has(self, key: MemoryKey) -> bool:
        """Return whether there is a file for a key, good or not."""
        return (self.folder / key.filename()).exists()

    def save(self, key: MemoryKey, memory: Memory) -> bool:
        """Write a memory, whole or not at all; what was used longest ago makes room for it.

        Returns:
            False when the quota has no room for it beside what is pinned.

        Raises:
            OSError: the disk is full or not writable; nothing is left behind.
        """
        tensors = _tensors(memory)
        size = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
        path = self.folder / key.filename()
        if not self._make_room(size, path):
            return False
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        header = {"format": str(FORMAT), "key": key.text(), "state": json.dumps(_state(memory, tensors))}
        handle, name = tempfile.mkstemp(prefix=WRITING, dir=self.folder)  # mode 0600
        temporary = Path(name)
        try:
            os.close(handle)
            save_file(tensors, temporary, metadata=header)
            temporary.chmod(0o600)
            _sync(temporary)
            temporary.replace(path)
            _sync(self.folder)
        except SafetensorError as error:
            raise OSError(str(error)) from error
        finally:
            temporary.unlink(missing_ok=True)
        return True

    def list(self) -> list[StoredMemory]:
        """Return all memories, the least recently used first."""
        found = []
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            about = _about(path)
            pinned = self._pin_file(path.name.partition("-")[0]).exists()
            found.append(StoredMemory(path, status.st_size, status.st_mtime, pinned, about[0], about[1]))
        return sorted(found, key=lambda stored: stored.used)

    def size(self) -> int:
        """Return the bytes that all memories take."""
        return sum(stored.size for stored in self.list())

    def pin(self, fingerprint: str, pinned: bool = True) -> None:
        """Protect a video's memories from eviction, or give them free."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        mark = self._pin_file(_digest(fingerprint))
        if pinned:
            mark.touch(mode=0o600)
        else:
            mark.unlink(missing_ok=True)

    def evict(self, fingerprint: str) -> int:
        """Delete a video's memories, pinned or not. Returns the bytes that are free again."""
        prefix = _digest(fingerprint) + "-"
        return _delete(stored for stored in self.list() if stored.path.name.startswith(prefix))

    def enforce_quota(self) -> int:
        """Evict until the quota holds, as after it was lowered. Returns the bytes that are free again."""
        before = self.size()
        self._make_room(0, None)
        return before - self.size()

    def _make_room(self, size: int, replaced: Path | None) -> bool:
        others = [stored for stored in self.list() if stored.path != replaced]
        held = sum(stored.size for stored in others if stored.pinned)
        if held + size > self.quota:
            if replaced is not None:
                return False
            size = max(0, self.quota - held)
        excess = sum(stored.size for stored in others) + size - self.quota
        for stored in others:
            if excess <= 0:
                break
            if not stored.pinned:
                excess -= _delete([stored])
        return True

    def _sweep(self) -> None:
        """Delete what a process that died was writing."""
        for path in self.folder.glob(f"{WRITING}*"):
            if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                path.unlink(missing_ok=True)

    def _pin_file(self, digest: str) -> Path:
        return self.folder / (digest + PIN)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _delete(memories: Iterable[StoredMemory]) -> int:
    freed = 0
    for stored in memories:
        stored.path.unlink(missing_ok=True)
        freed += stored.size
    return freed


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tensors(memory: Memory) -> dict[str, Tensor]:
    tensors = {
        "times": torch.tensor(memory.times, dtype=torch.float64),
        "baseline": memory.baseline.float().contiguous(),
    }
    for index, layer in enumerate(memory.cache.layers):
        tensors[f"keys.{index}"] = layer.keys.cpu().contiguous()
        tensors[f"values.{index}"] = layer.values.cpu().contiguous()
        tensors[f"origin.{index}"] = layer.origin.to("cpu", torch.int32)
    return tensors


def _state(memory: Memory, tensors: dict[str, Tensor]) -> dict[str, Any]:
    return {
        "free": memory.free,
        "tokens_per_step": memory.tokens_per_step,
        "keep_ratio": memory.keep_ratio,
        "layers": len(memory.cache.layers),
        "checksum": _checksum(tensors),
    }


def _checksum(tensors: dict[str, Tensor]) -> int:
    """CRC-32 of all contents: safetensors notices a short file, but not a flipped bit."""
    checksum = 0
    for name in sorted(tensors):
        flat = tensors[name].reshape(-1).view(torch.uint8)
        checksum = zlib.crc32(memoryview(flat.numpy()), checksum)
    return checksum


def _read(path: Path, key: MemoryKey, device: torch.device) -> Memory:
    with safe_open(path, framework="pt", device="cpu") as file:
        header = file.metadata() or {}
        if header.get("format") != str(FORMAT) or header.get("key") != key.text():
            raise ValueError("made for another key")
        state = json.loads(header["state"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    if _checksum(tensors) != state["checksum"]:
        raise ValueError("damaged")
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


def _check(tensors: dict[str, Tensor], state: dict[str, Any], key: MemoryKey) -> None:
    """Raise ValueError unless the contents fit one another, so that nothing fails later, in an answer."""
    steps, layers = len(tensors["times"]), state["layers"]
    shape = tensors["keys.0"].shape
    good = (
        len(shape) == 4
        and steps > 0
        and tensors["baseline"].shape == (steps,)
        and len(tensors) == 3 * layers + 2
        and all(
            tensors[f"{name}.{i}"].shape == shape and str(tensors[f"{name}.{i}"].dtype) == key.dtype
            for i in range(layers)
            for name in ("keys", "values")
        )
        and all(
            tensors[f"origin.{i}"].shape == shape[2:3]
            and int(tensors[f"origin.{i}"].min()) >= TEXT
            and int(tensors[f"origin.{i}"].max()) < steps * state["tokens_per_step"]
            for i in range(layers)
        )
    )
    if not good:
        raise ValueError("inconsistent")


def _about(path: Path) -> tuple[str, str]:
    try:
        with safe_open(path, framework="pt") as file:
            key = json.loads((file.metadata() or {})["key"])
        return str(key["fingerprint"]), str(key["model"])
    except (SafetensorError, OSError, ValueError, KeyError, TypeError):
        return "", ""
