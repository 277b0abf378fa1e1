"""Qwen3-VL."""

import math
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from retake_core.videollm.families.base import Family
from retake_core.videollm.families.qwen_vl import QwenPrompt, QwenVision
from retake_core.videollm.families.vision import Features, Pixels


class Qwen3Prompt(QwenPrompt):
    """A written time before every time step, and interleaved M-RoPE."""

    interleaved = True
    steps_per_timestamp = 1

    def reforges(self, timestamps: bool) -> bool:  # noqa: ARG002
        """Never: the model was trained with time in the text alone."""
        return False

    def timestamp(self, seconds: float) -> str:
        """The form that the model was trained with."""
        return f"<{seconds:.1f} seconds>"


MIN_STEP_TOKENS = 128
"""Visual tokens of one time step that its makers never go below: a wide frame of 448 pixels would give 112."""


class Qwen3Vision(QwenVision):
    """Further features for the early layers, from inside the vision tower."""

    def frame_size(self, width: int, height: int, long_side: int) -> tuple[int, int]:
        """Make frames of too few tokens larger, whatever `long_side` is."""
        size = super().frame_size(width, height, long_side)
        if self.grid(*size).size >= MIN_STEP_TOKENS:
            return size
        across = math.sqrt(MIN_STEP_TOKENS * width / height)
        unit = self.pixels_per_token
        return math.ceil(across) * unit, math.ceil(MIN_STEP_TOKENS / across) * unit

    def _features(self, output: Any, pixels: Pixels) -> Features:
        features = super()._features(output, pixels)
        shape = features.embeds.shape
        levels = tuple(torch.cat(list(level)).view(shape) for level in output.deepstack_features)
        return replace(features, deepstack=levels)


class Qwen3VL(Family):
    """As Qwen2-VL, with times in the text and features for the early layers."""

    prompt_type = Qwen3Prompt
    vision_type = Qwen3Vision

    def visual_inputs(self, features: Features, visual: Tensor) -> dict[str, Any]:
        """The deepstack features of this chunk, and where they go."""
        return {
            "visual_pos_masks": visual[None],
            "deepstack_visual_embeds": [level.flatten(0, 1) for level in features.deepstack],
        }
