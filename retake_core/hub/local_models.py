"""Where models from the Hugging Face hub lie on this computer. Neither torch nor the network is needed."""

from collections.abc import Sequence
from pathlib import Path

from huggingface_hub import constants, snapshot_download
from huggingface_hub.errors import HFValidationError, IncompleteSnapshotError, LocalEntryNotFoundError

from retake_core.errors import UserError

RECOMMENDED_SIGLIP = "google/siglip2-base-patch16-224"
WANTED = ("*.json", "*.jinja", "*.model", "*.safetensors", "*.txt")
"""The files of a model that are used; no code, and no weights in formats that may hold code."""
SPEECH_WANTED = ("*.json", "*.txt", "model.bin")
"""The same of a speech model. CTranslate2's model.bin lists names, shapes and numbers; its reader knows no code.
PyTorch's files of that name are pickles: they never get near PyTorch, and `check_folder` refuses them."""
RECOMMENDED_SPEECH = "Systran/faster-whisper-small"
RECOMMENDED_VIDEOLLM = "Qwen/Qwen2-VL-2B-Instruct"


def find_model(path_or_id: str, example: str, wanted: Sequence[str] = WANTED) -> Path:
    """Return the folder of a model.

    Args:
        path_or_id: a folder, or the id of a model in the hub's cache.
        example: the id of a model that would do, for the message.
        wanted: patterns of the files that make it complete.

    Raises:
        UserError: it is not on this computer.
    """
    folder = Path(path_or_id).expanduser()
    if folder.is_dir():
        return folder
    try:
        return Path(snapshot_download(path_or_id, local_files_only=True, allow_patterns=list(wanted)))
    except IncompleteSnapshotError as error:
        raise UserError(
            f"The model {path_or_id} is only partly here. Go on with: retake models download {path_or_id}"
        ) from error
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise UserError(
            f"The model {path_or_id} is not on this computer. Get it with: retake models download {example}; "
            "or give the folder of a model that you have."
        ) from error


def cached_models() -> list[str]:
    """Return the ids of the models in the hub's cache, complete or not."""
    cache = Path(constants.HF_HUB_CACHE)
    return sorted(folder.name[len("models--") :].replace("--", "/") for folder in cache.glob("models--*"))
