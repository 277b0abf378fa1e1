"""The parts of a transformer that reads short texts, in NumPy: PyTorch takes longer to load than that to compute.

Names of weights are those of the files that Hugging Face's transformers writes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Weights = Mapping[str, Array]


def linear(weights: Weights, name: str, x: Array) -> Array:
    """Multiply [..., in] by the weight [out, in] of a layer, and add its bias if it has one."""
    weight = weights[f"{name}.weight"]
    # As one matrix: of a batch, NumPy would multiply one text after another, each time reading the weight anew.
    product: Array = (x.reshape(-1, x.shape[-1]) @ weight.T).reshape(*x.shape[:-1], len(weight))
    if (bias := weights.get(f"{name}.bias")) is not None:
        product += bias
    return product


def normalised(weights: Weights, name: str, x: Array, epsilon: float) -> Array:
    """Bring vectors [..., dimension] to mean 0 and variance 1, then scale and shift them."""
    centred = x - x.mean(-1, keepdims=True)
    spread = np.sqrt(np.square(centred).mean(-1, keepdims=True) + np.float32(epsilon))
    result: Array = centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return result


def attend(projected: Sequence[Array], heads: int, hidden: NDArray[np.bool_]) -> Array:
    """Let tokens look at one another.

    Args:
        projected: queries, keys and values, each [batch, tokens, dimension].
        heads: that look for themselves.
        hidden: [batch or 1, tokens or 1, tokens], what may not be looked at.
    """
    queries, keys, values = (_split(each, heads) for each in projected)
    scores = queries @ keys.swapaxes(-1, -2) / np.float32(queries.shape[-1] ** 0.5)
    scores = np.where(hidden[:, None], np.float32(-np.inf), scores)
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    seen = powers / powers.sum(-1, keepdims=True) @ values
    joined: Array = seen.swapaxes(1, 2).reshape(len(seen), seen.shape[2], -1)
    return joined


def _split(x: Array, heads: int) -> Array:
    return x.reshape(*x.shape[:2], heads, -1).swapaxes(1, 2)


def gelu(x: Array) -> Array:
    """Return x times the normal distribution's share below it; erf by Abramowitz and Stegun 7.1.26."""
    size = np.abs(x)
    size *= np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = np.float32(1.061405429) * t
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):  # in place: memory is what it waits for
        series += np.float32(factor)
        series *= t
    size *= size
    series *= np.exp(np.negative(size, out=size), out=size)
    result: Array = np.copysign(np.subtract(1, series, out=series), x, out=series)
    result += 1
    result *= x
    result *= np.float32(0.5)
    return result


def _tanh_gelu(x: Array) -> Array:
    cube = x * x * x  # NumPy's own power takes half of a text's time
    result: Array = 0.5 * x * (1 + np.tanh(np.float32((2 / np.pi) ** 0.5) * (x + np.float32(0.044715) * cube)))
    return result


def _quick_gelu(x: Array) -> Array:
    result: Array = x / (1 + np.exp(np.float32(-1.702) * x))
    return result


ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {
    "gelu": gelu,
    "gelu_pytorch_tanh": _tanh_gelu,
    "quick_gelu": _quick_gelu,
}
"""By what configurations call them."""


@dataclass(frozen=True, slots=True)
class TowerShape:
    """What the weights of a text tower do not tell.

    Attributes:
        layers: how many.
        heads: of attention.
        activation: a name of `ACTIVATIONS`.
        epsilon: of the normalisations.
        causal: whether a token looks only at those before it.
    """

    layers: int
    heads: int
    activation: str
    epsilon: float
    causal: bool


def tower(weights: Weights, shape: TowerShape, tokens: NDArray[np.int64]) -> Array:
    """Return the last states, [tokens, dimension], of one text in the text tower of a CLIP or a SigLIP.

    Args:
        weights: of the whole model, with "text_model." before the tower's names.
        shape: of the tower.
        tokens: [tokens].
    """
    embedding = "text_model.embeddings.{}_embedding.weight".format
    x = (weights[embedding("token")][tokens] + weights[embedding("position")][: len(tokens)])[None]
    hidden = np.triu(np.full((1, len(tokens), len(tokens)), shape.causal), 1)
    for number in range(shape.layers):
        layer = f"text_model.encoder.layers.{number}."
        normal = normalised(weights, f"{layer}layer_norm1", x, shape.epsilon)
        projected = [linear(weights, f"{layer}self_attn.{part}_proj", normal) for part in "qkv"]
        x = x + linear(weights, f"{layer}self_attn.out_proj", attend(projected, shape.heads, hidden))
        normal = normalised(weights, f"{layer}layer_norm2", x, shape.epsilon)
        inner = ACTIVATIONS[shape.activation](linear(weights, f"{layer}mlp.fc1", normal))
        x = x + linear(weights, f"{layer}mlp.fc2", inner)
    states: Array = normalised(weights, "text_model.final_layer_norm", x, shape.epsilon)[0]
    return states
