"""Qwen2-VL."""

from retake_core.videollm.families.base import Family
from retake_core.videollm.families.qwen_vl import QwenPrompt, QwenVision


class Qwen2VL(Family):
    """One temporal position for each time step."""

    prompt_type = QwenPrompt
    vision_type = QwenVision
