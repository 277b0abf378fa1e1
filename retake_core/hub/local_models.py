"""Where a model lies on this computer: in a folder of its own, or in the hub's cache. Needs no network."""

from collections.abc import Sequence
from pathlib import Path

from retake_core.errors import UserError

MODEL_FILES = ("*.json", "*.jinja", "*.model", "*.safetensors", "*.txt")
"""The files of a model that are used; no code, and no weights in formats that may hold code."""
SPEECH_WEIGHTS = "model.bin"
"""CTranslate2's. It lists names, shapes and numbers; its reader knows no code. PyTorch's files of that name are
pickles: they never get near PyTorch, and `check_folder` refuses them."""
SPEECH_FILES = ("*.json", "*.txt", SPEECH_WEIGHTS)
"""The files of a speech model that are used."""


def find_model(path_or_id: str, example: str, files: Sequence[str] = MODEL_FILES) -> Path:
    """Return the folder of a model.

    Args:
        path_or_id: a folder, or the id of a model in the hub's cache.
        example: the id of a model that would do, for the message.
        files: patterns of the files that make it complete.

    Raises:
        UserError: it is not on this computer.
    """
    folder = Path(path_or_id).expanduser()
    if folder.is_dir():
        return folder
    # The hub's client takes a while, and most runs name no model of the hub.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, IncompleteSnapshotError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(path_or_id, local_files_only=True, allow_patterns=list(files)))
    except IncompleteSnapshotError as error:
        raise UserError(
            f"The model {path_or_id} is only partly here. Go on with: retake models download {path_or_id}"
        ) from error
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise UserError(
            f"The model {path_or_id} is not on this computer. Get it with: retake models download {example}; "
            "or give the folder of a model that you have."
        ) from error
