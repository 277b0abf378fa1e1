"""The header of a memory's file: for what it was made, and the state behind its last token. Needs no torch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retake_core.system.safetensors_header import read_header

FORMAT = "3"
"""Raised when older programs can no longer read what is written."""
READABLE = ("2", FORMAT)
"""Format 2 knows no precision: all is as the model had it."""


@dataclass(frozen=True, slots=True)
class MemoryHeader:
    """What stands in front of a memory's tensors.

    Attributes:
        format: which form the file has.
        key: for what the memory was made, as JSON; see `MemoryKey`.
        state: numbers of the memory, and the checksum of all contents.
    """

    key: str
    state: dict[str, Any]
    format: str = FORMAT

    @classmethod
    def of(cls, metadata: Mapping[str, str] | None) -> "MemoryHeader":
        """Read what a safetensors file notes of itself.

        Raises:
            ValueError, KeyError, TypeError: it is not of a memory.
        """
        notes = metadata or {}
        return cls(notes["key"], json.loads(notes["state"]), notes["format"])

    @classmethod
    def read(cls, path: Path) -> "MemoryHeader":
        """Read the header of a file, and check that the file is as long as it says.

        Raises:
            OSError, ValueError, KeyError, TypeError: the file is not a memory, or is cut short.
        """
        header = read_header(path)
        if path.stat().st_size != header.file_bytes:
            raise ValueError("cut short")
        return cls.of(header.metadata)

    def metadata(self) -> dict[str, str]:
        """Return what a safetensors file is to note of itself."""
        return {"format": self.format, "key": self.key, "state": json.dumps(self.state)}
