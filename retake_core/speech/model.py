"""The speech model of the settings: where it lies, and what names it."""

from importlib.util import find_spec
from pathlib import Path

from retake_core.errors import UserError
from retake_core.hub.local_models import SPEECH_FILES, SPEECH_WEIGHTS, find_model
from retake_core.hub.recommended import RECOMMENDED_SPEECH
from retake_core.media.video_file import fingerprint
from retake_core.settings import Settings

VERSION = 1  # part of every stamp: raise it when the same model would hear other words
INSTALL = "Speech recognition is not installed; add it with: pip install 'retake-desktop[speech]'"


def missing() -> str:
    """Return what to install before speech can be recognised, one sentence; "" if nothing."""
    return "" if find_spec("faster_whisper") is not None else INSTALL


def speech_model(settings: Settings) -> Path | None:
    """Return the folder of the model that listens, or None where nobody wants one.

    Raises:
        UserError: it is not here, or what runs it is not installed.
    """
    if settings.speech is None:
        return None
    if reason := missing():
        raise UserError(reason)
    folder = find_model(settings.speech, RECOMMENDED_SPEECH, SPEECH_FILES)
    if not (folder / SPEECH_WEIGHTS).is_file():
        raise UserError(f"There is no speech model in {folder}: {SPEECH_WEIGHTS} is missing.")
    return folder


def stamp_of(folder: Path, settings: Settings) -> str:
    """Name all that decides what is heard: the model by its content, wherever it lies, and the language.

    Raises:
        UserError: the model cannot be read.
    """
    try:
        content = fingerprint(folder / SPEECH_WEIGHTS)
    except OSError as error:
        raise UserError(f"The speech model in {folder} cannot be read ({error.strerror}).") from error
    return f"{VERSION} {content} {settings.speech_language or 'auto'} "
