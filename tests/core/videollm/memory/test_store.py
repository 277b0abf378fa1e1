"""Saved memories: exact, checked, within their quota, and never half-written."""

import json
import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from retake_core.cancel import CancelToken
from retake_core.system import files
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import GenerationLimits, answer_ids
from retake_core.videollm.kv.cache import Mark, VideoCache
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.memory import file as memory_file
from retake_core.videollm.memory.file import MemoryKey
from retake_core.videollm.memory.index import kept_shares
from retake_core.videollm.memory.store import MemoryStore
from tests.support import tiny
from tests.support.memories import CPU, KEY, same, small_memory


def test_a_question_after_saving_and_loading_equals_a_fresh_prefill(family: Family, tmp_path: Path) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.4))
    store = MemoryStore(tmp_path)
    assert store.save(KEY, memory)
    loaded = store.load(KEY, CPU)
    assert loaded is not None
    assert same(loaded, memory)
    assert torch.equal(tiny.question_logits(family, loaded), tiny.question_logits(family, memory))
    ids = family.prompt.question("What is it?")
    limits = GenerationLimits(max_tokens=8)
    answers = [list(answer_ids(family, m, ids, limits, CancelToken())) for m in (loaded, memory, loaded)]
    assert answers[0] == answers[1] == answers[2]


def test_what_was_kept_is_told_without_loading(family: Family, tmp_path: Path) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.4))
    path = tmp_path / "one.memory"
    memory_file.write_memory(path, KEY, memory)
    kept = kept_shares(path)
    assert [time for time, _ in kept] == memory.times
    assert [share for _, share in kept] == pytest.approx(memory.kept_by_step().tolist())
    assert 0.2 < sum(share for _, share in kept) / len(kept) < 0.6
    path.write_bytes(path.read_bytes()[:100])
    assert kept_shares(path) == []


def test_half_precision_survives(tmp_path: Path) -> None:
    memory = small_memory()
    layers = memory.cache.layers
    cache = VideoCache.of(
        [layer.entries[0].bfloat16() for layer in layers],
        [layer.entries[1].bfloat16() for layer in layers],
        [layer.origin for layer in layers],
    )
    key = replace(KEY, dtype="torch.bfloat16")
    store = MemoryStore(tmp_path)
    store.save(key, replace(memory, cache=cache))
    loaded = store.load(key, CPU)
    assert loaded is not None
    assert same(loaded, replace(memory, cache=cache))


def test_a_cropped_cache_is_saved_without_what_was_cropped(tmp_path: Path) -> None:
    memory = small_memory()
    memory.cache.rewind(Mark([4, 4], []))
    store = MemoryStore(tmp_path)
    store.save(KEY, memory)
    loaded = store.load(KEY, CPU)
    assert loaded is not None
    assert loaded.cache.lengths() == [4, 4]


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, fingerprint="another"),
        replace(KEY, model="another"),
        replace(KEY, revision="another"),
        replace(KEY, dtype="torch.bfloat16"),
        replace(KEY, code=KEY.code + 1),
        replace(KEY, reading=replace(KEY.reading, rate=1.0)),
        replace(KEY, reading=replace(KEY.reading, frames=9)),
        replace(KEY, reading=replace(KEY.reading, long_side=224)),
        replace(KEY, reading=replace(KEY.reading, keep_ratio=0.5)),
        replace(KEY, reading=replace(KEY.reading, budget=1)),
        replace(KEY, reading=replace(KEY.reading, chunk_frames=16)),
        replace(KEY, reading=replace(KEY.reading, timestamps=False)),
        replace(KEY, reading=replace(KEY.reading, policy=Policy.RANDOM)),
        replace(KEY, reading=replace(KEY.reading, reforge=False)),
    ],
)
def test_a_memory_of_another_key_is_never_used(tmp_path: Path, other: MemoryKey) -> None:
    store = MemoryStore(tmp_path)
    store.save(KEY, small_memory())
    assert store.load(other, CPU) is None
    # Not even under the other's name.
    (tmp_path / KEY.filename()).rename(tmp_path / other.filename())
    assert store.load(other, CPU) is None
    assert not store.has(other)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_flipped_bit_or_a_short_file_is_noticed(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = MemoryStore(tmp_path_factory.mktemp("store"))
    torch.manual_seed(1)  # every example must see the same file
    memory = small_memory()
    store.save(KEY, memory)
    path = store.folder / KEY.filename()
    content = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    else:
        bit = data.draw(st.integers(0, 8 * len(content) - 1))
        content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)
    loaded = store.load(KEY, CPU)
    # A flipped bit in the header's padding or spelling may change nothing.
    assert loaded is None or same(loaded, memory)
    assert store.has(KEY) == (loaded is not None)


def rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a file's tensors, and make its checksum right again."""
    tensors = load_file(path)
    with safe_open(path, framework="pt") as file:
        header = file.metadata()
    change(tensors)
    state = json.loads(header["state"])
    state["checksum"] = memory_file.checksum(tensors, state)
    header["state"] = json.dumps(state)
    save_file(tensors, path, metadata=header)


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.update({"origin.0": t["origin.0"] + 100}),
        lambda t: t.update({"origin.0": t["origin.0"] - 5}),
        lambda t: t.update({"origin.1": t["origin.1"][:2]}),
        lambda t: t.update({"keys.1": t["keys.1"][:, :, :3].contiguous()}),
        lambda t: t.update({"values.0": t["values.0"].double()}),
        lambda t: t.update({"baseline": t["baseline"][:1]}),
        lambda t: t.update({"times": t["times"][:0], "baseline": t["baseline"][:0]}),
        lambda t: t.update({"keys.2": t["keys.1"].clone()}),
        lambda t: t.pop("values.1"),
    ],
)
def test_contents_that_do_not_fit_one_another_are_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    store = MemoryStore(tmp_path)
    store.save(KEY, small_memory())
    rewrite(tmp_path / KEY.filename(), lambda _: None)
    assert store.load(KEY, CPU) is not None
    rewrite(tmp_path / KEY.filename(), change)
    assert store.load(KEY, CPU) is None


@pytest.mark.parametrize("content", [b"", b"\xff" * 8, b"\xff" * 4096, b"{}", b"\x02\0\0\0\0\0\0\0{}"])
def test_garbage_is_dropped(tmp_path: Path, content: bytes) -> None:
    store = MemoryStore(tmp_path)
    (tmp_path / KEY.filename()).write_bytes(content)
    assert [stored.fingerprint for stored in store.list()] == [""]
    assert store.load(KEY, CPU) is None
    assert store.list() == []


def test_nothing_stored_is_no_error(tmp_path: Path) -> None:
    store = MemoryStore(tmp_path / "missing")
    assert store.load(KEY, CPU) is None
    assert store.list() == []
    assert store.evict("video") == 0


def test_only_the_user_can_read_a_memory(tmp_path: Path) -> None:
    store = MemoryStore(tmp_path / "store")
    store.save(KEY, small_memory())
    assert stat.S_IMODE((tmp_path / "store" / KEY.filename()).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700


def test_a_failed_write_leaves_the_old_memory_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, old = MemoryStore(tmp_path), small_memory()
    store.save(KEY, old)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "sync", full)
    with pytest.raises(OSError, match="No space"):
        store.save(KEY, small_memory())
    assert [path.name for path in tmp_path.iterdir()] == [KEY.filename()]
    loaded = store.load(KEY, CPU)
    assert loaded is not None
    assert same(loaded, old)


def test_a_process_killed_while_writing_leaves_no_memory(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import os, sys
        from pathlib import Path
        import torch
        from retake_core.system import files
        from retake_core.videollm.memory import file as memory_file
        from retake_core.videollm.kv.cache import VideoCache
        from retake_core.videollm.memory.memory import Memory
        from retake_core.videollm.memory.store import MemoryStore
        from retake_core.videollm.reading import Reading
        files.sync = lambda path: os._exit(9)
        keys, values = torch.zeros(2, 1, 4), torch.ones(2, 1, 4)
        cache = VideoCache.of([keys], [values], [torch.arange(2)])
        memory = Memory(cache, 3, [0.5], 2, 1.0, torch.zeros(1))
        key = memory_file.MemoryKey("video", "model", "revision", "torch.float32", Reading(2.0, 8))
        MemoryStore(Path(sys.argv[1])).save(key, memory)
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", script, tmp_path], env=environment, check=False)
    assert run.returncode == 9
    store = MemoryStore(tmp_path)
    assert store.list() == []
    assert store.load(KEY, CPU) is None
    (left,) = tmp_path.iterdir()
    os.utime(left, (0, 0))
    store.save(KEY, small_memory())
    assert not left.exists()


def key(name: str) -> MemoryKey:
    return replace(KEY, fingerprint=name)


def fill(store: MemoryStore, names: str) -> int:
    """Save memories, each used a second after the one before; return the size of one."""
    for index, name in enumerate(names):
        assert store.save(key(name), small_memory())
        os.utime(store.folder / key(name).filename(), (1000 + index, 1000 + index))
    return store.list()[0].size


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    store = MemoryStore(tmp_path)
    size = fill(store, "abc")
    assert store.load(key("a"), CPU) is not None
    store.quota = 3 * size + 10
    assert store.save(key("d"), small_memory())
    assert {stored.fingerprint for stored in store.list()} == {"a", "c", "d"}
    assert store.size() <= store.quota


@pytest.mark.parametrize("now", [5.0, 4e9])
def test_a_clock_that_jumps_does_not_change_what_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: float
) -> None:
    store = MemoryStore(tmp_path)
    size = fill(store, "abc")
    monkeypatch.setattr("time.time", lambda: now)
    assert store.load(key("a"), CPU) is not None
    monkeypatch.undo()
    store.quota = 3 * size + 10
    assert store.save(key("d"), small_memory())
    assert [stored.fingerprint for stored in store.list()] == ["c", "a", "d"]


def test_pinned_memories_stay(tmp_path: Path) -> None:
    store = MemoryStore(tmp_path)
    size = fill(store, "abc")
    store.pin("a")
    store.quota = 2 * size + 10
    assert store.save(key("d"), small_memory())
    assert {stored.fingerprint for stored in store.list()} == {"a", "d"}
    store.pin("d")
    assert not store.save(key("e"), small_memory())
    assert {stored.fingerprint for stored in store.list()} == {"a", "d"}
    store.pin("a", pinned=False)
    assert store.save(key("e"), small_memory())
    assert {stored.fingerprint for stored in store.list()} == {"d", "e"}


def test_a_lowered_quota_evicts(tmp_path: Path) -> None:
    store = MemoryStore(tmp_path)
    fill(store, "abcd")
    sizes = [stored.size for stored in store.list()]  # by a few bytes, as numbers are written
    store.quota = sum(sizes[2:])
    assert store.enforce_quota() == sum(sizes[:2])
    assert [stored.fingerprint for stored in store.list()] == ["c", "d"]


def test_a_video_can_be_forgotten(tmp_path: Path) -> None:
    store = MemoryStore(tmp_path)
    size = fill(store, "ab")
    assert store.evict("a") == size
    assert [stored.fingerprint for stored in store.list()] == ["b"]


@pytest.mark.parametrize(
    ("side", "keep_ratio", "serves"), [(448, 1.0, True), (1008, 1.0, True), (1008, 0.5, True), (1008, 0.1, False)]
)
def test_a_memory_of_larger_frames_serves_where_it_holds_as_much(
    side: int, keep_ratio: float, serves: bool
) -> None:
    plain = replace(KEY, reading=replace(KEY.reading, long_side=448, keep_ratio=1.0))
    closer = replace(KEY, reading=replace(KEY.reading, long_side=side, keep_ratio=keep_ratio))
    assert closer.serves(plain) is serves
    assert plain.serves(closer) is (side == 448), "what was read from fewer pixels never stands for more"
