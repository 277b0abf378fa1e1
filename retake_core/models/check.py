"""Whether a model's folder can be used, told from its files in a moment; nothing is loaded."""

import json
from pathlib import Path
from typing import Any

from retake_core.errors import UserError
from retake_core.models.check_speech import check_speech_model, is_speech_model
from retake_core.protocol.model_messages import ModelKind
from retake_core.videollm.supported import SUPPORTED

OTHER_WEIGHTS = (".bin", ".gguf", ".pth", ".pt", ".ckpt", ".onnx", ".h5")
TOKENIZERS = ("tokenizer.json", "vocab.json", "tokenizer.model", "spiece.model")
PREPROCESSORS = ("preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json")
MAX_HEADER = 100 << 20


def check_folder(folder: Path) -> ModelKind:
    """Look at a model's folder.

    Returns:
        What the model is for.

    Raises:
        UserError: why it cannot be used, one sentence.
    """
    config = _config(folder)
    if is_speech_model(folder):
        check_speech_model(folder)
        return ModelKind.SPEECH
    kind = _kind(f"The model in {folder}", config)
    _check_weights(folder)
    for names, what in ((TOKENIZERS, "tokenizer"), (PREPROCESSORS, "preprocessor")):
        if not any((folder / name).is_file() for name in names):
            raise UserError(f"The model in {folder} has no {what}: {names[0]} is missing.")
    return kind


def _config(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}.")
    path = folder / "config.json"
    if not path.is_file():
        inside = next((child for child in sorted(folder.glob("*/config.json"))), None)
        if inside is not None:
            raise UserError(f"The model seems to lie one folder deeper: choose {inside.parent}.")
        if any(folder.glob("*.gguf")):
            raise UserError(f"{folder} holds a GGUF model; get the one as safetensors, with a config.json.")
        raise UserError(f"There is no model in {folder}: config.json is missing.")
    return _read(path)


def check_config(path: Path, name: str) -> ModelKind:
    """Tell from a config.json alone what a model is for, before gigabytes of it are downloaded.

    Args:
        path: of the file, whatever it is called.
        name: of the model, for the message.

    Raises:
        UserError: models of its architecture do not work here.
    """
    return _kind(name, _read(path))


def _read(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} is damaged.") from error
    if not isinstance(config, dict):
        raise UserError(f"{path} is damaged.")
    return config


def _kind(name: str, config: dict[str, Any]) -> ModelKind:
    model_type = config.get("model_type")
    if model_type == "siglip":
        return ModelKind.ENCODER
    if model_type in SUPPORTED:
        return ModelKind.VIDEOLLM
    works = ", ".join(["SigLIP", *SUPPORTED.values(), "Whisper for CTranslate2"])
    named = "of an unknown kind" if model_type is None else f"a {model_type}"
    raise UserError(f"{name} is {named}, which does not work here; these do: {works}.")


def _check_weights(folder: Path) -> None:
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        try:
            names = sorted(set(json.loads(index.read_text("utf-8"))["weight_map"].values()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(f"{index} is damaged.") from error
    else:
        names = sorted(path.name for path in folder.glob("*.safetensors"))
    if not names:
        others = sorted(path.suffix for path in folder.iterdir() if path.suffix in OTHER_WEIGHTS)
        found = f"its weights are {others[0]} files" if others else "it has none"
        raise UserError(f"The model in {folder} needs weights as .safetensors, but {found}.")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise UserError(
            f"The model in {folder} is incomplete: {len(missing)} of {len(names)} files of weights are missing, "
            f"such as {missing[0]}."
        )
    for name in names:
        _check_length(folder / name)


def _check_length(path: Path) -> None:
    """Compare a safetensors file's length with what its header promises."""
    damaged = f"{path} is damaged; get it again."
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > MAX_HEADER:
                raise UserError(damaged)
            header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        expected = 8 + length + max((tensor["data_offsets"][1] for tensor in header.values()), default=0)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise UserError(damaged) from error
    size = path.stat().st_size
    if size < expected:
        raise UserError(f"{path} is cut short: {size / 1e9:.2f} of {expected / 1e9:.2f} GB are there.")
    if size > expected:
        raise UserError(damaged)
