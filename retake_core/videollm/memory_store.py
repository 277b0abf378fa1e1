"""Saved memories: a folder of them, within a quota."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError

from retake_core.errors import UserError
from retake_core.videollm.memory import Memory
from retake_core.videollm.memory_file import (
    SUFFIX,
    WRITING,
    MemoryKey,
    about,
    digest,
    memory_bytes,
    read_memory,
    write_memory,
)

PIN = ".pin"
ABANDONED_SECONDS = 3600.0
DEFAULT_QUOTA = 20 * 10**9


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

        Raises:
            UserError: it does not fit the device.
        """
        path = self.folder / key.filename()
        try:
            memory = read_memory(path, key, device)
        except torch.OutOfMemoryError as error:
            raise UserError("The graphics memory is too small for the memory of this video.") from error
        except OSError:
            return None  # not there, or out of reach for now: nothing says that it is bad
        except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError):
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
        size = memory_bytes(memory)
        path = self.folder / key.filename()
        if not self._make_room(size, path):
            return False
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        write_memory(path, key, memory)
        return True

    def list(self) -> list[StoredMemory]:
        """Return all memories, the least recently used first."""
        found = []
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            fingerprint, model = about(path)
            pinned = self._pin_file(path.name.partition("-")[0]).exists()
            found.append(StoredMemory(path, status.st_size, status.st_mtime, pinned, fingerprint, model))
        return sorted(found, key=lambda stored: stored.used)

    def size(self) -> int:
        """Return the bytes that all memories take."""
        return sum(stored.size for stored in self.list())

    def pin(self, fingerprint: str, pinned: bool = True) -> None:
        """Protect a video's memories from eviction, or give them free."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        mark = self._pin_file(digest(fingerprint))
        if pinned:
            mark.touch(mode=0o600)
        else:
            mark.unlink(missing_ok=True)

    def evict(self, fingerprint: str) -> int:
        """Delete a video's memories, pinned or not. Returns the bytes that are free again."""
        prefix = digest(fingerprint) + "-"
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


def _delete(memories: Iterable[StoredMemory]) -> int:
    freed = 0
    for stored in memories:
        stored.path.unlink(missing_ok=True)
        freed += stored.size
    return freed
