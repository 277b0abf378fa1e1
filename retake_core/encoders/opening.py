"""Opening a model's folder to load it: what lies in it is checked, before and after. Imports no PyTorch."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retake_core.errors import UserError, one_line
from retake_core.hub.local_models import find_model
from retake_core.hub.model_folder import check_parts, read_config, weight_files
from retake_core.hub.recommended import recommended_encoder

_FINGERPRINT_BLOCKS, _FINGERPRINT_BYTES = 64, 1 << 16


@contextmanager
def opening(path_or_id: str, model_type: str) -> Iterator[tuple[Path, str]]:
    """Lend the folder of a model and the fingerprint of its weights, to load it; check it before and after.

    Args:
        path_or_id: a folder, or the id of a model in the Hugging Face cache.
        model_type: that its configuration must state.

    Raises:
        UserError: the model is not on this computer, is another one, is damaged, or was changed meanwhile; also in
            place of what a library raises inside.
    """
    is_id = path_or_id.count("/") == 1
    folder = find_model(path_or_id, path_or_id if is_id else recommended_encoder())
    _check_type(folder, path_or_id, model_type)
    weight_files(folder)
    check_parts(folder)
    try:
        before = fingerprint(folder)
        yield folder, before
        if fingerprint(folder) != before:
            raise UserError(f"The model {path_or_id} was changed meanwhile; try again once it is complete.")
    except UserError:
        raise
    except Exception as error:  # libraries raise anything over files that they do not understand
        raise UserError(f"The model {path_or_id} cannot be loaded: {one_line(error)}.") from error


def fingerprint(folder: Path) -> str:
    """Tell weights apart by samples of the files, as hashing gigabytes would delay every start."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")):
        size = file.stat().st_size
        digest.update(size.to_bytes(8, "little"))
        with file.open("rb") as stream:
            for block in range(_FINGERPRINT_BLOCKS):
                stream.seek(size * block // _FINGERPRINT_BLOCKS)
                digest.update(stream.read(_FINGERPRINT_BYTES))
    return digest.hexdigest()[:16]


def _check_type(folder: Path, name: str, model_type: str) -> None:
    kind = read_config(folder).get("model_type")
    if kind != model_type:
        raise UserError(f"{name} is a model of type {kind}, and not {model_type}; run: retake models use {name}")
