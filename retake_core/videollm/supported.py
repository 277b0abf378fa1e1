"""Which VideoLLMs work here, told from a model folder without torch."""

import json
from pathlib import Path

from retake_core.errors import UserError

SUPPORTED = {
    "qwen2_vl": "Qwen2-VL",
    "qwen2_5_vl": "Qwen2.5-VL",
    "qwen3_vl": "Qwen3-VL",
    "llava_onevision": "LLaVA-OneVision / LLaVA-Video",
}
"""Names by the architecture that a model's config.json tells."""


def supported_type(folder: Path) -> str:
    """Return the architecture of a model folder.

    Raises:
        UserError: there is no readable model, or its architecture is not supported.
    """
    try:
        model_type = json.loads((folder / "config.json").read_text("utf-8"))["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"There is no model in {folder}: its config.json cannot be read.") from error
    if not isinstance(model_type, str) or model_type not in SUPPORTED:
        works = ", ".join(SUPPORTED.values())
        raise UserError(f"Models of the architecture {model_type!r} are not supported. These are: {works}.")
    return model_type
