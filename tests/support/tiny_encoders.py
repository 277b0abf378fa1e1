"""Tiny random encoders of the real classes, with tiny real processors, saved like any downloaded model."""
# mypy: allow-untyped-calls

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, pre_tokenizers
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPTokenizer,
    PreTrainedTokenizerFast,
    Siglip2Config,
    Siglip2ImageProcessor,
    Siglip2Model,
    Siglip2Tokenizer,
    SiglipConfig,
    SiglipImageProcessor,
    SiglipModel,
)

from retake_core.encoders.registry import EMBEDDING, FAMILIES
from retake_core.hub.model_folder import OPEN_CLIP
from tests.support.tiny import save_tiny

SIZES = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
SIDE = 64


def _siglip() -> tuple[Any, ...]:
    text = {"vocab_size": 16, "max_position_embeddings": 64, "projection_size": 32, **SIZES}
    vision = {"image_size": SIDE, "patch_size": 8, **SIZES}
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
    return _sigmoid(model), _words(), SiglipImageProcessor(size={"height": SIDE, "width": SIDE})


def _siglip2() -> tuple[Any, ...]:
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *"abcdefghijklmnopqrstuvwxyz"]
    text = {"vocab_size": len(pieces), "max_position_embeddings": 64, "projection_size": 32, **SIZES}
    vision = {"num_patches": 64, "patch_size": 8, **SIZES}
    model = Siglip2Model(Siglip2Config(text_config=text, vision_config=vision))
    tokenizer = Siglip2Tokenizer(vocab={piece: i for i, piece in enumerate(pieces)}, merges=[])
    return _sigmoid(model), tokenizer, Siglip2ImageProcessor(patch_size=8, max_num_patches=64)


def _clip() -> tuple[Any, ...]:
    pieces = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<|startoftext|>", "<|endoftext|>"]  # the last has the highest number, as in the published ones
    vocabulary = {piece: i for i, piece in enumerate([*pieces, *(piece + "</w>" for piece in pieces), *special])}
    end = vocabulary["<|endoftext|>"]
    text = {"vocab_size": len(vocabulary), "max_position_embeddings": 24, "eos_token_id": end, **SIZES}
    vision = {"image_size": SIDE, "patch_size": 8, **SIZES, "hidden_size": 48}
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=24))
    processor = CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE})
    return model, CLIPTokenizer(vocab=vocabulary, merges=[]), processor


def _sigmoid(model: Any) -> Any:
    with torch.no_grad():
        model.logit_scale.fill_(4.7)
        model.logit_bias.fill_(-16.5)
    return model


def _words() -> PreTrainedTokenizerFast:
    words = ["<pad>", "<unk>", "bicycle", "street", "a", "in", "the"]
    tokenizer = Tokenizer(WordLevel({word: index for index, word in enumerate(words)}, unk_token=words[1]))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=words[0], unk_token=words[1])


HERE = [name for name, family in FAMILIES.items() if not family.missing]
"""Families whose package is installed."""
BUILDERS: dict[str, Callable[[], tuple[Any, ...]]] = {"siglip": _siglip, "siglip2": _siglip2, "clip": _clip}


def save_tiny_encoder(family: str, folder: Path) -> Path:
    """Save a random model, its tokenizer and its image processor into a folder."""
    if family == EMBEDDING:
        return save_tiny("qwen3_vl", folder)
    if family == OPEN_CLIP:
        from tests.support.tiny_open_clip import save_tiny_open_clip  # needs the extra

        return save_tiny_open_clip(folder)
    torch.manual_seed(0)
    for part in BUILDERS[family]():
        part.save_pretrained(folder)
    return folder
