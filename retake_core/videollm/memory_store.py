"""Saved memories: written and read within a quota."""

import os
import time

import torch
from safetensors import SafetensorError

from retake_core.errors import UserError
from retake_core.videollm.memory import Memory
from retake_core.videollm.memory_file import WRITING, MemoryKey, memory_bytes, read_memory, write_memory
from retake_core.videollm.memory_index import MemoryIndex

ABANDONED_SECONDS = 3600.0


class MemoryStore(MemoryIndex):
    """Loads and saves memories.

    Files are trusted no further than their header and checksum: what does not fit is dropped and rebuilt.
    """

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

    def _sweep(self) -> None:
        """Delete what a process that died was writing."""
        for path in self.folder.glob(f"{WRITING}*"):
            if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                path.unlink(missing_ok=True)
