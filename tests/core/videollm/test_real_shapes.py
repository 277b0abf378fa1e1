"""The benchmark of the published shapes: they are those, and what it measures is told."""

import sys
from dataclasses import replace

import pytest
import torch

from retake_core.models.catalogue import LanguageModelSizes
from retake_core.videollm.families.base import Family
from tests.benchmarks import published_shapes, real_shapes
from tests.benchmarks.published_shapes import VIDEOLLMS, build, configuration


@pytest.mark.parametrize("name", VIDEOLLMS)
def test_a_shape_has_as_many_parameters_as_are_published(name: str) -> None:
    model = build(configuration(VIDEOLLMS[name]), torch.device("meta"))
    assert sum(parameter.numel() for parameter in model.parameters()) == VIDEOLLMS[name].parameters


SMALL = {
    "depth": 1, "num_hidden_layers": 1, "embed_dim": 64, "num_heads": 2, "num_attention_heads": 2,
    "intermediate_size": 64, "deepstack_visual_indexes": [0], "fullatt_block_indexes": [0],
}  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only there is the peak of a part of a process known")
@pytest.mark.parametrize(
    "name",
    [
        "Qwen/Qwen2-VL-2B-Instruct",
        "Qwen/Qwen2.5-VL-3B-Instruct",
        "Qwen/Qwen3-VL-2B-Instruct",
        "Qwen/Qwen3.5-4B",
        "llava-hf/llava-onevision-qwen2-7b-ov-hf",
    ],
)
def test_a_small_model_of_each_family_is_measured(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = VIDEOLLMS[name]
    assert offered.decoder is not None
    eyes = {key: SMALL.get(key, size) for key, size in published_shapes.vision(offered.decoder).items()}
    # Qwen2-VL's eyes call the language model's width theirs.
    eyes["hidden_size"] = 256 if offered.decoder.model_type == "qwen2_vl" else 64
    if "out_hidden_size" in eyes:
        eyes["out_hidden_size"] = 256
    monkeypatch.setattr(published_shapes, "vision", lambda _: eyes)
    monkeypatch.setattr(published_shapes, "PADDED", {})
    decoder = LanguageModelSizes(offered.decoder.model_type, 1, 2, 1, 128, 256, 64, 512, offered.decoder.patch)
    if offered.decoder.linear is not None:
        decoder = replace(decoder, layers=2, linear=replace(offered.decoder.linear, layers=(0,)))
    family: Family = published_shapes.open_family(replace(offered, decoder=decoder), torch.device("cpu"))
    result = real_shapes.measure(family, 1000, frames=8, width=112, height=84)
    assert (result["frames"], result["planned"] > 1000) == (8, True)
    assert result["peak"] >= 1000
    assert result["tokens_a_second"] > 0
    line = real_shapes.row(name, result | {"peak": 95, "planned": 100})
    assert line["of the plan"] == "95.0% PASS"
    for peak in (80, 101):
        assert "MISS" in str(real_shapes.row(name, result | {"peak": peak, "planned": 100})["of the plan"])
