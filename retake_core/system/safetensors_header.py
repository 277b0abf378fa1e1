"""The header of a safetensors file: what it holds and how long it must be. Nothing else of the file is read."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

MAX_HEADER = 100 << 20
"""Bytes; no header is larger, so a damaged length is not believed."""


@dataclass(frozen=True, slots=True)
class SafetensorsHeader:
    """What stands in front of the tensors.

    Attributes:
        metadata: what whoever wrote the file noted in it.
        numbers: how many all tensors that count hold together.
        file_bytes: how long the whole file is to be.
    """

    metadata: dict[str, str]
    numbers: int
    file_bytes: int


def read_header(path: Path, without: tuple[str, ...] = ()) -> SafetensorsHeader:
    """Read the header of a file.

    Args:
        path: of the file.
        without: beginnings of the names of tensors whose numbers do not count.

    Raises:
        OSError: the file cannot be read.
        ValueError: the header is damaged.
    """
    raw = raw_header(path)
    try:
        tensors = json.loads(raw)
        metadata = dict(tensors.pop("__metadata__", None) or {})
        numbers = sum(
            math.prod(tensor["shape"]) for name, tensor in tensors.items() if not name.startswith(without)
        )
        end = max((tensor["data_offsets"][1] for tensor in tensors.values()), default=0)
        return SafetensorsHeader(metadata, numbers, 8 + len(raw) + end)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path} has a damaged header") from error


def raw_header(path: Path) -> bytes:
    """Return the header of a file as it stands there: JSON, if it is sound.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is too short for a header, or for the length that it states.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        raw = file.read(length) if length <= MAX_HEADER else b""
    if len(raw) < max(1, length):
        raise ValueError(f"{path} has a damaged header")
    return raw
