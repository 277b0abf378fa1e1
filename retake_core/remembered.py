"""Which videos the model of the settings remembers, and how well: for the window, without torch."""

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.settings import load_settings
from retake_core.videollm.memory.index import MemoryIndex, StoredMemory, kept_shares, model_name


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
