"""Whether a folder holds a Whisper model in CTranslate2's form, by its files alone; nothing is loaded."""

import struct
from pathlib import Path
from typing import BinaryIO

from retake_core.display import data_size
from retake_core.errors import UserError
from retake_core.hub.local_models import SPEECH_WEIGHTS

_SPECIFICATION = b"WhisperSpec\0"
_VERSIONS = range(5, 100)
_MOST = 100_000  # variables


def is_speech_model(folder: Path) -> bool:
    """Return whether the weights in a folder are those of a Whisper model, and not a pickle of the same name."""
    try:
        with (folder / SPEECH_WEIGHTS).open("rb") as file:
            return _head(file)
    except (OSError, struct.error):
        return False


def check_speech_model(folder: Path) -> None:
    """Look at the folder of a speech model.

    Raises:
        UserError: why it cannot be used, one sentence.
    """
    if not (folder / "tokenizer.json").is_file():
        raise UserError(f"The model in {folder} has no tokenizer: tokenizer.json is missing.")
    if not any((folder / name).is_file() for name in ("vocabulary.json", "vocabulary.txt")):
        raise UserError(f"The model in {folder} has no vocabulary: vocabulary.json is missing.")
    path = folder / SPEECH_WEIGHTS
    try:
        with path.open("rb") as file:
            _head(file)
            expected = _end(file)
    except (OSError, struct.error, ValueError) as error:
        raise UserError(f"{path} is damaged or cut short; get it again.") from error
    size = path.stat().st_size
    if size < expected:
        raise UserError(f"{path} is cut short: {data_size(size)} of {data_size(expected)} are there.")


def _head(file: BinaryIO) -> bool:
    version, length = struct.unpack("<IH", file.read(6))
    return version in _VERSIONS and file.read(length) == _SPECIFICATION


def _end(file: BinaryIO) -> int:
    """Return where the last variable ends, by what stands before each: its name, shape, type and size."""
    _revision, count = struct.unpack("<II", file.read(8))
    if count > _MOST:
        raise ValueError(count)
    for _ in range(count):
        (length,) = struct.unpack("<H", file.read(2))
        file.seek(length, 1)
        (rank,) = struct.unpack("<B", file.read(1))
        file.seek(4 * rank + 1, 1)
        (size,) = struct.unpack("<I", file.read(4))
        file.seek(size, 1)
    return file.tell()
