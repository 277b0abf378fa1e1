"""Qwen2.5-VL."""

from retake_core.videollm.families.base import Family
from retake_core.videollm.families.qwen_vl import QwenPrompt, QwenVision


class Qwen25Prompt(QwenPrompt):
    """Temporal positions that count time, not steps."""

    def interval(self, seconds_per_step: float) -> float:
        """Positions per second, as trained, times the seconds of a step."""
        return float(self.config.vision_config.tokens_per_second * seconds_per_step)


class Qwen25VL(Family):
    """As Qwen2-VL, with positions in time."""

    prompt_type = Qwen25Prompt
    vision_type = QwenVision
