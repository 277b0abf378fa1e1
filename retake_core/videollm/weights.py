"""What a model folder's files say of its weights, without loading them."""

import hashlib
import json
import math
from pathlib import Path

import torch

from retake_core.errors import UserError

MAX_HEADER = 100 << 20
"""No safetensors header is larger; a damaged length must not be believed."""


def weight_bytes(folder: Path, dtype: torch.dtype) -> int:
    """Return the bytes that a model's weights take once loaded in `dtype`.

    Raises:
        UserError: there are no safetensors, or one is damaged.
    """
    numbers = 0
    for path in _weight_files(folder):
        try:
            header = json.loads(_header(path))
            header.pop("__metadata__", None)
            numbers += sum(math.prod(tensor["shape"]) for tensor in header.values())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(f"The weights in {path} are damaged.") from error
    return numbers * dtype.itemsize


def revision(folder: Path) -> str:
    """Return a digest that changes with the model: its settings, and its weights' headers, sizes and dates.

    Raises:
        UserError: there are no safetensors.
    """
    digest = hashlib.sha256()
    settings = [path for pattern in ("*.json", "*.jinja") for path in sorted(folder.glob(pattern))]
    for path in settings:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for path in _weight_files(folder):
        status = path.stat()
        digest.update(f"{path.name}\0{status.st_size}\0{status.st_mtime_ns}".encode() + _header(path))
    return digest.hexdigest()[:24]


def _weight_files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise UserError(f"The model in {folder} has no weights as safetensors.")
    return files


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(min(MAX_HEADER, int.from_bytes(file.read(8), "little")))
