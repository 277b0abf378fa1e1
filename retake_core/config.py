"""The user's settings: a TOML file, checked against types and ranges."""

import os
import tempfile
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from retake_core.errors import UserError

Seconds = Annotated[float, msgspec.Meta(gt=0, le=120)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the user can set; every field has a default that suits most libraries.

    Attributes:
        encoder: "builtin", "siglip", or "siglip:" and a model id or folder.
        sampling_rate: frames per second that indexing looks at.
        keyframe_spacing: seconds; on average at most one keyframe in as many.
        keyframe_gap: seconds; at least one keyframe in as many.
        model: the VideoLLM that answers questions: a folder, or a model id; None has none.
        memory_quota_gb: gigabytes of disk that memories of videos may take.
    """

    encoder: str = "builtin"
    sampling_rate: Annotated[float, msgspec.Meta(gt=0, le=10)] = 2.0
    keyframe_spacing: Seconds = 2.0
    keyframe_gap: Seconds = 30.0
    model: str | None = None
    memory_quota_gb: Annotated[float, msgspec.Meta(ge=0, le=1e6)] = 20.0


def load_settings(path: Path) -> Settings:
    """Read the settings, or the defaults where there is no file.

    Raises:
        UserError: the file is not TOML, or a value has the wrong type or range.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UserError(f"The settings file {path} cannot be used: {error}. Mend it or delete it.") from error


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings, whole or not at all; what is as by default is left out.

    Raises:
        UserError: the file cannot be written.
    """
    content = msgspec.toml.encode(settings)
    try:
        handle, name = tempfile.mkstemp(prefix=".settings-", dir=path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"The settings file {path} cannot be written ({error.strerror}).") from error
