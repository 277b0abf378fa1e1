"""What the files in a model's folder say: its configuration, and which of them are weights. Nothing is loaded."""

import json
from pathlib import Path
from typing import Any

from retake_core.errors import UserError

CONFIG = "config.json"
OPEN_CLIP, OPEN_CLIP_CONFIG = "open_clip", "open_clip_config.json"
"""What stands for a `model_type` where a configuration is OpenCLIP's, which names none, and its file."""
CONFIGS = (CONFIG, OPEN_CLIP_CONFIG)
WEIGHTS = ("model.safetensors", "open_clip_model.safetensors")
WEIGHTS_INDEX = "model.safetensors.index.json"
TOKENIZERS = ("tokenizer.json", "vocab.json", "tokenizer.model", "spiece.model")
PREPROCESSORS = ("preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json")
OTHER_WEIGHTS = (".bin", ".gguf", ".pth", ".pt", ".ckpt", ".onnx", ".h5")


def read_config(folder: Path) -> dict[str, Any]:
    """Return the configuration of the model in a folder.

    Raises:
        UserError: there is none, or it is damaged.
    """
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}.")
    path = next((folder / name for name in CONFIGS if (folder / name).is_file()), None)
    if path is not None:
        return read_config_file(path)
    inside = next((child for child in sorted(folder.glob(f"*/{CONFIG}"))), None)
    if inside is not None:
        raise UserError(f"The model seems to lie one folder deeper: choose {inside.parent}.")
    if any(folder.glob("*.gguf")):
        raise UserError(f"{folder} holds a GGUF model; get the one as safetensors, with a {CONFIG}.")
    raise UserError(f"There is no model in {folder}: {CONFIG} is missing.")


def read_config_file(path: Path) -> dict[str, Any]:
    """Return the configuration that stands in a file, whatever it is called.

    Raises:
        UserError: it is damaged.
    """
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path} is damaged; get the model again.") from error
    if not isinstance(config, dict):
        raise UserError(f"{path} is damaged; get the model again.")
    return {"model_type": OPEN_CLIP} | config if "model_cfg" in config else config


def weight_files(folder: Path) -> list[Path]:
    """Return the files that hold a model's weights, in order of their names; all of them are there.

    Raises:
        UserError: there are none as safetensors, or some are missing.
    """
    names = _weight_names(folder)
    if not names:
        others = sorted(path.suffix for path in folder.iterdir() if path.suffix in OTHER_WEIGHTS)
        reason = f"its weights are {others[0]} files" if others else "it has none"
        raise UserError(f"The model in {folder} needs weights as .safetensors, but {reason}.")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise UserError(
            f"The model in {folder} is incomplete: {len(missing)} of {len(names)} files of weights are missing, "
            f"such as {missing[0]}."
        )
    return [folder / name for name in names]


def check_parts(folder: Path) -> None:
    """Look for what prepares a model's inputs, without which a library may make something up.

    OpenCLIP has its own tokenizer, and the rest in its configuration.

    Raises:
        UserError: a part is missing.
    """
    if not (folder / CONFIG).is_file():
        return
    for names, part in ((TOKENIZERS, "tokenizer"), (PREPROCESSORS, "preprocessor")):
        if not any((folder / name).is_file() for name in names):
            raise UserError(f"The model in {folder} has no {part}: {names[0]} is missing.")


def _weight_names(folder: Path) -> list[str]:
    index = folder / WEIGHTS_INDEX
    if not index.is_file():
        whole = next((name for name in WEIGHTS if (folder / name).is_file()), None)
        if whole is not None:  # others may lie beside it: in another form, or for something else
            return [whole]
        return sorted(path.name for path in folder.glob("*.safetensors"))
    try:
        return sorted(set(map(str, json.loads(index.read_text("utf-8"))["weight_map"].values())))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{index} is damaged; get the model again.") from error
