"""Saved memories: written and read within a quota."""

import os
import time
from contextlib import suppress
from pathlib import Path

import torch
from safetensors import SafetensorError

from retake_core.errors import UserError
from retake_core.videollm.memory.file import MemoryKey, memory_bytes, read_memory, write_memory
from retake_core.videollm.memory.header import MemoryHeader
from retake_core.videollm.memory.index import DEFAULT_QUOTA, SUFFIX, MemoryIndex, digest
from retake_core.videollm.memory.last import LastMemory
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.memory.quantise import MemoryPrecision


class MemoryStore(MemoryIndex):
    """Loads and saves memories.

    Files are trusted no further than their header and checksum: what does not fit is dropped and rebuilt.

    Args:
        folder: need not be there yet.
        quota: bytes that all memories together may take.
        precision: in which new ones are written; one of any precision is read.
        last: holds the one that was used last; None holds none.
    """

    def __init__(
        self,
        folder: Path,
        quota: int = DEFAULT_QUOTA,
        precision: MemoryPrecision = "full",
        last: LastMemory | None = None,
    ) -> None:
        super().__init__(folder, quota)
        self.precision, self._last = precision, last

    def load(self, key: MemoryKey, device: torch.device) -> Memory | None:
        """Return the memory of a key, or None when there is none that can be used.

        A file that is damaged, cut short or made for another key is deleted.

        Raises:
            UserError: it does not fit the device.
        """
        path = self.folder / key.filename()
        memory = self._last.of(path) if self._last else None
        if memory is None:
            memory = self._read(path, key, device)
        if memory is not None:
            with suppress(OSError):  # a memory that was just evicted, or lies on a read-only disk, is good
                self._used_now(path)
        return memory

    def _read(self, path: Path, key: MemoryKey, device: torch.device) -> Memory | None:
        try:
            memory = read_memory(path, key, device)
        except torch.OutOfMemoryError as error:
            raise UserError("The graphics memory is too small for the memory of this video.") from error
        except OSError:
            return None  # not there, or out of reach for now: nothing says that it is bad
        except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError):
            path.unlink(missing_ok=True)
            return None
        if self._last:
            self._last.hold(path, memory)
        return memory

    def has(self, key: MemoryKey) -> bool:
        """Return whether there is a file for a key, good or not."""
        return (self.folder / key.filename()).exists()

    def serving(self, key: MemoryKey) -> list[tuple[MemoryKey, int]]:
        """Return the keys of all memories that serve a key, the one that holds most first, and their bytes.

        A file whose header cannot be read serves nothing.
        """
        found = []
        for path in self.folder.glob(f"{digest(key.fingerprint)}-*{SUFFIX}"):
            with suppress(OSError, ValueError, KeyError, TypeError):
                stored = MemoryKey.of(MemoryHeader.read(path).key)
                if stored.serves(key) and stored.filename() == path.name:
                    found.append((stored, path.stat().st_size))
        return sorted(found, key=lambda memory: (memory[0].reading.frames, memory[1]), reverse=True)

    def save(self, key: MemoryKey, memory: Memory) -> bool:
        """Write a memory, whole or not at all; what was used longest ago makes room for it.

        What was written is afterwards what the memory holds; see `write_memory`.

        Returns:
            False when the quota has no room for it beside what is pinned.

        Raises:
            OSError: the disk is full or not writable; nothing is left behind.
        """
        size = memory_bytes(memory, self.precision)
        path = self.folder / key.filename()
        if not self._make_room(size, path):
            return False
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_memory(path, key, memory, self.precision)
        self._used_now(path)
        if self._last:
            self._last.hold(path, memory)
        return True

    def _used_now(self, path: Path) -> None:
        """Put a memory last in the order of eviction, also after the computer's clock went back."""
        newest = max((stored.used for stored in self.list() if stored.path != path), default=0.0)
        used = max(time.time(), newest + 0.001)
        os.utime(path, (used, used))
