"""How much memory a model takes on this computer, by the formulas that plan questions. Loads torch."""

import re
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import torch

from retake_core.models.catalogue import CATALOGUE, LanguageModelSizes, OfferedModel
from retake_core.models.duration import seconds_for, speed_here, work_of_an_hour
from retake_core.models.torch_machine import card_name, card_problem
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.protocol.model_messages import MachineMeasured, ModelKind, Need
from retake_core.videollm.costs import peak_bytes
from retake_core.videollm.families import FAMILIES
from retake_core.videollm.families.base import Family
from retake_core.videollm.four_bit import four_bit_bytes, four_bit_problem
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.machine import available_bytes, default_device, model_dtype, total_bytes
from retake_core.videollm.planner import TYPICAL, USABLE, frames_that_fit, make_plan, sample_times
from retake_core.videollm.precision import Precision, in_four_bit
from retake_core.videollm.reading import Reading
from retake_core.videollm.shape import FULL, LINEAR

PUBLISHED = {"llava_onevision": torch.float16}
"""The precision that published files hold, by architecture, where it is not bfloat16."""
LISTENING = 350_000_000
"""Bytes that listening takes beside the model's weights."""


def measure(precision: Precision = "auto") -> MachineMeasured:
    """Look at this computer, and at what every model that is offered needs on it.

    Args:
        precision: in which VideoLLMs are to be loaded.
    """
    total, speed = total_bytes(), speed_here()
    room = int(total * USABLE)  # and not of what is free: that is another at every moment
    return MachineMeasured(
        device=card_name(),
        total_bytes=total,
        free_bytes=available_bytes(),
        problem=card_problem(),
        four_bit_problem=four_bit_problem(),
        needs=tuple(
            need(model, room, total, precision, speed) for model in CATALOGUE if model.kind is not ModelKind.FACES
        ),
    )


def need(
    model: OfferedModel, available: int, total: int = 1 << 60, precision: Precision = "auto", speed: float = 0.0
) -> Need:
    """Return what a model takes here.

    Args:
        model: of the catalogue.
        available: bytes that it may take.
        total: bytes of memory, free or not.
        precision: in which VideoLLMs are to be loaded.
        speed: operations a second that the device does; 0 where it was not measured.
    """
    hour = seconds_for(work_of_an_hour(model), speed)
    if model.kind is ModelKind.SPEECH:
        # CTranslate2 runs it in float16 on a graphics card, in int8 elsewhere.
        size = model.parameters * (2 if default_device().type == "cuda" else 1) + LISTENING
        return Need(
            id=model.id, compressed_bytes=size, full_bytes=None, frames=int(size <= available), hour_seconds=hour
        )
    if model.kind is ModelKind.SENTENCES:  # it runs on the processor, in float32
        size = model.parameters * 4
        return Need(
            id=model.id, compressed_bytes=size, full_bytes=None, frames=int(size <= available), hour_seconds=hour
        )
    stored = None if model.decoder is None else published_dtype(model.decoder)
    weights = model.parameters * model_dtype(default_device(), stored).itemsize
    if model.decoder is None:
        return Need(
            id=model.id,
            compressed_bytes=weights,
            full_bytes=None,
            frames=int(weights <= available),
            hour_seconds=hour,
        )
    family = blueprint(model.decoder)
    small = four_bit_bytes(family.shape, model.parameters)
    four_bit = (
        precision != "full" and not four_bit_problem() and in_four_bit(precision, family, model.parameters, total)
    )
    would_fit = default_device().type == "cuda" and bool(frames_that_fit(family, TYPICAL, available, small))
    weights = small if four_bit else weights
    best = make_plan(family, TYPICAL, available=1 << 60, weights=weights)
    rate, frames = sample_times(TYPICAL.duration, MAX_FRAMES)[0], best.reading.frames
    full = replace(Reading(rate=rate, frames=frames), policy=Policy.FULL)
    return Need(
        id=model.id,
        compressed_bytes=best.peak_bytes,
        full_bytes=peak_bytes(family, TYPICAL.count(family, full), weights),
        frames=frames_that_fit(family, TYPICAL, available, weights),
        four_bit=four_bit,
        fits_in_four_bit=would_fit,
        hour_seconds=seconds_for(work_of_an_hour(model, best.counts.visual_tokens), speed),
    )


def blueprint(decoder: LanguageModelSizes) -> Family:
    """Return a family that can be planned with, made from the sizes alone."""
    text = SimpleNamespace(
        num_hidden_layers=decoder.layers,
        num_attention_heads=decoder.heads,
        num_key_value_heads=decoder.kv_heads,
        head_dim=decoder.head_dim,
        hidden_size=decoder.hidden,
        intermediate_size=decoder.intermediate,
        vocab_size=decoder.vocabulary,
    )
    if decoder.linear is not None:
        linear = decoder.linear
        text.layer_types = layer_types(decoder)
        text.linear_num_key_heads, text.linear_num_value_heads = linear.key_heads, linear.value_heads
        text.linear_key_head_dim, text.linear_value_head_dim = linear.key_dim, linear.value_dim
        text.linear_conv_kernel_dim = linear.kernel
    vision = SimpleNamespace(
        patch_size=decoder.patch,
        spatial_merge_size=2,
        temporal_patch_size=2,
        image_size=384,
        hidden_size=1280,
        intermediate_size=5120,
        tokens_per_second=2,
    )
    config = SimpleNamespace(
        vision_config=vision,
        vision_start_token_id=0,
        vision_end_token_id=0,
        video_token_id=0,
        dtype=published_dtype(decoder),
    )
    config.get_text_config = partial(_same, text)
    processor = SimpleNamespace(
        tokenizer=_tokenize, chat_template=None, video_processor=SimpleNamespace(size=None)
    )
    return FAMILIES[decoder.model_type].load()(config, processor)


def published_dtype(decoder: LanguageModelSizes) -> torch.dtype:
    """Return the precision that a model's files hold."""
    return PUBLISHED.get(decoder.model_type, torch.bfloat16)


def layer_types(decoder: LanguageModelSizes) -> list[str]:
    """Return the kind of every layer, as transformers calls it."""
    linear = () if decoder.linear is None else decoder.linear.layers
    return [LINEAR if layer in linear else FULL for layer in range(decoder.layers)]


def _same(config: Any) -> Any:
    return config


def _tokenize(text: str, **_: Any) -> dict[str, list[int]]:
    """Cut a text about as these models do: every digit and sign by itself."""
    return {"input_ids": [0] * len(re.findall(r"\d|[^\W\d]+|[^\w\s]", text))}
