"""Whether a model's folder can be used, by its files alone: it takes a moment, and nothing is loaded."""

from pathlib import Path
from typing import Any

from retake_core.display import data_size
from retake_core.encoders.bert_shape import TYPES as BERT_TYPES
from retake_core.encoders.registry import FAMILIES as ENCODERS
from retake_core.encoders.registry import family_of
from retake_core.encoders.sentences import sentence_model
from retake_core.errors import UserError
from retake_core.hub.model_folder import check_parts, read_config, read_config_file, weight_files
from retake_core.hub.pinned import PINNED
from retake_core.models.check_speech import check_speech_model, is_speech_model
from retake_core.protocol.model_messages import ModelKind
from retake_core.system.safetensors_header import read_header
from retake_core.videollm.families import FAMILIES


def check_folder(folder: Path) -> ModelKind:
    """Look at a model's folder.

    Returns:
        What the model is for.

    Raises:
        UserError: why it cannot be used, one sentence.
    """
    if files := [file for file in PINNED.values() if (folder / file.path).is_file()]:
        for file in files:
            _check_size(folder / file.path, file.size)
        return ModelKind.FACES
    config = read_config(folder)
    if is_speech_model(folder):
        check_speech_model(folder)
        return ModelKind.SPEECH
    kind = _kind(f"The model in {folder}", config)
    for path in weight_files(folder):
        _check_length(path)
    if kind is ModelKind.SENTENCES:
        sentence_model(str(folder))
        return kind
    check_parts(folder)
    return kind


def check_config(path: Path, name: str) -> ModelKind:
    """Tell from a config.json alone what a model is for, before gigabytes of it are downloaded.

    Args:
        path: of the file, whatever it is called.
        name: of the model, for the message.

    Raises:
        UserError: models of its architecture do not work here.
    """
    return _kind(name, read_config_file(path))


def _kind(name: str, config: dict[str, Any]) -> ModelKind:
    model_type = config.get("model_type")
    if (family := family_of(model_type, name)) is not None:
        if reason := ENCODERS[family].missing:
            raise UserError(reason)
        return ModelKind.ENCODER
    if isinstance(model_type, str) and model_type in FAMILIES:
        return ModelKind.VIDEOLLM
    if model_type in BERT_TYPES:
        return ModelKind.SENTENCES
    encoders, videollms = ([family.title for family in families.values()] for families in (ENCODERS, FAMILIES))
    works = ", ".join([*encoders, *videollms, "Whisper for CTranslate2", "BERT for sentences"])
    named = "of an unknown kind" if model_type is None else f"a {str(model_type)[:50]}"
    raise UserError(f"{name} is {named}, which does not work here; these do: {works}.")


def _check_length(path: Path) -> None:
    """Compare a safetensors file's length with what its header promises."""
    try:
        promised = read_header(path).file_bytes
    except (OSError, ValueError) as error:
        raise UserError(f"{path} is damaged; get it again.") from error
    _check_size(path, promised)


def _check_size(path: Path, promised: int) -> None:
    try:
        length = path.stat().st_size
    except OSError as error:
        raise UserError(f"{path} is damaged; get it again.") from error
    if length < promised:
        raise UserError(f"{path} is cut short: {data_size(length)} of {data_size(promised)} are there.")
    if length > promised:
        raise UserError(f"{path} is damaged; get it again.")
