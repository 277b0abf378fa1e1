"""What the weights of a model folder take, and what tells one version of them from another. Nothing is loaded."""

import hashlib
from pathlib import Path

import torch

from retake_core.errors import UserError
from retake_core.hub.model_folder import weight_files
from retake_core.system.safetensors_header import raw_header, read_header

NEVER_LOADED = ("mtp.",)
"""Beginnings of the names of weights that only guess further tokens ahead."""


def weight_bytes(folder: Path, dtype: torch.dtype) -> int:
    """Return the bytes that a model's weights take once loaded in `dtype`.

    Raises:
        UserError: there are no safetensors, or one is damaged.
    """
    numbers = 0
    for path in weight_files(folder):
        try:
            numbers += read_header(path, without=NEVER_LOADED).numbers
        except (OSError, ValueError) as error:
            raise _damaged(path) from error
    return numbers * dtype.itemsize


def revision(folder: Path) -> str:
    """Return a digest that changes with the model: its settings, and its weights' headers, sizes and dates.

    Raises:
        UserError: there are no safetensors, or one is damaged.
    """
    digest = hashlib.sha256()
    settings = [path for pattern in ("*.json", "*.jinja") for path in sorted(folder.glob(pattern))]
    for path in settings:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for path in weight_files(folder):
        status = path.stat()
        try:
            header = raw_header(path)
        except (OSError, ValueError) as error:
            raise _damaged(path) from error
        digest.update(f"{path.name}\0{status.st_size}\0{status.st_mtime_ns}".encode() + header)
    return digest.hexdigest()[:24]


def _damaged(path: Path) -> UserError:
    return UserError(f"The weights in {path} are damaged; get the model again.")
