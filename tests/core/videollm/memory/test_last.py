"""The memory that stays loaded: used again, bounded, and let go."""

from dataclasses import replace
from pathlib import Path

import pytest

from retake_core.videollm.memory import last as last_module
from retake_core.videollm.memory import store as store_module
from retake_core.videollm.memory.last import LastMemory
from retake_core.videollm.memory.store import MemoryStore
from tests.support.memories import CPU, KEY, small_memory

OTHER = replace(KEY, fingerprint="another")


def held(tmp_path: Path) -> tuple[MemoryStore, LastMemory]:
    last = LastMemory()
    store = MemoryStore(tmp_path, precision="8bit", last=last)
    assert store.save(KEY, small_memory())
    assert last.held_bytes > 0
    return store, last


def test_the_memory_used_last_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, last = held(tmp_path)
    first = store.load(KEY, CPU)
    later = MemoryStore(tmp_path, last=last)  # of the next question
    monkeypatch.setattr(store_module, "read_memory", None)
    assert later.load(KEY, CPU) is first


def test_another_video_lets_it_go(tmp_path: Path) -> None:
    store, last = held(tmp_path)
    assert store.load(OTHER, CPU) is None  # and is read, with all the room
    assert last.held_bytes == 0


def test_a_memory_that_was_forgotten_is_not_used(tmp_path: Path) -> None:
    store, last = held(tmp_path)
    store.evict(KEY.fingerprint)
    assert store.load(KEY, CPU) is None
    assert last.held_bytes == 0


def test_a_file_that_was_written_anew_is_read(tmp_path: Path) -> None:
    store, _ = held(tmp_path)
    before = store.load(KEY, CPU)
    MemoryStore(tmp_path).save(KEY, small_memory())  # another program
    assert store.load(KEY, CPU) is not before


def test_one_that_leaves_too_little_room_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, last = held(tmp_path)
    size = last.held_bytes
    last.let_go()
    for free, held_bytes in ((2 * size - 2, 0), (2 * size, size)):
        monkeypatch.setattr(last_module, "available_bytes", lambda free=free: free)
        assert store.load(KEY, CPU) is not None
        assert last.held_bytes == held_bytes
