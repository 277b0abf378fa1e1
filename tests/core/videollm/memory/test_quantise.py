"""Memories in 8 and 4 bit: how far off, how large, and what becomes of files that are old or damaged."""

import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from retake_core.videollm.families.base import Family
from retake_core.videollm.kv.cache import VideoCache
from retake_core.videollm.memory import file as memory_file
from retake_core.videollm.memory.file import memory_bytes, planned_bytes
from retake_core.videollm.memory.header import MemoryHeader
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.memory.quantise import (
    BITS,
    GROUP,
    MemoryPrecision,
    dequantise,
    quantise,
    stored_bytes,
)
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.shape import ModelShape
from tests.support import tiny
from tests.support.memories import CPU, KEY, same, small_memory

LOWER: list[MemoryPrecision] = ["8bit", "4bit"]


def wide_memory(entries: int = 300, dimension: int = 128, dtype: torch.dtype = torch.bfloat16) -> Memory:
    """Return a memory of the shape of a large model's, with one channel far from the others."""
    generator = torch.Generator().manual_seed(0)
    keys = torch.randn(entries, 2, dimension, generator=generator)
    keys[:, :, 3] = 90 + keys[:, :, 3]
    values = torch.randn(entries, 2, dimension, generator=generator)
    cache = VideoCache.of([keys.to(dtype)], [values.to(dtype)], [torch.arange(entries)])
    return Memory(cache, 9, [0.5], entries, 0.5, torch.rand(1, generator=generator))


@settings(deadline=None, max_examples=60)
@given(
    shape=st.tuples(st.integers(1, 2 * GROUP + 3), st.integers(1, 3), st.integers(1, GROUP + 9)),
    axis=st.sampled_from([0, 2]),
    bits=st.sampled_from([8, 4]),
    exponent=st.integers(-20, 20),
    shift=st.floats(-200, 200),
    seed=st.integers(0, 1000),
)
def test_no_number_is_off_by_more_than_half_a_step(
    shape: tuple[int, int, int], axis: int, bits: int, exponent: int, shift: float, seed: int
) -> None:
    states = (torch.randn(shape, generator=torch.Generator().manual_seed(seed)) + shift) * 2.0**exponent
    quantised = quantise(states, axis, bits)
    back = dequantise(quantised, shape[axis], axis, bits, torch.float32)
    assert back.shape == states.shape
    assert back.is_contiguous()
    for group, lines in enumerate(torch.split(states.movedim(axis, 0), GROUP)):
        low, high = lines.amin(dim=0), lines.amax(dim=0)
        step = quantised.grid[1, group].float()
        error = (back.movedim(axis, 0)[group * GROUP : (group + 1) * GROUP] - lines).abs().amax(dim=0)
        rounding = 1e-6 * torch.maximum(low.abs(), high.abs())
        assert (error <= step / 2 + rounding).all()
        # A step is what the range needs, and what bfloat16 adds on both ends.
        coarse = 2**-7 * (low.abs() + (high - low))
        assert (step * (2**bits - 1) <= ((high - low) + coarse) * (1 + 2**-6)).all()


@pytest.mark.parametrize("bits", [8, 4])
def test_what_is_the_same_everywhere_is_exact(bits: int) -> None:
    states = torch.full((70, 2, 5), -1.5)
    for axis in (0, 2):
        assert torch.equal(
            dequantise(quantise(states, axis, bits), states.shape[axis], axis, bits, torch.float32), states
        )


def error(memory: Memory, keys: Tensor) -> float:
    return float((memory.cache.layers[0].keys.float() - keys.float())[..., 4:].abs().max())


@pytest.mark.parametrize("precision", LOWER)
def test_one_large_channel_does_not_blur_the_others(tmp_path: Path, precision: MemoryPrecision) -> None:
    memory = wide_memory(dtype=torch.float32)
    keys = memory.cache.layers[0].keys.clone()
    memory_file.write_memory(tmp_path / "one.memory", KEY, memory, precision)
    assert 0 < error(memory, keys) < 8 / (2 ** BITS[precision] - 1)


@pytest.mark.parametrize(("precision", "most"), [("8bit", 0.54), ("4bit", 0.29)])
def test_files_are_about_half_and_a_quarter_as_large(
    tmp_path: Path, precision: MemoryPrecision, most: float
) -> None:
    memory, key = wide_memory(entries=2048), replace(KEY, dtype="torch.bfloat16")
    for name in ("full", precision):
        memory_file.write_memory(tmp_path / name, key, memory, name)
    sizes = {name: (tmp_path / name).stat().st_size for name in ("full", precision)}
    assert sizes[precision] <= most * sizes["full"]


@pytest.mark.parametrize("precision", ["full", *LOWER])
def test_the_size_is_known_before_anything_is_written(
    family: Family, tmp_path: Path, precision: MemoryPrecision
) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.4))
    memory_file.write_memory(tmp_path / "one.memory", KEY, memory, precision)
    with safe_open(tmp_path / "one.memory", framework="pt") as file:
        tensors = [file.get_tensor(name) for name in file.keys()]  # noqa: SIM118 - not a dict
    written = sum(tensor.numel() * tensor.element_size() for tensor in tensors)
    assert memory_bytes(memory, precision) == written
    entries = memory.cache.lengths()[0]
    assert planned_bytes(family.shape, entries, 4, precision) == written - 12 * len(memory.times)


def test_the_default_budget_of_a_7b_model_takes_what_the_readme_says() -> None:
    """Qwen2-VL-7B keeps 32,000 entries in 28 layers of 4 key heads of 128."""
    shape = ModelShape(28, 28, 4, 128, 3584, 18944, 152064)
    gigabytes = {name: planned_bytes(shape, 32_000, 2, name) / 1e9 for name in ("full", "8bit", "4bit")}
    assert gigabytes == pytest.approx({"full": 1.84, "8bit": 0.98, "4bit": 0.52}, abs=0.01)
    assert stored_bytes(32_000, 4, 128, 2, "full") * 28 == shape.kv_bytes(32_000, 2)


@pytest.mark.parametrize("precision", LOWER)
def test_a_memory_is_afterwards_what_its_file_holds(
    family: Family, tmp_path: Path, precision: MemoryPrecision
) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.4))
    layer, states = next(iter(memory.cache.attention.values())), memory.cache.mark().states
    exact = layer.keys.clone()
    store = MemoryStore(tmp_path, precision=precision)
    assert store.save(KEY, memory)
    assert not torch.equal(layer.keys, exact)
    for before, linear in zip(states, memory.cache.linear.values(), strict=True):
        assert before is not None
        assert linear.state is not None
        assert torch.equal(linear.state.recurrent, before.recurrent)  # states are never rounded
        assert torch.equal(linear.state.conv, before.conv)
    loaded = store.load(KEY, CPU)
    assert loaded is not None
    assert same(loaded, memory)
    assert torch.equal(tiny.question_logits(family, loaded), tiny.question_logits(family, memory))


def test_a_memory_that_was_not_written_stays_exact(tmp_path: Path) -> None:
    memory = small_memory()
    keys = memory.cache.layers[0].keys.clone()
    assert not MemoryStore(tmp_path, quota=1, precision="4bit").save(KEY, memory)
    assert torch.equal(memory.cache.layers[0].keys, keys)


def test_a_memory_of_another_precision_is_used(tmp_path: Path) -> None:
    memory = small_memory()
    MemoryStore(tmp_path, precision="8bit").save(KEY, memory)
    loaded = MemoryStore(tmp_path, precision="full").load(KEY, CPU)
    assert loaded is not None
    assert same(loaded, memory)


def test_a_memory_of_the_old_format_is_read(tmp_path: Path) -> None:
    memory, path = small_memory(), tmp_path / KEY.filename()
    memory_file.write_memory(path, KEY, memory)
    rewrite(path, load_file(path), format="2", precision=None)
    loaded = MemoryStore(tmp_path).load(KEY, CPU)
    assert loaded is not None
    assert same(loaded, memory)


def rewrite(path: Path, tensors: dict[str, Tensor], *, format: str = "3", **state: str | None) -> None:  # noqa: A002
    """Write a file anew with a checksum that is right; a state of None goes."""
    with safe_open(path, framework="pt") as file:
        header = MemoryHeader.of(file.metadata())
    changed = {name: value for name, value in (header.state | state).items() if value is not None}
    changed["checksum"] = memory_file.checksum(tensors, changed)
    save_file(tensors, path, metadata=replace(header, state=changed, format=format).metadata())


@pytest.mark.parametrize("precision", LOWER)
@pytest.mark.parametrize("name", ["keys", "values", "keys_grid", "values_grid"])
def test_codes_and_grids_that_do_not_fit_are_refused(
    tmp_path: Path, precision: MemoryPrecision, name: str
) -> None:
    store, path = MemoryStore(tmp_path, precision=precision), tmp_path / KEY.filename()
    for change in (lambda t: t[:-1].clone(), lambda t: t.double(), lambda t: torch.cat([t, t])):
        store.save(KEY, wide_memory(dtype=torch.float32))
        tensors = load_file(path)
        tensors[f"{name}.0"] = change(tensors[f"{name}.0"])
        rewrite(path, tensors)
        assert store.load(KEY, CPU) is None, name
        assert not path.exists()


@pytest.mark.parametrize("precision", ["2bit", "full", "4bit", 7])
def test_a_precision_that_the_file_has_not_is_refused(tmp_path: Path, precision: str) -> None:
    store, path = MemoryStore(tmp_path, precision="8bit"), tmp_path / KEY.filename()
    store.save(KEY, wide_memory(dtype=torch.float32))
    rewrite(path, load_file(path), precision=precision)
    assert store.load(KEY, CPU) is None


def test_a_process_killed_while_it_writes_codes_leaves_the_old_memory(tmp_path: Path) -> None:
    old = small_memory()
    store = MemoryStore(tmp_path, precision="8bit")
    store.save(KEY, old)
    script = textwrap.dedent("""
        import os, sys
        from pathlib import Path
        from retake_core.system import files
        from retake_core.videollm.memory.store import MemoryStore
        from tests.support.memories import KEY, small_memory
        files.sync = lambda path: os._exit(9)
        MemoryStore(Path(sys.argv[1]), precision="4bit").save(KEY, small_memory())
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", script, tmp_path], env=environment, check=False)
    assert run.returncode == 9
    loaded = store.load(KEY, CPU)
    assert loaded is not None
    assert same(loaded, old)
