"""Which memories there are: a folder of files, listed, pinned and evicted without loading one.

Imports no torch, so that the window can show it.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from retake_core.videollm.memory.header import MemoryHeader

SUFFIX = ".memory"
PIN = ".pin"
DEFAULT_QUOTA = 20 * 10**9


@dataclass(frozen=True)
class StoredMemory:
    """One file of the store.

    Attributes:
        path: the file.
        size: bytes.
        used: when it was last used, seconds since 1970.
        pinned: whether it is never evicted.
        fingerprint: of its video, "" when the file cannot be used.
        model: its model.
    """

    path: Path
    size: int
    used: float
    pinned: bool
    fingerprint: str
    model: str


class MemoryIndex:
    """A folder of memories, the least recently used evicted first.

    Args:
        folder: need not be there yet.
        quota: bytes that all memories together may take.
    """

    def __init__(self, folder: Path, quota: int = DEFAULT_QUOTA) -> None:
        self.folder, self.quota = folder, quota

    def list(self) -> list[StoredMemory]:
        """Return all memories, the least recently used first."""
        memories = []
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            fingerprint, model = _video_and_model(path)
            pinned = self._pin_file(path.name.partition("-")[0]).exists()
            memories.append(StoredMemory(path, status.st_size, status.st_mtime, pinned, fingerprint, model))
        return sorted(memories, key=lambda stored: stored.used)

    def size(self) -> int:
        """Return the bytes that all memories take."""
        return sum(stored.size for stored in self.list())

    def pin(self, fingerprint: str, pinned: bool = True) -> None:
        """Protect a video's memories from eviction, or let them be evicted again."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        mark = self._pin_file(digest(fingerprint))
        if pinned:
            mark.touch(mode=0o600)
        else:
            mark.unlink(missing_ok=True)

    def evict(self, fingerprint: str) -> int:
        """Delete a video's memories, pinned or not. Returns the bytes that are free again."""
        prefix = digest(fingerprint) + "-"
        return delete(stored for stored in self.list() if stored.path.name.startswith(prefix))

    def enforce_quota(self) -> int:
        """Evict until the quota holds, as after it was lowered. Returns the bytes that are free again."""
        before = self.size()
        self._make_room(0, None)
        return before - self.size()

    def _make_room(self, size: int, replaced: Path | None) -> bool:
        """Evict until `size` more bytes fit, and return whether they do.

        Args:
            size: bytes of a memory that is to be written.
            replaced: its file, which does not count; None only enforces the quota, as far as pins allow.
        """
        others = [stored for stored in self.list() if stored.path != replaced]
        held = sum(stored.size for stored in others if stored.pinned)
        if replaced is not None and held + size > self.quota:
            return False
        excess = sum(stored.size for stored in others) + size - self.quota
        for stored in others:
            if excess <= 0:
                break
            if not stored.pinned:
                excess -= delete([stored])
        return True

    def _pin_file(self, digest: str) -> Path:
        return self.folder / (digest + PIN)


def digest(text: str) -> str:
    """Return a short hash for a file name; names say nothing of the video."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _video_and_model(path: Path) -> tuple[str, str]:
    """Return the fingerprint and the model of a file, empty when the file cannot be used."""
    try:
        key = json.loads(MemoryHeader.read(path).key)
        return str(key["fingerprint"]), str(key["model"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", ""


def model_name(path_or_id: str) -> str:
    """Return the name by which memories know a model: a folder from the root, or an id."""
    folder = Path(path_or_id).expanduser()
    return str(folder.absolute()) if folder.is_dir() else path_or_id


def kept_shares(path: Path) -> list[tuple[float, float]]:
    """Return which share of each time step's tokens a memory kept, as a mean over layers: seconds and 0..1.

    Reads only where the entries came from, a thousandth of the file; empty when that cannot be read.
    """
    import numpy as np  # not with the module: the window would load it at every start

    try:
        with safe_open(path, framework="numpy", backend="pread") as file:
            size = int(MemoryHeader.of(file.metadata()).state["tokens_per_step"])
            times = file.get_tensor("times")
            origins = [file.get_tensor(name) for name in file.keys() if name.startswith("origin.")]  # noqa: SIM118
        steps = [np.bincount(origin[origin >= 0] // size, minlength=len(times)) for origin in origins]
        shares = np.mean(steps, axis=0) / size
        return [(float(time), float(share)) for time, share in zip(times, shares, strict=True)]
    except (SafetensorError, OSError, ValueError, KeyError, TypeError):
        return []


def delete(memories: Iterable[StoredMemory]) -> int:
    """Delete memories. Returns the bytes that are free again."""
    freed = 0
    for stored in memories:
        stored.path.unlink(missing_ok=True)
        freed += stored.size
    return freed
