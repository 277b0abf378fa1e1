"""Qwen2-VL."""

from retake_core.videollm.families.qwen_vl import QwenVL


class Qwen2VL(QwenVL):
    """One temporal position for each time step."""

    name = "Qwen2-VL"
    model_type = "qwen2_vl"
