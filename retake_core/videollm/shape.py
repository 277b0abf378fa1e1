"""The sizes of a language model that decide how much memory a video takes. Needs no torch."""

from dataclasses import dataclass
from typing import Any

FULL, LINEAR = "full_attention", "linear_attention"
"""How transformers calls layers that keep keys and values, and those that keep one state."""
_FLOAT32 = 4


@dataclass(frozen=True)
class LinearShape:
    """Layers of linear attention, whose state has one size however long the past is.

    Attributes:
        layers: their numbers.
        key_heads: heads of queries and keys.
        value_heads: heads of values, and of the state.
        key_dim: numbers in a key head.
        value_dim: numbers in a value head.
        kernel: inputs that the convolution sees.
    """

    layers: tuple[int, ...]
    key_heads: int
    value_heads: int
    key_dim: int
    value_dim: int
    kernel: int

    @property
    def values(self) -> int:
        """Numbers of a token's values."""
        return self.value_heads * self.value_dim

    @property
    def channels(self) -> int:
        """Numbers of a token's query, key and value together."""
        return 2 * self.key_heads * self.key_dim + self.values

    def state_bytes(self, itemsize: int) -> int:
        """Return the bytes of all layers' states; the recurrent ones are float32."""
        return len(self.layers) * (self.values * self.key_dim * _FLOAT32 + self.channels * self.kernel * itemsize)


@dataclass(frozen=True)
class ExpertsShape:
    """A mixture of experts in the place of each layer's MLP, beside one that every token passes.

    Attributes:
        active: experts that a token passes.
        intermediate: numbers inside one.
    """

    active: int
    intermediate: int


@dataclass(frozen=True)
class ModelShape:
    """Numbers from a text configuration.

    Attributes:
        layers: all of them.
        intermediate: numbers inside a layer's MLP; of a mixture, inside the expert that every token passes.
        linear: of the layers that have no keys and values, if there are such.
        experts: of a mixture, beside the expert that every token passes.
        gated: whether queries come with a gate of their size.
    """

    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    hidden: int
    intermediate: int
    vocabulary: int
    linear: LinearShape | None = None
    experts: ExpertsShape | None = None
    gated: bool = False

    @classmethod
    def of(cls, config: Any) -> "ModelShape":
        """Read them from a transformers text configuration."""
        linear = _linear(config)
        active = getattr(config, "num_experts_per_tok", None)
        experts = ExpertsShape(active, config.moe_intermediate_size) if active else None
        return cls(
            layers=config.num_hidden_layers,
            heads=config.num_attention_heads,
            kv_heads=config.num_key_value_heads,
            head_dim=getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads,
            hidden=config.hidden_size,
            intermediate=config.shared_expert_intermediate_size if experts else config.intermediate_size,
            vocabulary=config.vocab_size,
            linear=linear,
            experts=experts,
            gated=linear is not None,  # Qwen's hybrids have both or neither
        )

    @property
    def linear_layers(self) -> tuple[int, ...]:
        """The numbers of the layers that have no keys and values."""
        return self.linear.layers if self.linear else ()

    @property
    def attention_layers(self) -> int:
        """How many layers have keys and values."""
        return self.layers - len(self.linear_layers)

    def layer_bytes(self, entries: int, itemsize: int) -> int:
        """Return the bytes of keys and values of `entries` tokens in one layer that has them."""
        return entries * 2 * self.kv_heads * self.head_dim * itemsize

    def kv_bytes(self, entries: int, itemsize: int) -> int:
        """Return the bytes of keys and values of `entries` tokens in every layer that has them."""
        return self.attention_layers * self.layer_bytes(entries, itemsize)

    def state_bytes(self, itemsize: int) -> int:
        """Return the bytes of the states of linear attention."""
        return self.linear.state_bytes(itemsize) if self.linear else 0


def _linear(config: Any) -> LinearShape | None:
    types = getattr(config, "layer_types", None) or ()
    layers = tuple(number for number, kind in enumerate(types) if kind == LINEAR)
    if not layers:
        return None
    return LinearShape(
        layers=layers,
        key_heads=config.linear_num_key_heads,
        value_heads=config.linear_num_value_heads,
        key_dim=config.linear_key_head_dim,
        value_dim=config.linear_value_head_dim,
        kernel=config.linear_conv_kernel_dim,
    )
