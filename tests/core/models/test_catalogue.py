"""What the catalogue states of published models is what their classes have."""

from typing import Any

import pytest
import torch
from transformers import (
    CLIPConfig,
    CLIPModel,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    SiglipConfig,
    SiglipModel,
)

from retake_core.hub import recommended
from retake_core.hub.recommended import RECOMMENDED_SIGLIP, RECOMMENDED_SMALL_ENCODER
from retake_core.models import fitting
from retake_core.models.catalogue import BY_ID, CATALOGUE, LanguageModelSizes
from retake_core.protocol.model_messages import ModelKind
from retake_core.videollm.four_bit import layer_parameters
from retake_core.videollm.shape import ModelShape
from tests.benchmarks.published_shapes import build, configuration


def text_config(decoder: LanguageModelSizes) -> dict[str, Any]:
    return {
        "num_hidden_layers": decoder.layers,
        "num_attention_heads": decoder.heads,
        "num_key_value_heads": decoder.kv_heads,
        "head_dim": decoder.head_dim,
        "hidden_size": decoder.hidden,
        "intermediate_size": decoder.intermediate,
        "vocab_size": decoder.vocabulary,
    }


@pytest.mark.parametrize(
    "name", ["Qwen/Qwen2-VL-2B-Instruct", "Qwen/Qwen2-VL-7B-Instruct", "Qwen/Qwen2.5-VL-3B-Instruct"]
)
def test_the_shapes_give_the_published_number_of_parameters(name: str) -> None:
    entry = BY_ID[name]
    decoder = entry.decoder
    assert decoder is not None
    tied = decoder.hidden < 3000
    text = text_config(decoder) | {"tie_word_embeddings": tied}
    config: Any
    if decoder.model_type == "qwen2_vl":
        vision: dict[str, Any] = {"hidden_size": decoder.hidden}
        config = Qwen2VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=tied)
        kind: Any = Qwen2VLForConditionalGeneration
    else:
        vision = {"out_hidden_size": decoder.hidden, "hidden_size": 1280, "intermediate_size": 3420}
        config = Qwen2_5_VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=tied)
        kind = Qwen2_5_VLForConditionalGeneration
    assert fitting.blueprint(decoder).shape == ModelShape.of(config.get_text_config())
    with torch.device("meta"):
        model = kind(config)
    assert sum(parameter.numel() for parameter in model.parameters()) == entry.parameters
    layers = model.model.language_model.layers
    matrices = [part for part in layers.modules() if isinstance(part, torch.nn.Linear)]
    assert layer_parameters(fitting.blueprint(decoder).shape) == sum(part.weight.numel() for part in matrices)


@pytest.mark.parametrize("name", ["Qwen/Qwen3.5-2B", "Qwen/Qwen3.5-4B", "Qwen/Qwen3.5-9B"])
def test_a_hybrid_is_planned_as_its_configuration_says(name: str) -> None:
    entry = BY_ID[name]
    assert entry.decoder is not None
    config = configuration(entry)
    shape = fitting.blueprint(entry.decoder).shape
    assert shape == ModelShape.of(config.get_text_config())
    assert shape.attention_layers * 4 == shape.layers
    model = build(config, torch.device("meta"))
    assert sum(parameter.numel() for parameter in model.parameters()) == entry.parameters
    layers = model.model.language_model.layers
    matrices = [part for part in layers.modules() if isinstance(part, torch.nn.Linear)]
    assert layer_parameters(shape) == sum(part.weight.numel() for part in matrices)


def test_the_recommended_encoder_has_the_published_number_of_parameters() -> None:
    common = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
    text = common | {"vocab_size": 256_000, "projection_size": 768}
    with torch.device("meta"):
        model = SiglipModel(SiglipConfig(text_config=text, vision_config=common | {"patch_size": 16}))
    assert sum(parameter.numel() for parameter in model.parameters()) == BY_ID[RECOMMENDED_SIGLIP].parameters


@pytest.mark.parametrize(
    ("name", "vision", "text"),
    [
        ("ViT-8M-16-Text-3M-YFCC15M", (256, 10, 16), (256, 3)),
        ("ViT-40M-32-Text-19M-LAION400M", (512, 12, 32), (512, 6)),
        ("ViT-61M-32-Text-29M-LAION400M", (640, 12, 32), (512, 9)),
    ],
)
def test_small_encoders_have_the_published_number_of_parameters(
    name: str, vision: tuple[int, int, int], text: tuple[int, int]
) -> None:
    def sizes(width: int, layers: int) -> dict[str, int]:
        return {
            "hidden_size": width,
            "intermediate_size": 4 * width,
            "num_hidden_layers": layers,
            "num_attention_heads": width // 64,
        }

    width, layers, patch = vision
    config = CLIPConfig(
        text_config=sizes(*text),
        vision_config=sizes(width, layers) | {"patch_size": patch},
        projection_dim=512,
    )
    with torch.device("meta"):
        model = CLIPModel(config)
    entry = BY_ID[f"wkcn/TinyCLIP-{name}"]
    assert sum(parameter.numel() for parameter in model.parameters()) == entry.parameters
    # A multiplication and an addition for each weight and patch; attention itself and the rest are little more.
    multiplied = 12 * width**2 * layers * 2 * ((224 // patch) ** 2 + 1)
    assert multiplied < entry.picture_work < 1.3 * multiplied


@pytest.mark.parametrize(("card", "name"), [(True, RECOMMENDED_SIGLIP), (False, RECOMMENDED_SMALL_ENCODER)])
def test_what_is_recommended_depends_on_the_graphics_card(
    monkeypatch: pytest.MonkeyPatch, *, card: bool, name: str
) -> None:
    monkeypatch.setattr(recommended, "has_nvidia_card", lambda: card)
    recommended.recommended_encoder.cache_clear()
    try:
        (entry,) = [entry for entry in CATALOGUE if entry.kind is ModelKind.ENCODER and entry.recommended]
    finally:
        recommended.recommended_encoder.cache_clear()
    assert entry.id == name
