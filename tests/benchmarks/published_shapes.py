"""The VideoLLMs of the catalogue in their published shapes, with random weights and a tokenizer of single bytes.

The catalogue knows the language models; what stands here are their eyes.
"""
# mypy: allow-untyped-calls

from types import SimpleNamespace
from typing import Any

import torch
from transformers import (
    AutoConfig,
    AutoModelForImageTextToText,
    LlavaOnevisionVideoProcessor,
    Qwen2VLVideoProcessor,
    Qwen3VLVideoProcessor,
)

from retake_core.models.catalogue import CATALOGUE, LanguageModelSizes, OfferedModel
from retake_core.models.fitting import layer_types, published_dtype
from retake_core.videollm.families import FAMILIES
from retake_core.videollm.families.base import Family
from retake_core.videollm.machine import model_dtype
from tests.support.tiny import tiny_tokenizer

VIDEOLLMS = {model.id: model for model in CATALOGUE if model.decoder is not None}
WIDEST_TIED = 2560
"""Language models up to this width read and write with one table of words; Qwen2.5-VL 3B and Qwen3-VL 4B, too."""
SECTIONS = {"qwen3_vl": [24, 20, 20], "qwen3_5": [11, 11, 10]}
"""Rotary frequencies of time, height and width, where they alternate."""
PADDED = {"llava_onevision": 152_064}
"""Rows of the table of words, where they are more than the words."""


def vision(decoder: LanguageModelSizes) -> dict[str, Any]:
    """Return the sizes of a vision tower."""
    match decoder.model_type:
        case "qwen2_vl":
            return {"depth": 32, "embed_dim": 1280, "hidden_size": decoder.hidden, "num_heads": 16, "mlp_ratio": 4}
        case "qwen2_5_vl":
            return {
                "depth": 32,
                "hidden_size": 1280,
                "intermediate_size": 3420,
                "num_heads": 16,
                "out_hidden_size": decoder.hidden,
                "window_size": 112,
                "fullatt_block_indexes": [7, 15, 23, 31],
                "tokens_per_second": 2,
            }
        case "qwen3_vl" | "qwen3_5":
            large = decoder.hidden > WIDEST_TIED
            eyes: dict[str, Any] = {
                "depth": 27 if large else 24,
                "hidden_size": 1152 if large else 1024,
                "intermediate_size": 4304 if large else 4096,
                "num_heads": 16,
                "out_hidden_size": decoder.hidden,
                "num_position_embeddings": 2304,
            }
            if decoder.model_type == "qwen3_vl":
                eyes["deepstack_visual_indexes"] = [8, 16, 24] if large else [5, 11, 17]
            return eyes
        case _:
            return {
                "model_type": "siglip_vision_model",
                "hidden_size": 1152,
                "intermediate_size": 4304,
                "num_attention_heads": 16,
                "num_hidden_layers": 26,
                "image_size": 384,
                "vision_use_head": False,
            }


def configuration(model: OfferedModel) -> Any:
    """Return the transformers configuration of a VideoLLM of the catalogue."""
    decoder = model.decoder
    assert decoder is not None
    rope: dict[str, Any] = {"rope_type": "default", "rope_theta": 1e6}
    text: dict[str, Any] = {
        "hidden_size": decoder.hidden,
        "intermediate_size": decoder.intermediate,
        "num_attention_heads": decoder.heads,
        "num_key_value_heads": decoder.kv_heads,
        "num_hidden_layers": decoder.layers,
        "vocab_size": PADDED.get(decoder.model_type, decoder.vocabulary),
        "max_position_embeddings": 128_000,
        "head_dim": decoder.head_dim,
        "tie_word_embeddings": decoder.hidden <= WIDEST_TIED,
        "bos_token_id": None,
        "eos_token_id": None,
    }
    if decoder.linear is not None:
        rope["partial_rotary_factor"] = 0.25
        text["layer_types"] = layer_types(decoder)
        text["linear_num_value_heads"] = decoder.linear.value_heads  # the rest is as transformers has it
    token: Any = tiny_tokenizer().convert_tokens_to_ids
    if decoder.model_type == "llava_onevision":
        text["model_type"] = "qwen2"
        ids = {"video_token_index": token("<video>"), "image_token_index": token("<image>")}
        ids |= {"vision_feature_layer": -1, "vision_feature_select_strategy": "full"}
    else:
        rope["mrope_section"] = SECTIONS.get(decoder.model_type, [16, 24, 24])
        marks = {"video": "video_pad", "image": "image_pad"}
        ids = {f"{kind}_token_id": token(f"<|{mark}|>") for kind, mark in marks.items()}
        ids |= {f"vision_{end}_token_id": token(f"<|vision_{end}|>") for end in ("start", "end")}
    return AutoConfig.for_model(
        decoder.model_type,
        text_config={**text, "rope_parameters": rope},
        vision_config={**vision(decoder), "patch_size": decoder.patch},
        tie_word_embeddings=text["tie_word_embeddings"],
        **ids,
    )


def build(config: Any, device: torch.device, stored: torch.dtype = torch.bfloat16) -> Any:
    """Make a model of random weights in the precision that models run in whose files hold `stored`."""
    with torch.device(device):
        model = AutoModelForImageTextToText.from_config(config, dtype=model_dtype(device, stored))
    model.generation_config.eos_token_id = None  # random words never end
    return model.eval()


def open_family(model: OfferedModel, device: torch.device) -> Family:
    """Make a family that reads and answers with random weights."""
    config = configuration(model)
    decoder = model.decoder
    assert decoder is not None
    video_processor: Any
    match decoder.model_type:
        case "qwen3_vl" | "qwen3_5":
            video_processor = Qwen3VLVideoProcessor(patch_size=decoder.patch)
        case "llava_onevision":
            video_processor = LlavaOnevisionVideoProcessor(size={"height": 384, "width": 384})
        case _:
            video_processor = Qwen2VLVideoProcessor(cap_pixels_per_frame=False)
    processor = SimpleNamespace(
        tokenizer=tiny_tokenizer(), chat_template=None, video_processor=video_processor, image_processor=None
    )
    family: Family = FAMILIES[decoder.model_type].load()(
        config, processor, build(config, device, published_dtype(decoder))
    )
    return family
