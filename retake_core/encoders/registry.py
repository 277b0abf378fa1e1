"""Encoders by name.

To add one, write a class with the methods of `Encoder` in a file beside this one, and name it in `open_encoder`
and `encoder_status`.
"""

from retake_core.encoders.base import Encoder
from retake_core.errors import UserError
from retake_core.hub.recommended import RECOMMENDED_SIGLIP


def open_encoder(name: str, device: str | None = None) -> Encoder:
    """Load an encoder.

    Example::

        encoder = open_encoder("builtin")
        frames = encoder.encode_frames([picture])  # RGB, uint8 [height, width, 3]
        cosine = frames.embeddings @ encoder.encode_text("a bicycle in the street")
        print(encoder.confidence(cosine))  # above 0.5 the picture is a match

    Args:
        name: "builtin", "siglip" for the recommended model, or "siglip:" and a folder or a model id.
        device: a torch device; None takes the GPU when there is one.

    Raises:
        UserError: no such encoder, or it is not on this computer.
    """
    kind, _, model = name.partition(":")
    if name == "builtin":
        from retake_core.encoders.builtin import BuiltinEncoder

        return BuiltinEncoder(device)
    if kind == "siglip":
        from retake_core.encoders.siglip import SiglipEncoder

        return SiglipEncoder(model or RECOMMENDED_SIGLIP, device or _default_device())
    raise UserError(f"There is no encoder named {name}. Use builtin, siglip, or siglip:<folder or model id>.")


def full_name(name: str) -> str:
    """Return the name that says which model it is."""
    return f"siglip:{RECOMMENDED_SIGLIP}" if name == "siglip" else name


def encoder_status() -> list[tuple[str, bool, str]]:
    """Say which encoders can run here, as (name, available, detail), without loading torch."""
    return [_builtin_status(), _siglip_status()]


def meaning_status(chosen: str | None = None) -> tuple[str, bool, str]:
    """Say whether texts can be found by their meaning, as (name, available, detail).

    Args:
        chosen: the sentence model that the settings name.
    """
    from retake_core.encoders import packaged

    if chosen is not None:
        from retake_core.encoders.sentences import sentence_model

        try:
            return "sentences", True, f"{chosen} in {sentence_model(chosen).folder}"
        except UserError as error:
            return "sentences", False, str(error)
    if packaged.MINILM_ARCHIVE.find() is None:
        return "minilm", False, f"texts are found only by their words: {packaged.INSTALL_HINT}"
    return "minilm", True, "MiniLM, installed"


def _builtin_status() -> tuple[str, bool, str]:
    from retake_core.encoders import packaged

    missing = packaged.missing_packages()
    if missing:
        return "builtin", False, f"missing {', '.join(missing)}: {packaged.INSTALL_HINT}"
    return "builtin", True, "EfficientNet-Lite0, installed"


def _siglip_status() -> tuple[str, bool, str]:
    from retake_core.hub.local_models import find_model  # imports the hub's client, which takes its time

    try:
        return "siglip", True, f"{RECOMMENDED_SIGLIP} in {find_model(RECOMMENDED_SIGLIP, RECOMMENDED_SIGLIP)}"
    except UserError as error:
        return "siglip", False, str(error)


def _default_device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
