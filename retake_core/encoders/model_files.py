"""Where models from the Hugging Face hub lie on this computer. Neither torch nor the network is needed."""

from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

from retake_core.errors import UserError

DEFAULT_MODEL = "google/siglip2-base-patch16-224"


def find_model(path_or_id: str) -> Path:
    """Return the folder of a model.

    Args:
        path_or_id: a folder, or the id of a model in the hub's cache.

    Raises:
        UserError: it is not on this computer.
    """
    folder = Path(path_or_id).expanduser()
    if folder.is_dir():
        return folder
    try:
        return Path(snapshot_download(path_or_id, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise UserError(
            f"The model {path_or_id} is not on this computer. Get it with: hf download {DEFAULT_MODEL}; "
            "or give the folder of a model that you have."
        ) from error
