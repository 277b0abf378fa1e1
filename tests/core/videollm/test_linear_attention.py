"""Models whose layers mostly keep a state in place of keys and values: Qwen3.5 and its mixture of experts."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from retake_core.cancel import CancelToken
from retake_core.videollm.events import Stats
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import GenerationLimits, answer_ids
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.kv.cache import Mark, VideoCache
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.loading import load_family
from retake_core.videollm.memory.file import memory_bytes, planned_bytes
from retake_core.videollm.memory.quantise import MemoryPrecision
from retake_core.videollm.memory.states import StoredStates
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.weights import weight_bytes
from tests.core.videollm.test_prefill import Limited
from tests.support import tiny
from tests.support.memories import CPU, KEY


@pytest.fixture(scope="module", params=["qwen3_5", "qwen3_5_moe"])
def hybrid(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Family:
    return load_family(tiny.save_tiny(request.param, tmp_path_factory.mktemp(request.param)))


def equal(one: Mark, other: Mark) -> bool:
    pairs = list(zip(one.states, other.states, strict=True))
    assert all(a is not None and b is not None for a, b in pairs)
    same = [torch.equal(a.conv, b.conv) and torch.equal(a.recurrent, b.recurrent) for a, b in pairs if a and b]
    return one.lengths == other.lengths and all(same)


def test_only_full_attention_has_entries(hybrid: Family) -> None:
    memory = tiny.read_tiny(hybrid, tiny.tiny_reading(keep_ratio=0.4))
    assert (list(memory.cache.attention), list(memory.cache.linear)) == ([1, 3, 5], [0, 2, 4, 6])
    assert len(memory.cache.lengths()) == hybrid.shape.attention_layers == 3
    assert memory.cache.state_bytes == hybrid.shape.state_bytes(4)


def test_a_state_is_the_same_however_little_of_the_video_is_kept(hybrid: Family) -> None:
    """The first layer's: the others are told what full attention makes of what is left."""
    whole, less = (tiny.read_tiny(hybrid, tiny.tiny_reading(keep_ratio=ratio)) for ratio in (1.0, 0.1))
    states = [memory.cache.linear[0].state for memory in (whole, less)]
    assert states[0] is not None
    assert states[1] is not None
    assert torch.equal(states[0].recurrent, states[1].recurrent)


@pytest.mark.parametrize("tokens", [1, 6])
def test_an_answer_leaves_no_trace_in_a_state(hybrid: Family, tokens: int) -> None:
    memory = tiny.read_tiny(hybrid, tiny.tiny_reading(keep_ratio=0.4))
    before = memory.cache.mark()
    answer = answer_ids(
        hybrid, memory, hybrid.prompt.question("What?"), GenerationLimits(max_tokens=tokens), CancelToken()
    )
    next(answer)
    assert not equal(memory.cache.mark(), before)
    answer.close()
    assert equal(memory.cache.mark(), before)
    for _ in range(2):  # a mark serves again
        tiny.question_logits(hybrid, memory)
        assert equal(memory.cache.mark(), before)


def test_a_cache_goes_back_to_its_beginning(hybrid: Family) -> None:
    used, fresh = tiny.read_tiny(hybrid, tiny.tiny_reading()).cache, VideoCache(7, hybrid.shape.linear_layers)
    used.rewind(fresh.mark())
    embeds = hybrid.embed(hybrid.prompt.question("What?"))
    _, positions = Cursor(3).text(len(embeds))
    with watched(hybrid.model):
        hidden = [hybrid.forward(embeds, positions, cache) for cache in (used, fresh)]
    assert torch.equal(*hidden)
    assert equal(used.mark(), fresh.mark())


@pytest.mark.parametrize("layer", [1, 3, 5])
def test_a_chunk_that_does_not_fit_leaves_no_trace_in_a_state(
    hybrid: Family, monkeypatch: pytest.MonkeyPatch, layer: int
) -> None:
    settings = {"frames": 16, "policy": Policy.UNIFORM, "keep_ratio": 0.5}
    small = tiny.read_tiny(hybrid, tiny.tiny_reading(chunk_frames=4, **settings))
    monkeypatch.setattr(hybrid, "forward", Limited(hybrid, 3 * 27, layer))  # a step, its time and its bounds
    stats = Stats()
    halved = tiny.read_tiny(hybrid, tiny.tiny_reading(chunk_frames=8, **settings), stats)
    assert stats.smallest_chunk == 2
    for one, other in zip(halved.cache.mark().states, small.cache.mark().states, strict=True):
        assert one is not None
        assert other is not None
        assert torch.allclose(one.recurrent, other.recurrent, atol=1e-4)
        assert torch.allclose(one.conv, other.conv, atol=1e-4)


@pytest.mark.parametrize("precision", ["full", "8bit", "4bit"])
def test_a_file_is_as_large_as_planned(hybrid: Family, tmp_path: Path, precision: MemoryPrecision) -> None:
    memory = tiny.read_tiny(hybrid, tiny.tiny_reading(keep_ratio=0.4))
    planned = planned_bytes(hybrid.shape, memory.cache.lengths()[0], 4, precision)
    assert planned == memory_bytes(memory, precision) - 12 * len(memory.times)
    store = MemoryStore(tmp_path, precision=precision)
    store.save(KEY, memory)
    assert planned < (tmp_path / KEY.filename()).stat().st_size < planned + 6000  # the header


@pytest.mark.parametrize("damage", ["missing", "half", "short", "flat"])
def test_a_state_that_does_not_fit_is_refused(hybrid: Family, damage: str) -> None:
    memory = tiny.read_tiny(hybrid, tiny.tiny_reading(keep_ratio=0.4))
    states = StoredStates.of(memory.cache, "full")
    state = states.tensors["recurrent.2"]
    damaged = {"half": state.half(), "short": state[..., :-1], "flat": state.flatten()}
    tensors = {name: tensor for name, tensor in states.tensors.items() if name != "recurrent.2"}
    if damage != "missing":
        tensors["recurrent.2"] = damaged[damage]
    stored = StoredStates(tensors, states.layers, "full", states.dtype)
    with pytest.raises((ValueError, KeyError)):
        stored.cache(CPU, memory.visual_tokens)


def test_weights_that_guess_ahead_are_neither_loaded_nor_counted(tmp_path: Path) -> None:
    """Published folders hold a layer more, which only speeds up other programs."""
    folder = tiny.save_tiny("qwen3_5", tmp_path)
    plain, numbers = load_family(folder), weight_bytes(folder, torch.float32)
    assert numbers == sum(parameter.nbytes for parameter in plain.model.parameters())
    path = next(folder.glob("*.safetensors"))
    tensors = load_file(path) | {"mtp.fc.weight": torch.zeros(32, 64)}
    save_file(tensors, path, metadata={"format": "pt"})
    assert weight_bytes(folder, torch.float32) == numbers
    assert not [name for name, _ in load_family(folder).model.named_parameters() if "mtp" in name]
