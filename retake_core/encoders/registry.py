"""Encoders by name.

To add a family of models, write a class with the methods of `Encoder` in a file beside this one, and its line in
`FAMILIES`. Importing this does not import torch.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from retake_core.encoders.base import Encoder
from retake_core.encoders.calibrated import CalibratedEncoder
from retake_core.errors import UserError
from retake_core.hub.cache import CachedModel, cached_models
from retake_core.hub.model_folder import OPEN_CLIP, read_config
from retake_core.hub.pinned import is_here
from retake_core.hub.recommended import RECOMMENDED_SIGLIP, RECOMMENDED_SMALL_ENCODER
from retake_core.system.nvidia import has_nvidia_card


@dataclass(frozen=True, slots=True)
class EncoderFamily:
    """Models of one architecture.

    Attributes:
        title: what people call them.
        place: the file beside this one, and the class in it.
        model_type: that a model's config.json states.
        example: the id of one on the hub.
        package: that is imported for them, beyond what is always installed.
        extra: of this project, that brings it.
    """

    title: str
    place: str
    model_type: str
    example: str
    package: str = ""
    extra: str = ""

    @property
    def missing(self) -> str:
        """What to install before its models can be used, one sentence; "" if nothing."""
        if not self.package or find_spec(self.package) is not None:
            return ""
        return f"{self.title} needs one more package; add it with: pip install 'retake-desktop[{self.extra}]'"


BUILTIN = "builtin"
EMBEDDING = "qwen3_vl_embedding"
FAMILIES = {
    "siglip": EncoderFamily("SigLIP", "siglip:SiglipEncoder", "siglip", RECOMMENDED_SIGLIP),
    "siglip2": EncoderFamily(
        "SigLIP 2 NaFlex", "siglip2:Siglip2Encoder", "siglip2", "google/siglip2-base-patch16-naflex"
    ),
    "clip": EncoderFamily("CLIP", "clip:ClipEncoder", "clip", RECOMMENDED_SMALL_ENCODER),
    EMBEDDING: EncoderFamily(
        "Qwen3-VL-Embedding", "qwen3_vl:Qwen3VLEncoder", "qwen3_vl", "Qwen/Qwen3-VL-Embedding-2B"
    ),
    OPEN_CLIP: EncoderFamily(
        "OpenCLIP (MobileCLIP 2, Perception Encoder)",
        "open_clip:OpenClipEncoder",
        OPEN_CLIP,
        "timm/MobileCLIP2-S0-OpenCLIP",
        package="open_clip",
        extra="open-clip",
    ),
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
    if name == BUILTIN:
        from retake_core.encoders.builtin import BuiltinEncoder

        return BuiltinEncoder(device)
    if kind in FAMILIES and model:
        if reason := FAMILIES[kind].missing:
            raise UserError(reason)
        file, _, class_name = FAMILIES[kind].place.partition(":")
        encoder = getattr(import_module(f"retake_core.encoders.{file}"), class_name)
        return cast("Encoder", encoder(model, device or _default_device()))
    families = ", ".join(f"{family}:" for family in FAMILIES)
    raise UserError(
        f"There is no encoder named {name}. Use builtin, or one of {families} with a folder or model id behind it."
    )


def prepare_for_indexing(encoder: Encoder, precision: Path) -> None:
    """Let an encoder look at many pictures in the fastest way by which search sees the same.

    Args:
        encoder: that was opened.
        precision: of a file that remembers what was found out, see `choose_precision`.
    """
    if isinstance(encoder, CalibratedEncoder):  # PyTorch is loaded then
        from retake_core.encoders.precision import choose_precision
        from retake_core.encoders.precision_verdicts import PrecisionVerdicts

        choose_precision(encoder, PrecisionVerdicts(precision))


def open_for_search(name: str, vectors: Path, whole: Callable[[str], Encoder] = open_encoder) -> Encoder:
    """Load what a search by words needs of an encoder; a picture makes it load the rest.

    Args:
        name: see `open_encoder`.
        vectors: where vector indexes lie, and what this encoder made of known words.
        whole: loads the whole encoder of a name.

    Raises:
        UserError: see `open_encoder`.
    """
    kind, _, model = full_name(name).partition(":")
    if kind in FAMILIES and model and not has_nvidia_card():  # with a card, the whole model is in its memory
        from retake_core.encoders import text_side

        if kind in text_side.FAMILIES:
            side = text_side.open_text_side(model, kind, vectors, lambda: whole(name))
            if side is not None:
                return side
    return whole(name)


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


def encoder_status(setting: str = BUILTIN) -> list[tuple[str, bool, str]]:
    """Say which encoders can run here, as (name, available, detail), without loading torch.

    Args:
        setting: the encoder that the settings name.
    """
    cached = _cached_encoders()
    return [builtin_status(), *(_family_status(name, cached.get(name, []), setting) for name in FAMILIES)]


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


def builtin_status() -> tuple[str, bool, str]:
    """Say whether the built-in encoder can run here, as (name, available, detail)."""
    from retake_core.encoders import packaged

    missing = packaged.missing_packages()
    if missing:
        return BUILTIN, False, f"missing {', '.join(missing)}: {packaged.INSTALL_HINT}"
    return BUILTIN, True, "EfficientNet-Lite0, installed"


def _family_status(name: str, cached: list[str], setting: str) -> tuple[str, bool, str]:
    from retake_core.hub.local_models import find_model  # imports the hub's client, which takes its time

    family = FAMILIES[name]
    if family.missing:
        return name, False, family.missing
    kind, _, chosen = full_name(setting).partition(":")
    try:
        if kind == name and chosen not in cached:
            find_model(chosen, family.example)
            cached = [chosen, *cached]
    except UserError as error:
        return name, False, f"{family.title}: {error}"
    if not cached:
        return name, False, f"{family.title}: get one with: retake models download {family.example}"
    return name, True, f"{family.title}: {', '.join(cached)}"


def _cached_encoders() -> dict[str, list[str]]:
    """Return the ids of the models in the hub's cache, by their family."""
    found: dict[str, list[str]] = {}
    for name in filter(is_here, cached_models()):
        with suppress(UserError):
            folder = CachedModel(name).folder
            family = folder and family_of(read_config(folder).get("model_type"), name)
            if family:
                found.setdefault(family, []).append(name)
    return found


def _default_device() -> str:
    if not has_nvidia_card():
        return "cpu"
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
