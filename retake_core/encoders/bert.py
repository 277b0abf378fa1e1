"""BERT, as sentence embedding uses it: short texts to vectors whose cosine says how near their meanings are."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from retake_core.encoders.bert_shape import BertShape
from retake_core.encoders.transformer import Array, attend, gelu, linear, normalised

BATCH = 16  # texts; more pad too much, and are no faster on a processor


class Bert:
    """Text embeddings: the mean of the last layer over a text's tokens, normalised.

    Args:
        weights: float32 by their published names; others among them are passed over.
        tokenizer: splits texts.
        shape: the sizes.

    Raises:
        KeyError: a weight is missing.
        ValueError: one has another shape.
    """

    def __init__(self, weights: Mapping[str, Array], tokenizer: Tokenizer, shape: BertShape) -> None:
        self.dimension = shape.dimension
        self._shape = shape
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(shape.tokens)
        # Every text is a single segment, so the segment's vector is part of the position's.
        embeddings = "embeddings.{}_embeddings.weight".format
        self._words = weights[embeddings("word")]
        positions = weights[embeddings("position")] + weights[embeddings("token_type")][0]
        self._positions = positions[shape.first_position :]
        self._weights = {name: _checked(weights, name, sizes) for name, sizes in _sizes(shape).items()}

    def embed(self, text: str) -> Array:
        """Embed a text, float32 [dimension], length 1."""
        vector: Array = self.embed_all([text])[0]
        return vector

    def embed_all(self, texts: Sequence[str]) -> Array:
        """Embed texts, float32 [n, dimension], each of length 1; those of one length together."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(tokens[at]))
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            longest = len(tokens[part[-1]])
            padded = np.array([tokens[at] + [0] * (longest - len(tokens[at])) for at in part])
            there = np.arange(longest) < np.array([len(tokens[at]) for at in part])[:, None]
            sums = np.where(there[..., None], self._states(padded, there), 0).sum(1)
            vectors[part] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return vectors

    def _states(self, tokens: NDArray[np.int64], there: NDArray[np.bool_]) -> Array:
        """Return the last layer's states, [batch, tokens, dimension]."""
        weights, shape = self._weights, self._shape
        x = self._words[tokens] + self._positions[: tokens.shape[1]]
        x = normalised(weights, "embeddings.LayerNorm", x, shape.epsilon)
        hidden = ~there[:, None]
        for number in range(shape.layers):
            layer = f"encoder.layer.{number}."
            projected = [linear(weights, f"{layer}attention.self.{part}", x) for part in ("query", "key", "value")]
            seen = linear(weights, f"{layer}attention.output.dense", attend(projected, shape.heads, hidden))
            x = normalised(weights, f"{layer}attention.output.LayerNorm", x + seen, shape.epsilon)
            inner = gelu(linear(weights, f"{layer}intermediate.dense", x))
            x = x + linear(weights, f"{layer}output.dense", inner)
            x = normalised(weights, f"{layer}output.LayerNorm", x, shape.epsilon)
        return x


def _sizes(shape: BertShape) -> dict[str, tuple[int, ...]]:
    """Return what weights there are beside the embeddings, and their shapes."""
    wide, inner = shape.dimension, shape.intermediate
    parts = {
        **{f"attention.{part}": (wide, wide) for part in ("self.query", "self.key", "self.value", "output.dense")},
        "attention.output.LayerNorm": (wide,),
        "intermediate.dense": (inner, wide),
        "output.dense": (wide, inner),
        "output.LayerNorm": (wide,),
    }
    layers = {f"encoder.layer.{at}.{part}": sizes for at in range(shape.layers) for part, sizes in parts.items()}
    sizes = {"embeddings.LayerNorm": (wide,), **layers}
    return {
        f"{name}.{part}": size if part == "weight" else size[:1]
        for name, size in sizes.items()
        for part in ("weight", "bias")
    }


def _checked(weights: Mapping[str, Array], name: str, sizes: tuple[int, ...]) -> Array:
    if weights[name].shape != sizes:
        raise ValueError(f"{name} has the shape {weights[name].shape}, and not {sizes}")
    return weights[name]
