"""The VideoLLM architectures that work here, by the `model_type` that a model's config.json states.

To add one, write a file with a `Family` class beside this one, and its line in `FAMILIES`. The class names how the
model is written to (a `Prompt`) and how it sees (a `Vision`); `qwen2_5_vl` is a short example. Everything else
follows from the line: what is listed, checked, loaded, planned and packed into the app.

Importing this package does not import torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from retake_core.videollm.families.base import Family


@dataclass(frozen=True, slots=True)
class RegisteredFamily:
    """A line of the registry.

    Attributes:
        title: what people call these models.
        place: the file beside this one, and the `Family` class in it.
    """

    title: str
    place: str

    def load(self) -> type[Family]:
        """Import the class, and with it torch and transformers."""
        file, _, name = self.place.partition(":")
        return cast("type[Family]", getattr(import_module(f"{__name__}.{file}"), name))


FAMILIES = {
    "qwen2_vl": RegisteredFamily("Qwen2-VL", "qwen2_vl:Qwen2VL"),
    "qwen2_5_vl": RegisteredFamily("Qwen2.5-VL", "qwen2_5_vl:Qwen25VL"),
    "qwen3_vl": RegisteredFamily("Qwen3-VL", "qwen3_vl:Qwen3VL"),
    "qwen3_5": RegisteredFamily("Qwen3.5", "qwen3_5:Qwen35"),
    "qwen3_5_moe": RegisteredFamily("Qwen3.5 MoE", "qwen3_5:Qwen35"),
    "llava_onevision": RegisteredFamily("LLaVA-OneVision / LLaVA-Video", "llava_onevision:LlavaOnevision"),
}
