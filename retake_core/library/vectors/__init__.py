"""Nearest keyframes by embedding: FAISS indexes, which are copies of what SQLite holds."""

from retake_core.library.vectors.files import forget_others, is_sound
from retake_core.library.vectors.index import VectorIndex
from retake_core.library.vectors.large import LARGE, build_large
from retake_core.library.vectors.stored import embeddings_of

__all__ = ["LARGE", "VectorIndex", "build_large", "embeddings_of", "forget_others", "is_sound"]
