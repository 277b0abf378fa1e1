"""The models that are offered by name, with the numbers that their published files state. Imports no torch.

To offer another one, add its line to `CATALOGUE`.
"""

from dataclasses import dataclass

from retake_core.hub.pinned import FACES, PINNED
from retake_core.hub.recommended import (
    RECOMMENDED_SENTENCES,
    RECOMMENDED_SPEECH,
    RECOMMENDED_VIDEOLLM,
    recommended_encoder,
)
from retake_core.protocol.model_messages import ModelKind
from retake_core.videollm.shape import LinearShape

BUILTIN = "builtin"
APACHE = "Apache-2.0"
MIT = "MIT"
QWEN_RESEARCH = "Qwen Research"
APPLE_RESEARCH = "Apple Machine Learning Research Model"
NO_COMMERCIAL_USE = (QWEN_RESEARCH, APPLE_RESEARCH)
"""Licences that forbid it."""


@dataclass(frozen=True, slots=True)
class LanguageModelSizes:
    """A language model's sizes, as its config.json states them, and what its eyes make of a frame.

    Attributes:
        model_type: the architecture.
        layers: hidden layers.
        heads: attention heads.
        kv_heads: key and value heads.
        head_dim: numbers in a head.
        hidden: numbers of a token.
        intermediate: numbers inside a layer's second part.
        vocabulary: tokens.
        patch: pixels of the side of a patch of the vision tower.
        linear: of its layers of linear attention, if there are such.
    """

    model_type: str
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    hidden: int
    intermediate: int
    vocabulary: int
    patch: int
    linear: LinearShape | None = None


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """A model that can be had.

    Attributes:
        id: on the Hugging Face hub, or "builtin".
        title: its name without the organisation.
        kind: what it is for.
        parameters: numbers in its weights.
        disk_bytes: about what its files take.
        licence: its short name.
        decoder: of a VideoLLM.
        picture_work: operations that an encoder needs for a picture.
        english_only: whether an encoder reads no other language.
    """

    id: str
    title: str
    kind: ModelKind
    parameters: int
    disk_bytes: int
    licence: str = APACHE
    decoder: LanguageModelSizes | None = None
    picture_work: float = 0.0
    english_only: bool = False

    @property
    def recommended(self) -> bool:
        """Whether it is the one to begin with."""
        return self.id in (
            recommended_encoder(),
            RECOMMENDED_VIDEOLLM,
            RECOMMENDED_SPEECH,
            RECOMMENDED_SENTENCES,
            FACES,
        )


def _siglip(name: str, title: str, parameters: int, picture_work: float) -> OfferedModel:
    # Their files hold float32; the tokenizer of 256,000 pieces comes on top.
    size = parameters * 4 + 35_000_000
    return OfferedModel(f"google/{name}", title, ModelKind.ENCODER, parameters, size, picture_work=picture_work)


def _tiny_clip(name: str, title: str, parameters: int, picture_work: float) -> OfferedModel:
    # As above, with a tokenizer of 49,000 pieces.
    size = parameters * 4 + 2_300_000
    return OfferedModel(
        f"wkcn/TinyCLIP-{name}",
        title,
        ModelKind.ENCODER,
        parameters,
        size,
        MIT,
        picture_work=picture_work,
        english_only=True,
    )


def _open_clip(name: str, title: str, parameters: int, picture_work: float, licence: str = APACHE) -> OfferedModel:
    # As above; the tokenizer stands there in three forms, of which none is used.
    size = parameters * 4 + 5_000_000
    return OfferedModel(
        f"timm/{name}",
        title,
        ModelKind.ENCODER,
        parameters,
        size,
        licence,
        picture_work=picture_work,
        english_only=True,
    )


def _qwen_embedding(size: str, parameters: int) -> OfferedModel:
    # Their files hold bfloat16; a frame is about 160 tokens with what stands around it.
    return OfferedModel(
        f"Qwen/Qwen3-VL-Embedding-{size}",
        f"Qwen3-VL Embedding {size}",
        ModelKind.ENCODER,
        parameters,
        parameters * 2 + 15_000_000,
        picture_work=2.0 * parameters * 160,
    )


def _videollm(
    model_id: str,
    title: str,
    parameters: int,
    decoder: LanguageModelSizes,
    licence: str = APACHE,
    ahead: int = 0,
) -> OfferedModel:
    # Their files hold bfloat16, and weights that guess ahead and are never loaded; the tokenizer comes on top.
    size = (parameters + ahead) * 2 + 15_000_000
    return OfferedModel(model_id, title, ModelKind.VIDEOLLM, parameters, size, licence, decoder)


def _hybrid(layers: int, kv_heads: int, hidden: int, intermediate: int, value_heads: int) -> LanguageModelSizes:
    """Every fourth layer of Qwen3.5 has full attention; what its sizes share stands here."""
    heads, head_dim, vocabulary, patch = 4 * kv_heads, 256, 248_320, 16
    linear = LinearShape(tuple(i for i in range(layers) if (i + 1) % 4), 16, value_heads, 128, 128, 4)
    return LanguageModelSizes(
        "qwen3_5", layers, heads, kv_heads, head_dim, hidden, intermediate, vocabulary, patch, linear
    )


def _speech(model_id: str, title: str, parameters: int) -> OfferedModel:
    # Their files hold float16; the tokenizer and the vocabulary come on top.
    size = parameters * 2 + 3_000_000
    return OfferedModel(model_id, title, ModelKind.SPEECH, parameters, size, MIT)


def _sentences(model_id: str, title: str, parameters: int) -> OfferedModel:
    # Their files hold float32; the tokenizer comes on top, in several forms.
    return OfferedModel(model_id, title, ModelKind.SENTENCES, parameters, parameters * 4 + 29_000_000)


def _faces() -> OfferedModel:
    # Their files hold float32.
    size = sum(file.size for file in PINNED.values())
    return OfferedModel(FACES, "YuNet and SFace", ModelKind.FACES, size // 4, size, f"{MIT}, {APACHE}")


CATALOGUE = (
    OfferedModel(BUILTIN, "Built-in", ModelKind.ENCODER, 27_400_000, 110_000_000),
    _tiny_clip("ViT-8M-16-Text-3M-YFCC15M", "TinyCLIP 8M", 23_446_017, 3.6e9),
    _tiny_clip("ViT-40M-32-Text-19M-LAION400M", "TinyCLIP 40M", 84_205_569, 3.9e9),
    _tiny_clip("ViT-61M-32-Text-29M-LAION400M", "TinyCLIP 61M", 115_382_145, 6.1e9),
    _open_clip("MobileCLIP2-S0-OpenCLIP", "MobileCLIP 2 S0", 74_835_073, 4.8e9, APPLE_RESEARCH),
    _open_clip("MobileCLIP2-S2-OpenCLIP", "MobileCLIP 2 S2", 99_243_329, 16e9, APPLE_RESEARCH),
    _open_clip("MobileCLIP2-B-OpenCLIP", "MobileCLIP 2 B", 149_777_153, 35e9, APPLE_RESEARCH),
    _open_clip("PE-Core-S-16-384", "Perception Encoder Small", 87_188_225, 31e9),
    _open_clip("PE-Core-B-16", "Perception Encoder Base", 447_660_545, 36e9),
    _open_clip("PE-Core-L-14-336", "Perception Encoder Large", 671_138_817, 384e9),
    _siglip("siglip2-base-patch16-224", "SigLIP 2 Base", 375_187_970, 35e9),
    _siglip("siglip2-base-patch16-naflex", "SigLIP 2 Base NaFlex", 375_234_050, 47e9),
    _siglip("siglip2-base-patch16-384", "SigLIP 2 Base, 384 pixels", 375_479_810, 111e9),
    _siglip("siglip2-large-patch16-256", "SigLIP 2 Large", 881_526_786, 160e9),
    _siglip("siglip2-so400m-patch14-224", "SigLIP 2 So400m", 1_135_463_602, 220e9),
    _siglip("siglip2-so400m-patch14-384", "SigLIP 2 So400m, 384 pixels", 1_136_008_498, 670e9),
    _qwen_embedding("2B", 2_127_532_032),
    _qwen_embedding("8B", 8_144_793_840),
    _videollm(
        "Qwen/Qwen2-VL-2B-Instruct",
        "Qwen2-VL 2B",
        2_208_985_600,
        LanguageModelSizes("qwen2_vl", 28, 12, 2, 128, 1536, 8960, 151_936, 14),
    ),
    _videollm(
        "Qwen/Qwen2-VL-7B-Instruct",
        "Qwen2-VL 7B",
        8_291_375_616,
        LanguageModelSizes("qwen2_vl", 28, 28, 4, 128, 3584, 18_944, 152_064, 14),
    ),
    _videollm(
        "Qwen/Qwen2.5-VL-3B-Instruct",
        "Qwen2.5-VL 3B",
        3_754_622_976,
        LanguageModelSizes("qwen2_5_vl", 36, 16, 2, 128, 2048, 11_008, 151_936, 14),
        QWEN_RESEARCH,
    ),
    _videollm(
        "Qwen/Qwen2.5-VL-7B-Instruct",
        "Qwen2.5-VL 7B",
        8_292_166_656,
        LanguageModelSizes("qwen2_5_vl", 28, 28, 4, 128, 3584, 18_944, 152_064, 14),
    ),
    _videollm(
        "Qwen/Qwen3-VL-2B-Instruct",
        "Qwen3-VL 2B",
        2_127_532_032,
        LanguageModelSizes("qwen3_vl", 28, 16, 8, 128, 2048, 6144, 151_936, 16),
    ),
    _videollm(
        "Qwen/Qwen3-VL-4B-Instruct",
        "Qwen3-VL 4B",
        4_437_815_808,
        LanguageModelSizes("qwen3_vl", 36, 32, 8, 128, 2560, 9728, 151_936, 16),
    ),
    _videollm(
        "Qwen/Qwen3-VL-8B-Instruct",
        "Qwen3-VL 8B",
        8_767_123_696,
        LanguageModelSizes("qwen3_vl", 36, 32, 8, 128, 4096, 12_288, 151_936, 16),
    ),
    _videollm("Qwen/Qwen3.5-2B", "Qwen3.5 2B", 2_213_241_664, _hybrid(24, 2, 2048, 6144, 16), ahead=60_828_160),
    _videollm("Qwen/Qwen3.5-4B", "Qwen3.5 4B", 4_539_265_536, _hybrid(32, 4, 2560, 9216, 32), ahead=120_599_552),
    _videollm("Qwen/Qwen3.5-9B", "Qwen3.5 9B", 9_409_813_744, _hybrid(32, 4, 4096, 12_288, 32), ahead=243_290_624),
    _videollm(
        "llava-hf/llava-onevision-qwen2-7b-ov-hf",
        "LLaVA-OneVision 7B",
        8_030_348_832,
        LanguageModelSizes("llava_onevision", 28, 28, 4, 128, 3584, 18_944, 152_000, 14),
    ),
    _speech("Systran/faster-whisper-tiny", "Whisper Tiny", 37_760_256),
    _speech("Systran/faster-whisper-base", "Whisper Base", 72_593_920),
    _speech("Systran/faster-whisper-small", "Whisper Small", 241_734_912),
    _speech("Systran/faster-whisper-medium", "Whisper Medium", 763_857_920),
    _speech("deepdml/faster-whisper-large-v3-turbo-ct2", "Whisper Large v3 Turbo", 808_878_080),
    _speech("Systran/faster-whisper-large-v3", "Whisper Large v3", 1_543_490_560),
    _sentences(RECOMMENDED_SENTENCES, "Multilingual MiniLM", 117_653_760),
    _faces(),
)
"""LLaVA-Video is not published in the transformers form; a converted folder of it works like any other folder."""

BY_ID = {model.id: model for model in CATALOGUE}


def encoder_title(name: str) -> str:
    """Return what a person calls the encoder of a name in the settings."""
    kind, _, model = name.partition(":")
    if kind == BUILTIN:
        return "the built-in encoder"
    return BY_ID[model].title if model in BY_ID else model.rstrip("/").rpartition("/")[2]
