"""Loading a model's folder: checked first, without code or pickles, and independent of its files afterwards."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoImageProcessor, AutoTokenizer
from transformers.utils import logging as transformers_logging

from retake_core.encoders.opening import opening
from retake_core.errors import UserError
from retake_core.hub.weights import reading_weights
from retake_core.system.graphics_card import has_bfloat16

LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
UNUSED = ("position_ids", "lm_head.weight")
"""What files hold besides: numbers that are made anew, and what would write the next word."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What lies in a model's folder."""

    fingerprint: str
    images: Any
    tokenizer: Any
    model: Any


def load(
    path_or_id: str, model_type: str, model_class: str, device: torch.device, dtype: torch.dtype | None
) -> Loaded:
    """Load a model and what prepares its inputs.

    Args:
        path_or_id: a folder, or the id of a model in the Hugging Face cache.
        model_type: that its config.json must state.
        model_class: of transformers.
        device: where it runs.
        dtype: of the weights; None takes `usual_dtype`.

    Raises:
        UserError: the model is not on this computer, is another one, or is damaged.
    """
    quiet: Any = transformers_logging
    quiet.disable_progress_bar()
    quiet.set_verbosity_error()  # what it warns of is checked here
    images: Any = AutoImageProcessor
    with opening(path_or_id, model_type) as (folder, own_fingerprint):
        loaded = Loaded(
            own_fingerprint,
            images.from_pretrained(folder, **LOCAL),
            AutoTokenizer.from_pretrained(folder, **LOCAL),
            _load_weights(folder, path_or_id, model_class, device, dtype or usual_dtype(device)),
        )
        if len(loaded.tokenizer) > loaded.model.config.get_text_config().vocab_size:
            raise UserError(f"The tokenizer of {path_or_id} is that of another model; get it again.")
    return loaded


def other_weights(name: str) -> UserError:
    """Return what is to be said of a model whose weights are not those of its configuration."""
    return UserError(f"The weights of {name} are not those that its configuration describes; get it again.")


def usual_dtype(device: torch.device) -> torch.dtype:
    """Return the precision of an encoder's weights: bfloat16 on CUDA cards that have it, and float32 elsewhere."""
    return torch.bfloat16 if device.type == "cuda" and has_bfloat16() else torch.float32


def _load_weights(folder: Path, name: str, model_class: str, device: torch.device, dtype: torch.dtype) -> Any:
    kind: Any = getattr(transformers, model_class)
    config = kind.config_class.from_pretrained(folder, **LOCAL)
    with reading_weights(folder, staying=device.type == "cpu") as weights:
        model, report = kind.from_pretrained(
            None,
            config=config,
            state_dict=weights,
            dtype=dtype,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
        )
    unexpected = [key for key in report["unexpected_keys"] if not key.endswith(UNUSED)]
    if report["missing_keys"] or report["mismatched_keys"] or unexpected:  # what is missing would be made up
        raise other_weights(name)
    return model.eval().requires_grad_(False).to(device)
