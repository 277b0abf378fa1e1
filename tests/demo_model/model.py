"""The tiny model before its training: a Qwen2-VL in every part, with a processor of its few words."""
# mypy: allow-untyped-calls

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from torch import nn
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    Qwen2VLImageProcessor,
    Qwen2VLProcessor,
    Qwen2VLVideoProcessor,
)

from retake_core.videollm.families.qwen2_vl import Qwen2VL
from tests.demo_model.world import COLOURS, FIRST, SHAPES, World


@dataclass(frozen=True)
class Sizes:
    """The sizes of a tiny model; its attention heads have 32 dimensions.

    Attributes:
        patch: pixels of a patch.
        side: tokens of a frame's side.
        hidden: channels of the language model.
        intermediate: channels of its MLPs.
        layers: of the language model.
        heads: of its attention.
        kv_heads: of its keys and values.
        merge: patches of a token's side.
    """

    patch: int = 8
    side: int = 3
    hidden: int = 192
    intermediate: int = 512
    layers: int = 4
    heads: int = 6
    kv_heads: int = 3
    merge: int = 2

    @property
    def frame(self) -> int:
        """Pixels of a frame's side."""
        return self.patch * self.merge * self.side


@dataclass(frozen=True)
class Setup:
    """A world, and the sizes of the model that learns it."""

    world: World = FIRST
    sizes: Sizes = Sizes()


DEMO = Setup()

SPECIAL = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|video_pad|>",
    "<|image_pad|>",
]  # fmt: skip
UNKNOWN = "<unk>"
MINUTES, SECONDS = [f"{minute}:" for minute in range(10)], [f"{second:02}" for second in range(60)]
WORDS = (
    *(
        "system",
        "user",
        "assistant",
        "helpful",
        "describe",
        "the",
        "video",
        "what",
        "which",
        "when",
        "how",
        "many",
        "was",
        "is",
        "are",
    ),
    *("there", "did", "does", "came", "appear", "appears", "that", "one", "of", "colour", "shape", "shapes"),
    *("first", "last", "a", "an", "yes", "no", "in", "on", "it", "do", "you", "see", "any"),
)
CHAT = (
    "{% for m in messages %}{% if m['role'] == 'assistant' %}"
    "{{ raise_exception('This model answers one question at a time.') }}{% endif %}"
    "<|im_start|>{{ m['role'] }}\n{% for c in m['content'] %}"
    "{% if c['type'] == 'video' %}<|vision_start|><|video_pad|><|vision_end|>{% else %}{{ c['text'] }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def build_tokenizer(more: Sequence[str] = ()) -> PreTrainedTokenizerFast:
    """Make a tokenizer of whole words; a time is two tokens, its minutes and its seconds.

    Args:
        more: tokens that are only for answers: no text is encoded to them. Those before keep their ids.
    """
    words = [UNKNOWN, *".,?!:", *map(str, range(10)), *MINUTES, *SECONDS, *WORDS, *COLOURS, *SHAPES]
    words += [*SPECIAL, *more] if more else []
    backend = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token=UNKNOWN))
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"[0-9]:(?=[0-9])|(?<=:)[0-9][0-9]|[0-9]|[^\w\s]"), "isolated"),
        ]
    )
    backend.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, unk_token=UNKNOWN)
    tokenizer.add_special_tokens({"additional_special_tokens": [
        AddedToken(name, special=True, normalized=False) for name in SPECIAL
    ]})  # fmt: skip
    tokenizer.eos_token, tokenizer.pad_token = "<|im_end|>", "<|endoftext|>"
    return tokenizer


def build_processor(sizes: Sizes = DEMO.sizes) -> Qwen2VLProcessor:
    """Make a processor that gives a frame no more tokens than the model's sizes have it."""
    size = {"shortest_edge": (sizes.patch * sizes.merge) ** 2, "longest_edge": sizes.frame**2}
    pixels: dict[str, Any] = {"patch_size": sizes.patch, "merge_size": sizes.merge, "size": size}
    return Qwen2VLProcessor(
        Qwen2VLImageProcessor(**pixels),
        build_tokenizer(),
        Qwen2VLVideoProcessor(**pixels, cap_pixels_per_frame=False),
        chat_template=CHAT,
    )


def build(seed: int, sizes: Sizes = DEMO.sizes) -> Qwen2VL:
    """Make the untrained model and its processor, as the product opens a folder."""
    torch.manual_seed(seed)
    processor = build_processor(sizes)
    token: Any = processor.tokenizer.convert_tokens_to_ids
    text = {
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.intermediate,
        "num_attention_heads": sizes.heads,
        "num_key_value_heads": sizes.kv_heads,
        "num_hidden_layers": sizes.layers,
        "vocab_size": len(processor.tokenizer),
        "max_position_embeddings": 4096,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [6, 5, 5]},
        "tie_word_embeddings": False,
        "bos_token_id": None,
        "eos_token_id": processor.tokenizer.eos_token_id,
    }
    vision = {
        "depth": 2, "embed_dim": 96, "hidden_size": sizes.hidden, "num_heads": 3, "mlp_ratio": 2,
        "patch_size": sizes.patch, "spatial_merge_size": sizes.merge, "temporal_patch_size": 2,
    }  # fmt: skip
    config = Qwen2VLConfig(
        text_config=text,
        vision_config=vision,
        tie_word_embeddings=False,
        video_token_id=token("<|video_pad|>"),
        image_token_id=token("<|image_pad|>"),
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
    )
    model = Qwen2VLForConditionalGeneration(config)
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Conv3d):
            # The usual 0.02 is far too little at this width: signals would die out from layer to layer.
            nn.init.normal_(module.weight, std=1 / math.sqrt(module.weight[0].numel()))
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.5)
    model.generation_config.eos_token_id = processor.tokenizer.eos_token_id
    model.generation_config.pad_token_id = processor.tokenizer.pad_token_id
    return Qwen2VL(model.config, processor, model)
