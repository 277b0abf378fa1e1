"""The VideoLLMs that work here, and how to open one. Adding a family means one file, and one line here."""

import json
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForImageTextToText, AutoProcessor

from retake_core.errors import UserError
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.llava_onevision import LlavaOnevision
from retake_core.videollm.families.qwen2_5_vl import Qwen25VL
from retake_core.videollm.families.qwen2_vl import Qwen2VL
from retake_core.videollm.families.qwen3_vl import Qwen3VL

FAMILIES: dict[str, type[Family]] = {
    family.model_type: family for family in (Qwen2VL, Qwen25VL, Qwen3VL, LlavaOnevision)
}

LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
"""Nothing is downloaded behind the user's back, and no code comes with a model."""


def family_of(folder: Path) -> type[Family]:
    """Return the family that a model folder belongs to.

    Raises:
        UserError: there is no readable model, or its architecture is not supported.
    """
    try:
        model_type = json.loads((folder / "config.json").read_text("utf-8"))["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"There is no model in {folder}: its config.json cannot be read.") from error
    family = FAMILIES.get(model_type) if isinstance(model_type, str) else None
    if family is None:
        works = ", ".join(known.name for known in FAMILIES.values())
        raise UserError(f"Models of the architecture {model_type!r} are not supported. These are: {works}.")
    return family


def open_family(folder: Path) -> Family:
    """Open a model folder without its weights: enough to count and to plan.

    Raises:
        UserError: there is no readable model, or its architecture is not supported.
    """
    family = family_of(folder)
    try:
        config = AutoConfig.from_pretrained(folder, **LOCAL)
        processor = AutoProcessor.from_pretrained(folder, **LOCAL)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"The model in {folder} is incomplete: {error}") from error
    return family(config, processor)


def default_device() -> torch.device:
    """Return the GPU, where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def model_dtype(device: torch.device) -> torch.dtype:
    """Return the precision that models run in: bfloat16 on a GPU, float32 on a CPU."""
    return torch.bfloat16 if device.type == "cuda" else torch.float32


def load_family(folder: Path, device: torch.device | None = None) -> Family:
    """Open a model folder with its weights.

    Raises:
        UserError: as `open_family`; the weights are not safetensors, or do not fit the device.
    """
    family = open_family(folder)
    device = device or default_device()
    try:
        model: Any = AutoModelForImageTextToText.from_pretrained(
            folder, dtype=model_dtype(device), use_safetensors=True, **LOCAL
        )
        family.model = model.to(device).eval()
    except torch.OutOfMemoryError as error:
        raise UserError(f"The model in {folder} does not fit the graphics memory.") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise UserError(f"The weights in {folder} cannot be loaded: {error}") from error
    return family


__all__ = ["FAMILIES", "Family", "default_device", "family_of", "load_family", "model_dtype", "open_family"]
