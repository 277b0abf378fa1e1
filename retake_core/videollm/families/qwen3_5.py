"""Qwen3.5, and its mixture of experts: in three of four layers attention is linear."""

from torch import Tensor

from retake_core.videollm.families.base import Family
from retake_core.videollm.families.qwen3_vl import Qwen3Prompt
from retake_core.videollm.families.qwen_vl import QwenVision
from retake_core.videollm.kv.pivotkv import frequency_axes

SECTIONS = [11, 11, 10]
"""Rotary frequencies of time, height and width, where a configuration does not say."""


class Qwen35(Family):
    """Written to like Qwen3-VL, without features for the early layers.

    Layers of linear attention see every token of the video, and keep what they see in a state of one size. Only
    the others have entries, which PivotKV compresses, and whose attention is evidence.
    """

    prompt_type = Qwen3Prompt
    vision_type = QwenVision

    def rotary(self) -> tuple[Tensor, Tensor]:
        """Only a part of each head is rotated."""
        frequencies: Tensor = self.language_model.rotary_emb.inv_freq.float()
        sections = self.config.get_text_config().rope_parameters.get("mrope_section", SECTIONS)
        return frequencies, frequency_axes(len(frequencies), sections, self.prompt.interleaved)
