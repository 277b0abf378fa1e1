"""The published code's results on a tiny random Qwen2-VL, and how to run our code on its inputs."""

import os
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import Qwen2VLForConditionalGeneration

from retake_core.cancel import CancelToken
from retake_core.videollm.families.qwen2_vl import Qwen2VL
from retake_core.videollm.families.vision import Features, Grid, Pixels
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.prompt_writer import PrefixWriter
from retake_core.videollm.reading import Reading
from tests.support.paths import FIXTURES

FOLDER = Path(os.environ.get("RETAKE_GOLDEN_DIR") or FIXTURES / "golden" / "seed0")
PREFIX, SUFFIX, CHUNK_STEPS = 5, 6, 4


def open_golden() -> Qwen2VL:
    model: Any = Qwen2VLForConditionalGeneration.from_pretrained(FOLDER / "model", dtype=torch.float32)
    return Qwen2VL(model.config, None, model.eval())


def golden_inputs() -> dict[str, Tensor]:
    return load_file(FOLDER / "inputs.safetensors")


def golden_prefix(
    family: Qwen2VL, keep_ratio: float, policy: Policy = Policy.ATTENTION, reforge: bool = False
) -> PrefixWriter:
    """Write prefix and video in the golden run's way: no timestamps, no pivots, no reforge by default."""
    inputs = golden_inputs()
    steps, height, width = inputs["video_grid_thw"][0].tolist()
    grid = Grid(height // 2, width // 2)
    pixels = Pixels(inputs["pixel_values_videos"], [float(t) for t in range(steps)], grid)
    reading = Reading(
        rate=2.0, frames=2 * steps, keep_ratio=keep_ratio, timestamps=False, policy=policy, reforge=reforge
    )
    writer = PrefixWriter(family, reading, CancelToken())
    features = family.encode(pixels)
    with watched(family.model):
        writer.text(family.embed(inputs["input_ids"][0, :PREFIX].tolist()))
        for start in range(0, steps, CHUNK_STEPS):
            part: Features = features.part(start, start + CHUNK_STEPS)
            writer.chunk(part, torch.zeros(part.embeds.shape[:2], dtype=torch.bool))
    return writer
