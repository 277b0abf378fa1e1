"""The published code's results, and proof that a wrong policy would not give them."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from retake_core.videollm.families.qwen2_vl import Qwen2VL
from retake_core.videollm.kv import attention, pivotkv
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.prompt_writer import PrefixWriter
from tests.support import golden
from tests.support.tiny import text_attention

RATIOS = ["1.0", "0.5", "0.25", "0.1"]


@pytest.fixture(scope="module")
def family() -> Qwen2VL:
    return golden.open_golden()


def decode(family: Qwen2VL, writer: PrefixWriter) -> tuple[Tensor, Tensor]:
    """Return the question's logits, and those of its last row and six greedy steps."""
    cursor = Cursor(3, free=writer.memory().free)
    ids = golden.golden_inputs()["input_ids"][0, -golden.SUFFIX :].tolist()
    rows = []
    with watched(family.model):
        for _ in range(7):
            cursor, positions = cursor.text(len(ids))
            logits = family.logits(family.forward(family.embed(ids), positions, writer.cache))
            rows.append(logits)
            ids = [int(logits[-1].argmax())]
    return rows[0], torch.stack([logits[-1] for logits in rows])


@pytest.mark.parametrize("ratio", RATIOS)
def test_keys_values_logits_and_tokens_match_the_published_code(family: Qwen2VL, ratio: str) -> None:
    expected = load_file(golden.FOLDER / f"pivotkv_keep{ratio}.safetensors")
    writer = golden.golden_prefix(family, float(ratio))
    question, steps = decode(family, writer)
    assert torch.allclose(question, expected["question_logits"][0], atol=1e-4)
    assert torch.allclose(steps, expected["step_logits"], atol=1e-4)
    assert steps.argmax(dim=-1)[:6].tolist() == expected["tokens"].tolist()
    length = expected["keys.0"].shape[2]
    for index, layer in enumerate(writer.cache.layers):
        assert torch.allclose(layer.keys[..., :length, :], expected[f"keys.{index}"], atol=1e-4)
        assert torch.allclose(layer.values[..., :length, :], expected[f"values.{index}"], atol=1e-4)


def logits_gap(family: Qwen2VL, ratio: str = "0.25", policy: Policy = Policy.ATTENTION) -> float:
    expected = load_file(golden.FOLDER / f"pivotkv_keep{ratio}.safetensors")
    question, _ = decode(family, golden.golden_prefix(family, float(ratio), policy))
    return float((question - expected["question_logits"][0]).abs().max())


@pytest.mark.parametrize("policy", [Policy.UNIFORM, Policy.RANDOM, Policy.FULL])
def test_another_policy_gives_other_logits(family: Qwen2VL, policy: Policy) -> None:
    assert logits_gap(family, policy=policy) > 1e-2


def reversed_scores(original: Callable[..., Tensor]) -> Callable[..., Tensor]:
    return lambda *args, **kwargs: -original(*args, **kwargs)


def test_reversed_scores_give_other_logits(family: Qwen2VL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pivotkv, "chunk_scores", reversed_scores(pivotkv.chunk_scores))
    assert logits_gap(family) > 1e-2


def test_a_chunk_that_sees_its_own_future_gives_other_logits(
    family: Qwen2VL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happens when a custom attention is registered without a mask of its own."""
    sdpa = sdpa_attention_forward

    def unmasked(module: Any, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, **kwargs: Any) -> Any:
        seen = torch.ones_like(mask) if mask is not None and k.shape[2] > q.shape[2] > 1 else mask
        return sdpa(module, q, k, v, seen, **kwargs)

    monkeypatch.setattr(attention, "sdpa_attention_forward", unmasked)
    assert logits_gap(family, ratio="1.0") > 1e-2


def test_text_inside_the_videos_time_gives_other_logits(family: Qwen2VL) -> None:
    """What transformers' own position function does after a video longer than it is wide."""
    expected = load_file(golden.FOLDER / "pivotkv_keep0.25.safetensors")
    writer = golden.golden_prefix(family, 0.25)
    ids = golden.golden_inputs()["input_ids"][0, -golden.SUFFIX :].tolist()
    _, positions = Cursor(3, free=golden.PREFIX + 4).text(len(ids))
    with watched(family.model):
        logits = family.logits(family.forward(family.embed(ids), positions, writer.cache))
    assert float((logits - expected["question_logits"][0]).abs().max()) > 1e-2


def test_squeezing_time_gives_other_keys_and_the_same_values(family: Qwen2VL) -> None:
    plain = golden.golden_prefix(family, 0.25)
    squeezed = golden.golden_prefix(family, 0.25, reforge=True)
    first, other = plain.cache.layers[0], squeezed.cache.layers[0]
    assert squeezed.memory().free < plain.memory().free
    assert not torch.allclose(first.keys, other.keys, atol=1e-2)
    # The first layer's values do not depend on positions, as long as the same tokens are kept.
    same = golden.PREFIX + 16
    assert torch.equal(first.origin[:same], other.origin[:same])
    assert torch.allclose(first.values[..., :same, :], other.values[..., :same, :], atol=1e-5)


def test_squeezed_keys_stand_where_the_map_says(family: Qwen2VL) -> None:
    """With everything kept, the squeezed first layer equals one that was run at the squeezed places."""
    moved = golden.golden_prefix(family, 0.5, reforge=True).cache.layers[0]
    plain = golden.golden_prefix(family, 1.0).cache.layers[0]
    frequencies, axes = family.rotary()
    kept = moved.origin >= 0
    step = moved.origin[kept] // 16
    delta = torch.zeros(3, int(kept.sum()), dtype=torch.long)
    delta[0] = pivotkv.squeeze(step, 0.5) - step
    source = plain.keys[..., golden.PREFIX + moved.origin[kept], :]
    expected = pivotkv.rotate_keys(source, delta, frequencies, axes)
    assert torch.allclose(moved.keys[..., kept, :], expected, atol=1e-4)


def test_the_model_is_left_as_it_was(family: Qwen2VL) -> None:
    before = text_attention(family)
    golden.golden_prefix(family, 0.5)
    assert text_attention(family) == before
    with watched(family.model):
        assert text_attention(family) == attention.ATTENTION
    with pytest.raises(RuntimeError), watched(family.model):
        torch.zeros(2) @ torch.zeros(3)
    assert text_attention(family) == before
    assert not any(module._forward_hooks for module in family.model.modules())
