"""Qwen2.5-VL."""

from retake_core.videollm.families.qwen_vl import QwenVL


class Qwen25VL(QwenVL):
    """Temporal positions that count time, not steps."""

    name = "Qwen2.5-VL"
    model_type = "qwen2_5_vl"

    def interval(self, seconds_per_step: float) -> float:
        """Positions per second, as trained, times the seconds of a step."""
        return float(self._vision.tokens_per_second * seconds_per_step)
