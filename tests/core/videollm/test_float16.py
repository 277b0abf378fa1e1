"""Models in float16, as on a card without bfloat16."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from retake_core.videollm import loading, machine
from retake_core.videollm.families.base import Family
from retake_core.videollm.float16 import NORMS, ScaledLinear
from retake_core.videollm.loading import load_family, open_family
from retake_core.videollm.machine import model_dtype
from tests.support import tiny


def in_float16(folder: Path) -> Family:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "model_dtype", lambda *_: torch.float16)
        return load_family(folder)


@pytest.mark.parametrize(
    ("stored", "able", "dtype"),
    [
        (torch.bfloat16, True, torch.bfloat16),
        (torch.bfloat16, False, torch.float32),
        (torch.float32, True, torch.float32),
        (torch.float16, True, torch.float32),
        (None, True, torch.float32),
    ],
)
def test_a_processor_takes_bfloat16_where_it_loses_nothing_and_is_faster(
    stored: torch.dtype | None, able: bool, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(machine, "multiplies_bfloat16", lambda: able)
    assert model_dtype(torch.device("cpu"), stored) == dtype
    folder = tiny.save_tiny("qwen3_5", tmp_path)
    config = json.loads((folder / "config.json").read_text())
    for part in (config, config["text_config"], config["vision_config"]):
        part.pop("dtype", None)
    if stored is not None:
        config["text_config"]["dtype"] = str(stored).removeprefix("torch.")
    (folder / "config.json").write_text(json.dumps(config))
    assert (open_family(folder).dtype, load_family(folder).dtype) == (dtype, dtype)


@pytest.mark.parametrize(("amx", "avx"), [(True, False), (False, True), (False, False), (None, None)])
def test_a_processors_own_bfloat16_is_found(
    amx: bool | None, avx: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, able in (("_is_amx_tile_supported", amx), ("_is_avx512_bf16_supported", avx)):
        if able is None:  # an older PyTorch
            monkeypatch.delattr(torch.cpu, name, raising=False)
        else:
            monkeypatch.setattr(torch.cpu, name, lambda able=able: able, raising=False)
    assert machine.multiplies_bfloat16() is bool(amx or avx)


def first_mlp(family: Family) -> Any:
    """Return the first layer's MLP; of a mixture, the expert that every token passes."""
    mlp = family.language_model.layers[0].mlp
    return getattr(mlp, "shared_expert", mlp)


@pytest.mark.parametrize(("native", "dtype"), [(True, torch.bfloat16), (False, torch.float16)])
def test_a_card_gets_what_it_computes_itself(
    native: bool, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A Turing card emulates bfloat16, which PyTorch counts unless it is told not to.
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation=True: native or including_emulation
    )
    assert model_dtype(torch.device("cuda")) == dtype
    assert model_dtype(torch.device("cpu")) == torch.float32


@pytest.mark.parametrize("model_type", sorted(tiny.BUILDERS))
def test_it_answers_like_float32(model_type: str, tmp_path: Path) -> None:
    folder = tiny.save_tiny(model_type, tmp_path)
    reading = tiny.tiny_reading(keep_ratio=1.0)
    precise, half = load_family(folder), in_float16(folder)
    assert half.dtype == torch.float16
    memory = tiny.read_tiny(half, reading)
    assert {layer.keys.dtype for layer in memory.cache.attention.values()} == {torch.float16}
    expected = tiny.question_logits(precise, tiny.read_tiny(precise, reading))
    logits = tiny.question_logits(half, memory)
    # A state of linear attention carries on what was rounded; a mixture's router may choose other experts.
    most = 0.02 if precise.shape.linear is None else 0.08
    difference = (logits - expected).abs()
    assert float(difference.max() if precise.shape.experts is None else difference.median()) < most * float(
        expected.std()
    )


@pytest.mark.parametrize("model_type", sorted(tiny.BUILDERS))
def test_activations_beyond_float16_stay_numbers(model_type: str, tmp_path: Path) -> None:
    folder = tiny.save_tiny(model_type, tmp_path)
    precise, half = load_family(folder), in_float16(folder)
    for family in (precise, half):
        mlp = first_mlp(family)
        with torch.no_grad():
            for matrix in (mlp.gate_proj, mlp.up_proj):
                matrix.weight.mul_(2000 / matrix.weight.norm(dim=1, keepdim=True))
    reading = tiny.tiny_reading(keep_ratio=1.0)
    states: list[float] = []
    first_mlp(precise).down_proj.register_forward_pre_hook(
        lambda _, inputs: states.append(float(inputs[0].abs().max()))
    )
    expected = tiny.question_logits(precise, tiny.read_tiny(precise, reading))
    assert max(states) > torch.finfo(torch.float16).max
    logits = tiny.question_logits(half, tiny.read_tiny(half, reading))
    difference = (logits - expected).abs()
    assert bool(logits.isfinite().all())
    assert float(difference.max() if precise.shape.linear is None else difference.median()) < 0.05 * float(
        expected.std()
    )


@pytest.mark.parametrize("model_type", sorted(tiny.BUILDERS))
def test_what_every_layer_adds_to_is_float32(model_type: str, tmp_path: Path) -> None:
    half = in_float16(tiny.save_tiny(model_type, tmp_path))
    seen: dict[str, torch.dtype] = {}
    for name, module in half.model.named_modules():
        if name.rpartition(".")[2] in NORMS and not name.endswith("linear_attn.norm"):
            module.register_forward_pre_hook(lambda _, inputs, name=name: seen.update({name: inputs[0].dtype}))
    tiny.read_tiny(half, tiny.tiny_reading())
    assert len([name for name in seen if "language_model" in name]) == 2 * half.shape.layers + 1
    assert len(seen) > 2 * half.shape.layers + 3  # those of the vision tower
    assert set(seen.values()) == {torch.float32}


def test_a_long_row_is_scaled_and_a_short_one_is_not() -> None:
    torch.manual_seed(0)
    linear = nn.Linear(64, 8).half()
    states = torch.randn(2, 64) * torch.tensor([[1.0], [1e7]])
    product = ScaledLinear(linear)(states)
    expected = states.double() @ linear.weight.double().T + linear.bias.double()
    assert torch.allclose(product.double(), expected, rtol=5e-3, atol=5e-3)
