"""What is said of models: to the command line, and by the process that works for the window. Imports no torch."""

import json
from enum import StrEnum

import msgspec


class ModelKind(StrEnum):
    """What a model is for."""

    ENCODER = "encoder"
    VIDEOLLM = "videollm"
    SPEECH = "speech"
    SENTENCES = "sentences"
    FACES = "faces"


class ModelState(StrEnum):
    """Whether a model can be used."""

    ABSENT = "absent"
    PARTIAL = "partial"
    READY = "ready"
    BROKEN = "broken"


class ModelMessage(msgspec.Struct, frozen=True, kw_only=True, tag_field="message", tag=True):
    """A line that the models process writes."""


class ModelEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A model, and what of it is on this computer.

    Attributes:
        id: on the hub, "builtin", or a folder.
        title: its name.
        kind: what it is for.
        licence: its short name, "" when it is not known.
        disk_bytes: what it takes, or will take.
        state: whether it can be used.
        here_bytes: what lies on this computer.
        reason: why it cannot be used, one sentence.
        chosen: whether the settings name it.
        recommended: whether it is the one to begin with.
        removable: whether it can be deleted here.
    """

    id: str
    title: str
    kind: ModelKind
    licence: str
    disk_bytes: int
    state: ModelState
    here_bytes: int = 0
    reason: str = ""
    chosen: bool = False
    recommended: bool = False
    removable: bool = False


class Listed(ModelMessage, frozen=True, kw_only=True, tag=True):
    """All models that are offered or chosen.

    Attributes:
        models: encoders first.
        cache: the folder that downloads go to.
        free_bytes: what is free there.
        offline: why nothing can be downloaded, or "".
        speech: what is to be installed before speech can be recognised, or "".
    """

    models: tuple[ModelEntry, ...]
    cache: str
    free_bytes: int
    offline: str
    speech: str = ""


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What a model takes on this computer to read a long recording.

    Attributes:
        id: of the model.
        compressed_bytes: memory with the cache compressed, weights included.
        full_bytes: memory without compression; None for models that keep nothing.
        frames: how many frames it can read here; 0 when it does not fit.
        four_bit: whether it is loaded in 4 bit here, which the numbers are about.
        fits_in_four_bit: whether the memory would do for it in 4 bit, on a graphics card.
        hour_seconds: about how long an hour of video takes here; None where that was not measured.
    """

    id: str
    compressed_bytes: int
    full_bytes: int | None
    frames: int
    four_bit: bool = False
    fits_in_four_bit: bool = False
    hour_seconds: float | None = None


class MachineMeasured(ModelMessage, frozen=True, kw_only=True, tag=True):
    """What this computer has for models.

    Attributes:
        device: name of the graphics card, "" when models run on the processor.
        total_bytes: of the memory that models use.
        free_bytes: of it, free now.
        problem: why a graphics card is not used and what mends it, or "".
        needs: of every model that is known by name.
        four_bit_problem: why nothing can be loaded in 4 bit here, or "".
    """

    device: str
    total_bytes: int
    free_bytes: int
    problem: str
    needs: tuple[Need, ...]
    four_bit_problem: str = ""


class DownloadProgress(ModelMessage, frozen=True, kw_only=True, tag=True):
    """How far a download has come; told at most ten times a second.

    Attributes:
        model: its id.
        checking: whether the checksum of a file is being computed.
        done: bytes that are here.
        total: bytes in all.
        speed: bytes a second, 0 while it is not known.
    """

    model: str
    checking: bool
    done: int
    total: int
    speed: float


class ModelFinished(ModelMessage, frozen=True, kw_only=True, tag=True):
    """What was asked for is done."""


class ModelFailed(ModelMessage, frozen=True, kw_only=True, tag=True):
    """It could not be done, for a reason that the user reads."""

    reason: str


AnyMessage = Listed | MachineMeasured | DownloadProgress | ModelFinished | ModelFailed


def encode(message: ModelMessage) -> bytes:
    """Return a message as a line."""
    # Not msgspec's own writer: it refuses the surrogates that stand for odd bytes in file names.
    return json.dumps(msgspec.to_builtins(message), separators=(",", ":")).encode("ascii") + b"\n"


def decode(line: bytes) -> AnyMessage:
    """Read a line.

    Raises:
        ValueError: it is no message.
    """
    message: AnyMessage = msgspec.convert(json.loads(line), AnyMessage)
    return message
