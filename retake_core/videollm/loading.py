"""Opening a model folder as a family: without its weights to plan with, with them to answer."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from transformers import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING, AutoConfig, AutoProcessor, GenerationConfig

from retake_core.errors import UserError, one_line
from retake_core.hub.weights import reading_weights
from retake_core.videollm.families import FAMILIES
from retake_core.videollm.families.base import Family
from retake_core.videollm.float16 import keep_in_range
from retake_core.videollm.four_bit import four_bit_options
from retake_core.videollm.machine import default_device, model_dtype
from retake_core.videollm.supported import supported_type

LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
"""Nothing is downloaded behind the user's back, and no code comes with a model."""


def open_family(folder: Path) -> Family:
    """Open a model folder without its weights: enough to count and to plan.

    Raises:
        UserError: there is no readable model, or its architecture is not supported.
    """
    family_type = FAMILIES[supported_type(folder)].load()
    try:
        config = AutoConfig.from_pretrained(folder, **LOCAL)
        processor = AutoProcessor.from_pretrained(folder, **LOCAL)  # type: ignore[no-untyped-call]
        family = family_type(config, processor)
        if family.prompt.thinks_aloud:  # the chat template is the model's own, too
            raise UserError(
                f"The model in {folder} writes long thoughts before each answer, for which there is no room here; "
                "choose its Instruct version instead."
            )
    except UserError:
        raise
    except Exception as error:  # libraries raise anything over files that they do not understand
        raise UserError(f"The model in {folder} is damaged or incomplete: {one_line(error)}.") from error
    return family


def load_family(folder: Path, device: torch.device | None = None) -> Family:
    """Open a model folder with its weights.

    Raises:
        UserError: as `open_family` and `load_weights`.
    """
    family = open_family(folder)
    load_weights(family, folder, device)
    return family


def load_weights(
    family: Family, folder: Path, device: torch.device | None = None, *, four_bit: bool = False
) -> None:
    """Load the weights of an open model.

    Args:
        family: of the model.
        folder: of its files.
        device: where they go; None takes the GPU when there is one.
        four_bit: see `four_bit`.

    Raises:
        UserError: the weights are not safetensors, are incomplete, or do not fit the device.
    """
    device = device or default_device()
    whole = {"dtype": model_dtype(device, family.stored_dtype)}
    options = four_bit_options(device, family.vision.modules) if four_bit else whole
    try:
        kind: Any = MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING[type(family.config)]
        with reading_weights(folder, staying=four_bit or device.type == "cpu") as weights:
            model, report = kind.from_pretrained(
                None, config=family.config, state_dict=weights, output_loading_info=True, **options
            )
        if report["missing_keys"]:  # they would be made up
            raise UserError(f"The weights in {folder} are incomplete; get the model again.")
        with suppress(OSError):  # few models come without; what config.json says of it holds then
            model.generation_config = GenerationConfig.from_pretrained(folder, local_files_only=True)
        if model.dtype == torch.float16:
            keep_in_range(model)
        family.model = (model if four_bit else model.to(device)).eval()
    except torch.OutOfMemoryError as error:
        raise UserError(f"The model in {folder} does not fit the graphics memory.") from error
    except UserError:
        raise
    except Exception as error:  # as above
        raise UserError(f"The weights in {folder} cannot be loaded: {one_line(error)}.") from error
