"""What the memories are of, and which videos have one: for the command line and for the window, without torch."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.library.catalog import videos
from retake_core.settings import change_settings, load_settings
from retake_core.videollm.memory.index import MemoryIndex, StoredMemory, kept_shares, model_name


@dataclass(frozen=True)
class MemoryEntry:
    """A memory, and the file of its video; None when the library no longer has it."""

    stored: StoredMemory
    video: Path | None


def name_memories(connection: Connection, stored: Sequence[StoredMemory]) -> list[MemoryEntry]:
    """Return memories with their videos, the most recently used first."""
    paths = {entry.fingerprint: entry.path for entry in videos(connection)}
    return [MemoryEntry(memory, paths.get(memory.fingerprint)) for memory in reversed(stored)]


def change_quota(settings_file: Path, size: str) -> None:
    """Set in the settings how much disk memories may take.

    Raises:
        UserError: the size is none, or the settings cannot be read or written.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(MB|GB|TB)?", size.strip(), re.IGNORECASE)
    if match is None:
        raise UserError(f"{size!r} is no size; write it as 20GB or 500MB.")
    gigabytes = float(match[1]) * {"MB": 1e-3, "GB": 1.0, "TB": 1e3}[(match[2] or "GB").upper()]
    change_settings(settings_file, memory_quota_gb=gigabytes)


def ready_videos(data_dir: DataDir) -> frozenset[str]:
    """Return the fingerprints of the videos that can be asked without being read."""
    return frozenset(stored.fingerprint for stored in _memories(data_dir))


def kept_of(data_dir: DataDir, fingerprint: str) -> list[tuple[float, float]]:
    """Return what of a video was kept in the memory that was used last: seconds, and the share 0..1."""
    own = [stored for stored in _memories(data_dir) if stored.fingerprint == fingerprint]
    return kept_shares(own[-1].path) if own else []


def _memories(data_dir: DataDir) -> list[StoredMemory]:
    try:
        model = load_settings(data_dir.settings).model
    except UserError:
        return []
    if model is None:
        return []
    name = model_name(model)
    return [stored for stored in MemoryIndex(data_dir.memories).list() if stored.model == name]
