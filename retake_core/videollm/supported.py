"""Which VideoLLMs on this computer work here, by what their folders say. Needs no torch."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from retake_core.errors import UserError
from retake_core.hub.cache import cached_models
from retake_core.hub.local_models import find_model
from retake_core.hub.model_folder import read_config
from retake_core.hub.recommended import RECOMMENDED_VIDEOLLM
from retake_core.videollm.families import FAMILIES

MOST_PARTS = 100_000
"""Layers, heads, experts or positions; models of today have less than a tenth of that."""


def supported_type(folder: Path) -> str:
    """Return the architecture of a model folder: a key of `FAMILIES`.

    Raises:
        UserError: there is no readable model, or its architecture is not supported.
    """
    config = read_config(folder)
    model_type = config.get("model_type")
    if not isinstance(model_type, str) or model_type not in FAMILIES:
        works = ", ".join(family.title for family in FAMILIES.values())
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
    folders = {}
    for model_id in cached_models():
        with suppress(UserError):
            folder = find_model(model_id, RECOMMENDED_VIDEOLLM)
            supported_type(folder)
            folders[model_id] = folder
    return folders


def videollm_status(setting: str | None) -> list[tuple[str, bool, str]]:
    """Say which VideoLLMs can be used here, as (name, available, detail): the setting's, then the cached ones.

    Args:
        setting: the folder or id that the settings name.
    """
    folders = cached_videollms()
    status = [(name, True, _described(folder)) for name, folder in folders.items()]
    if setting is None or setting in folders:
        return status
    try:
        return [(setting, True, _described(find_model(setting, RECOMMENDED_VIDEOLLM))), *status]
    except UserError as error:
        return [(setting, False, str(error)), *status]


def _described(folder: Path) -> str:
    return f"{FAMILIES[supported_type(folder)].title} in {folder}"
