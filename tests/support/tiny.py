"""Tiny random models of the real classes, with tiny real processors, saved like any downloaded model."""
# mypy: allow-untyped-calls

from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor
from transformers import (
    LlavaOnevisionConfig,
    LlavaOnevisionForConditionalGeneration,
    LlavaOnevisionImageProcessor,
    LlavaOnevisionProcessor,
    LlavaOnevisionVideoProcessor,
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    Qwen2VLImageProcessor,
    Qwen2VLProcessor,
    Qwen2VLVideoProcessor,
    Qwen3_5Config,
    Qwen3_5ForConditionalGeneration,
    Qwen3_5MoeConfig,
    Qwen3_5MoeForConditionalGeneration,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    Qwen3VLProcessor,
    Qwen3VLVideoProcessor,
)

from retake_core.cancel import CancelToken
from retake_core.media.frames import Frame
from retake_core.videollm.events import Stats
from retake_core.videollm.families.base import Family
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.prefill import prefill
from retake_core.videollm.reading import Reading

Result = TypeVar("Result")

SPECIAL = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|video_pad|>",
    "<|image_pad|>", "<video>", "<image>",
]  # fmt: skip
CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{% for c in m['content'] %}"
    "{% if c['type'] == 'video' %}VIDEO{% else %}{{ c['text'] }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
)
ROPE = {"rope_type": "default", "rope_theta": 10000.0}


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer of single bytes."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(alphabet)}, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend)
    tokenizer.eos_token, tokenizer.pad_token = "<|im_end|>", "<|endoftext|>"
    tokenizer.add_special_tokens({"additional_special_tokens": SPECIAL})
    return tokenizer


def _text(**more: Any) -> dict[str, Any]:
    return {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "num_hidden_layers": 3,
        "vocab_size": 272,
        "max_position_embeddings": 1 << 18,
        "rope_parameters": {**ROPE, "mrope_section": [2, 1, 1]},
        **more,
    }


def _ids(tokenizer: PreTrainedTokenizerFast) -> dict[str, Any]:
    token: Callable[[str], Any] = tokenizer.convert_tokens_to_ids
    return {
        "video_token_id": token("<|video_pad|>"),
        "image_token_id": token("<|image_pad|>"),
        "vision_start_token_id": token("<|vision_start|>"),
        "vision_end_token_id": token("<|vision_end|>"),
    }


def _qwen_chat() -> str:
    return CHAT.replace("VIDEO", "<|vision_start|><|video_pad|><|vision_end|>")


def _qwen2_vl(tokenizer: PreTrainedTokenizerFast) -> tuple[Any, Any]:
    vision = {
        "depth": 1, "embed_dim": 16, "hidden_size": 32, "num_heads": 2, "mlp_ratio": 2, "patch_size": 4,
        "spatial_merge_size": 2, "temporal_patch_size": 2,
    }  # fmt: skip
    config = Qwen2VLConfig(text_config=_text(), vision_config=vision, **_ids(tokenizer))
    processor = Qwen2VLProcessor(
        Qwen2VLImageProcessor(patch_size=4),
        tokenizer,
        Qwen2VLVideoProcessor(patch_size=4, cap_pixels_per_frame=False),
        chat_template=_qwen_chat(),
    )
    return Qwen2VLForConditionalGeneration(config), processor


def _qwen2_5_vl(tokenizer: PreTrainedTokenizerFast) -> tuple[Any, Any]:
    vision = {
        "depth": 2, "hidden_size": 16, "out_hidden_size": 32, "num_heads": 2,
        "intermediate_size": 32, "patch_size": 4,
        "spatial_merge_size": 2, "temporal_patch_size": 2, "window_size": 16, "fullatt_block_indexes": [1],
        "tokens_per_second": 2,
    }  # fmt: skip
    config = Qwen2_5_VLConfig(text_config=_text(), vision_config=vision, **_ids(tokenizer))
    processor = Qwen2_5_VLProcessor(
        Qwen2VLImageProcessor(patch_size=4),
        tokenizer,
        Qwen2VLVideoProcessor(patch_size=4, cap_pixels_per_frame=False),
        chat_template=_qwen_chat(),
    )
    return Qwen2_5_VLForConditionalGeneration(config), processor


def _qwen3_vl(tokenizer: PreTrainedTokenizerFast) -> tuple[Any, Any]:
    vision = {
        "depth": 2, "hidden_size": 16, "out_hidden_size": 32, "num_heads": 2,
        "intermediate_size": 32, "patch_size": 4,
        "spatial_merge_size": 2, "temporal_patch_size": 2, "num_position_embeddings": 16,
        "deepstack_visual_indexes": [0, 1],
    }  # fmt: skip
    text = _text(head_dim=8)
    config = Qwen3VLConfig(text_config=text, vision_config=vision, **_ids(tokenizer))
    processor = Qwen3VLProcessor(
        Qwen2VLImageProcessor(patch_size=4),
        tokenizer,
        Qwen3VLVideoProcessor(patch_size=4, cap_pixels_per_frame=False),
        chat_template=_qwen_chat(),
    )
    return Qwen3VLForConditionalGeneration(config), processor


def _qwen3_5(tokenizer: PreTrainedTokenizerFast, *, experts: bool = False) -> tuple[Any, Any]:
    vision = {
        "depth": 2, "hidden_size": 16, "out_hidden_size": 32, "num_heads": 2,
        "intermediate_size": 32, "patch_size": 4,
        "spatial_merge_size": 2, "temporal_patch_size": 2, "num_position_embeddings": 16,
    }  # fmt: skip
    # A quarter of each head is rotated, as in the published ones; three layers of full attention among seven.
    text = _text(
        head_dim=32,
        num_hidden_layers=7,
        layer_types=["full_attention" if layer % 2 else "linear_attention" for layer in range(7)],
        rope_parameters={**ROPE, "mrope_section": [2, 1, 1], "partial_rotary_factor": 0.25},
        linear_key_head_dim=8,
        linear_value_head_dim=8,
        linear_num_key_heads=2,
        linear_num_value_heads=4,
    )
    processor = Qwen3VLProcessor(
        Qwen2VLImageProcessor(patch_size=4),
        tokenizer,
        Qwen3VLVideoProcessor(patch_size=4, cap_pixels_per_frame=False),
        chat_template=_qwen_chat(),
    )
    if experts:
        text |= {"num_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 16}
        text |= {"shared_expert_intermediate_size": 24}
        moe = Qwen3_5MoeConfig(text_config=text, vision_config=vision, **_ids(tokenizer))
        return Qwen3_5MoeForConditionalGeneration(moe), processor
    config = Qwen3_5Config(text_config=text, vision_config=vision, **_ids(tokenizer))
    return Qwen3_5ForConditionalGeneration(config), processor


def _llava(tokenizer: PreTrainedTokenizerFast) -> tuple[Any, Any]:
    vision = {
        "model_type": "siglip_vision_model", "hidden_size": 16, "intermediate_size": 32,
        "num_attention_heads": 2, "num_hidden_layers": 2, "image_size": 24, "patch_size": 4,
        "vision_use_head": False,
    }  # fmt: skip
    text = {**_text(rope_parameters=ROPE), "model_type": "qwen2"}
    token: Callable[[str], Any] = tokenizer.convert_tokens_to_ids
    config = LlavaOnevisionConfig(
        text_config=text,
        vision_config=vision,
        video_token_index=token("<video>"),
        image_token_index=token("<image>"),
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
    )
    processor = LlavaOnevisionProcessor(
        LlavaOnevisionImageProcessor(size={"height": 24, "width": 24}),
        tokenizer,
        LlavaOnevisionVideoProcessor(size={"height": 24, "width": 24}),
        num_image_tokens=36,
        vision_feature_select_strategy="full",
        chat_template=CHAT.replace("VIDEO", "<video>"),
    )
    return LlavaOnevisionForConditionalGeneration(config), processor


BUILDERS: dict[str, Callable[[PreTrainedTokenizerFast], tuple[Any, Any]]] = {
    "qwen2_vl": _qwen2_vl,
    "qwen2_5_vl": _qwen2_5_vl,
    "qwen3_vl": _qwen3_vl,
    "qwen3_5": _qwen3_5,
    "qwen3_5_moe": partial(_qwen3_5, experts=True),
    "llava_onevision": _llava,
}


def save_tiny(model_type: str, folder: Path) -> Path:
    """Save a random model and its processor into a folder."""
    torch.manual_seed(0)
    tokenizer = tiny_tokenizer()
    model, processor = BUILDERS[model_type](tokenizer)
    for name, parameter in model.named_parameters():
        # The default initialisation is so flat that a mistake hardly shows in the logits.
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.2)
        elif name.endswith("bias"):
            torch.nn.init.normal_(parameter, std=0.1)
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def tiny_frames(count: int, rate: float = 2.0, width: int = 32, height: int = 24) -> Iterator[Frame]:
    """Yield frames of moving noise, the same on every call."""
    rng = np.random.default_rng(1)
    image = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    for index in range(count):
        if index % 5 == 0:
            image = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        image = np.roll(image, 1, axis=1)
        yield Frame(index / rate, np.ascontiguousarray(image))


def tiny_reading(**more: Any) -> Reading:
    """Twenty frames in chunks of eight, at the rate at which Qwen2.5-VL counts one position for a step."""
    settings: dict[str, Any] = {"rate": 4.0, "frames": 20, "long_side": 32, "chunk_frames": 8, **more}
    return Reading(**settings)


def read_tiny(family: Family, reading: Reading, stats: Stats | None = None) -> Memory:
    """Prefill the tiny frames."""
    frames = partial(tiny_frames, reading.frames, reading.rate)
    return drain(prefill(family, frames, reading, CancelToken(), stats))


def text_attention(family: Family) -> str:
    """Return the name of the attention that the language model runs under."""
    return str(family.model.config.get_text_config()._attn_implementation)


def drain(generator: Generator[Any, None, Result]) -> Result:
    """Run a generator to its end and return its value."""
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def question_logits(family: Family, memory: Memory, text: str = "What is it?") -> Tensor:
    """Return the logits of a question behind a memory, and leave the memory as it was."""
    before = memory.cache.mark()
    ids = family.prompt.question(text)
    _, positions = Cursor(family.prompt.position_rows, free=memory.free).text(len(ids))
    with watched(family.model):
        logits = family.logits(family.forward(family.embed(ids), positions, memory.cache))
    memory.cache.rewind(before)
    return logits
