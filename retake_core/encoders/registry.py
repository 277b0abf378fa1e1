"""Encoders by name.

To add a family of models, write a class with the methods of `Encoder` in a file beside this one, and its line in
`FAMILIES`. Importing this does not import torch.
"""

import re
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from retake_core.encoders.base import Encoder
from retake_core.errors import UserError
from retake_core.hub.local_models import find_model
from retake_core.hub.recommended import RECOMMENDED_SIGLIP


@dataclass(frozen=True, slots=True)
class EncoderFamily:
    """Models of one architecture.

    Attributes:
        title: what people call them.
        place: the file beside this one, and the class in it.
        model_type: that a model's config.json states.
    """

    title: str
    place: str
    model_type: str


EMBEDDING = "qwen3_vl_embedding"
FAMILIES = {
    "siglip": EncoderFamily("SigLIP", "siglip:SiglipEncoder", "siglip"),
    "siglip2": EncoderFamily("SigLIP 2 NaFlex", "siglip2:Siglip2Encoder", "siglip2"),
    "clip": EncoderFamily("CLIP", "clip:ClipEncoder", "clip"),
    EMBEDDING: EncoderFamily("Qwen3-VL-Embedding", "qwen3_vl:Qwen3VLEncoder", "qwen3_vl"),
}
"""By what the settings call them."""


def open_encoder(name: str, device: str | None = None) -> Encoder:
    """Load an encoder.

    Example::

        encoder = open_encoder("builtin")
        frames = encoder.encode_frames([picture])  # RGB, uint8 [height, width, 3]
        cosine = frames.embeddings @ encoder.encode_text("a bicycle in the street")
        print(encoder.confidence(cosine))  # above 0.5 the picture is a match

    Args:
        name: "builtin", or the family, ":" and a folder or a model id; "siglip" alone is the recommended model.
        device: a torch device; None takes the GPU when there is one.

    Raises:
        UserError: no such encoder, or it is not on this computer.
    """
    kind, _, model = full_name(name).partition(":")
    if name == "builtin":
        from retake_core.encoders.builtin import BuiltinEncoder

        return BuiltinEncoder(device)
    if kind in FAMILIES and model:
        file, _, class_name = FAMILIES[kind].place.partition(":")
        encoder = getattr(import_module(f"retake_core.encoders.{file}"), class_name)
        return cast("Encoder", encoder(model, device or _default_device()))
    families = ", ".join(f"{family}:" for family in FAMILIES)
    raise UserError(
        f"There is no encoder named {name}. Use builtin, or one of {families} with a folder or model id behind it."
    )


def family_of(model_type: object, name: str) -> str | None:
    """Return the family of a model, or None if it is no encoder.

    Args:
        model_type: that its config.json states.
        name: its id or folder, as the config.json of Qwen3-VL-Embedding is that of a model that answers questions.
    """
    if model_type == FAMILIES[EMBEDDING].model_type:
        return EMBEDDING if re.search("qwen3-vl-embedding", name, re.IGNORECASE) else None
    return next((family for family, of in FAMILIES.items() if of.model_type == model_type), None)


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
    try:
        return "siglip", True, f"{RECOMMENDED_SIGLIP} in {find_model(RECOMMENDED_SIGLIP, RECOMMENDED_SIGLIP)}"
    except UserError as error:
        return "siglip", False, str(error)


def _default_device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
