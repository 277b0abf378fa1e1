"""Which VideoLLMs work here, told from a model folder without torch."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from retake_core.errors import UserError
from retake_core.hub.local_models import RECOMMENDED_VIDEOLLM, cached_models, find_model

SUPPORTED = {
    "qwen2_vl": "Qwen2-VL",
    "qwen2_5_vl": "Qwen2.5-VL",
    "qwen3_vl": "Qwen3-VL",
    "llava_onevision": "LLaVA-OneVision / LLaVA-Video",
}
"""Names by the architecture that a model's config.json tells."""

MOST_PARTS = 100_000
"""Layers, heads, experts or positions; models of today have less than a tenth of that."""


def supported_type(folder: Path) -> str:
    """Return the architecture of a model folder.

    Raises:
        UserError: there is no readable model, or its architecture is not supported.
    """
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        model_type = config["model_type"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"There is no model in {folder}: its config.json cannot be read.") from error
    if not isinstance(model_type, str) or model_type not in SUPPORTED:
        works = ", ".join(SUPPORTED.values())
        name = str(model_type)[:50]
        raise UserError(f"Models of the architecture {name!r} are not supported. These are: {works}.")
    check_counts(config, folder)
    return model_type


def check_counts(config: Any, folder: Path) -> None:
    """Refuse a model that says that it has more parts than any has, before something is made of as many.

    Raises:
        UserError: it does.
    """
    parts = list(config.items()) if isinstance(config, dict) else list(enumerate(config))
    for name, value in parts:
        if isinstance(value, dict | list):
            check_counts(value, folder)
        counts = isinstance(name, str) and (name.startswith("num_") or name == "depth")
        if counts and isinstance(value, int) and value > MOST_PARTS:
            raise UserError(f"The model in {folder} is damaged: its {name} is {value}.")


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
