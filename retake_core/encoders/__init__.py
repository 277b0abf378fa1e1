"""Picture and text embeddings in one space. Importing this package does not import torch."""

from retake_core.encoders.base import EncodedFrames, Encoder
from retake_core.encoders.registry import (
    builtin_status,
    encoder_status,
    meaning_status,
    open_encoder,
    open_for_search,
)

__all__ = [
    "EncodedFrames",
    "Encoder",
    "builtin_status",
    "encoder_status",
    "meaning_status",
    "open_encoder",
    "open_for_search",
]
