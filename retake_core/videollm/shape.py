"""The sizes of a language model that decide how much memory a video takes."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ModelShape:
    """Numbers from a text configuration."""

    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    hidden: int
    intermediate: int
    vocabulary: int

    @classmethod
    def of(cls, config: Any) -> "ModelShape":
        """Read them from a transformers text configuration."""
        return cls(
            layers=config.num_hidden_layers,
            heads=config.num_attention_heads,
            kv_heads=config.num_key_value_heads,
            head_dim=getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads,
            hidden=config.hidden_size,
            intermediate=config.intermediate_size,
            vocabulary=config.vocab_size,
        )

    def kv_bytes(self, entries: int, itemsize: int) -> int:
        """Return the bytes of keys and values of `entries` tokens in every layer."""
        return entries * self.layers * 2 * self.kv_heads * self.head_dim * itemsize
