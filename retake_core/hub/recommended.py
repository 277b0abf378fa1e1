"""The models to begin with, one for each purpose: ids on the Hugging Face hub."""

from functools import cache

from retake_core.system.nvidia import has_nvidia_card

RECOMMENDED_SIGLIP = "google/siglip2-base-patch16-224"
RECOMMENDED_SMALL_ENCODER = "wkcn/TinyCLIP-ViT-40M-32-Text-19M-LAION400M"
RECOMMENDED_VIDEOLLM = "Qwen/Qwen2-VL-2B-Instruct"
RECOMMENDED_SPEECH = "Systran/faster-whisper-small"
RECOMMENDED_SENTENCES = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"


@cache
def recommended_encoder() -> str:
    """Return the encoder to begin with here: without a graphics card, SigLIP takes about as long as the video."""
    return RECOMMENDED_SIGLIP if has_nvidia_card() else RECOMMENDED_SMALL_ENCODER
