"""Qwen3-VL."""

from typing import Any

import torch
from torch import Tensor

from retake_core.videollm.families.base import Features, Pixels
from retake_core.videollm.families.qwen_vl import QwenVL


class Qwen3VL(QwenVL):
    """A written time before every time step, features for the early layers, interleaved M-RoPE."""

    name = "Qwen3-VL"
    model_type = "qwen3_vl"
    interleaved = True
    reforge = False  # time stands in the text; a segment is one step long, so nothing could be squeezed
    steps_per_timestamp = 1

    def timestamp(self, seconds: float) -> str:
        """The form that the model was trained with."""
        return f"<{seconds:.1f} seconds>"

    def _features(self, output: Any, pixels: Pixels) -> Features:
        shape = (len(pixels.times), pixels.grid.size, -1)
        deepstack = tuple(torch.cat(list(level)).view(shape) for level in output.deepstack_features)
        return Features(torch.cat(list(output.pooler_output)).view(shape), pixels.times, pixels.grid, deepstack)

    def visual_inputs(self, features: Features, visual: Tensor) -> dict[str, Any]:
        """The deepstack features of this chunk, and where they go."""
        return {
            "visual_pos_masks": visual[None],
            "deepstack_visual_embeds": [level.flatten(0, 1) for level in features.deepstack],
        }
