"""Which VideoLLMs work here, told from a model folder without torch."""

import json
from contextlib import suppress
from pathlib import Path

from retake_core.errors import UserError
from retake_core.model_files import RECOMMENDED_VIDEOLLM, cached_models, find_model

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


def cached_videollms() -> dict[str, Path]:
    """Return the models of the hub's cache that work here: folders by id."""
    found = {}
    for model_id in cached_models():
        with suppress(UserError):
            folder = find_model(model_id, RECOMMENDED_VIDEOLLM)
            supported_type(folder)
            found[model_id] = folder
    return found


def videollm_status(setting: str | None) -> list[tuple[str, bool, str]]:
    """Say which VideoLLMs can be used here, as (name, available, detail): the setting's, then the cached ones.

    Args:
        setting: the folder or id that the settings name.
    """
    found = cached_videollms()
    status = [(name, True, f"{SUPPORTED[supported_type(folder)]} in {folder}") for name, folder in found.items()]
    if setting is None or setting in found:
        return status
    try:
        folder = find_model(setting, RECOMMENDED_VIDEOLLM)
        return [(setting, True, f"{SUPPORTED[supported_type(folder)]} in {folder}"), *status]
    except UserError as error:
        return [(setting, False, str(error)), *status]
