"""BERT, as sentence embedding uses it: short texts to vectors whose cosine says how near their meanings are.

torch's own encoder layers compute it; that spares the import of transformers, which takes longer than everything
here.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from retake_core.encoders.bert_shape import BertShape

BATCH = 16  # texts; more pad too much, and are no faster on a processor


class Bert(nn.Module):
    """Text embeddings: the mean of the last layer over a text's tokens, normalised.

    Args:
        weights: float32 by their published names; others among them are passed over.
        tokenizer: splits texts.
        shape: the sizes.

    Raises:
        KeyError: a weight is missing.
        RuntimeError: one has another shape.
    """

    def __init__(self, weights: Mapping[str, torch.Tensor], tokenizer: Tokenizer, shape: BertShape) -> None:
        super().__init__()
        self.dimension = shape.dimension
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(shape.tokens)
        # Every text is a single segment, so the segment's vector is part of the position's.
        embeddings = "embeddings.{}_embeddings.weight".format
        self._words = weights[embeddings("word")]
        positions = weights[embeddings("position")] + weights[embeddings("token_type")][0]
        self._positions = positions[shape.first_position :]
        self._norm = nn.LayerNorm(shape.dimension, eps=shape.epsilon)
        layer = nn.TransformerEncoderLayer(
            shape.dimension,
            shape.heads,
            shape.intermediate,
            dropout=0.0,
            activation="gelu",
            layer_norm_eps=shape.epsilon,
            batch_first=True,
        )
        self._layers = nn.TransformerEncoder(layer, shape.layers, enable_nested_tensor=False)
        self.load_state_dict(_renamed(weights, shape.layers))
        self.eval().requires_grad_(False)

    @torch.inference_mode()
    def embed(self, text: str) -> torch.Tensor:
        """Embed a text, float32 [dimension], length 1."""
        tokens = torch.tensor(self._tokenizer.encode(text).ids)
        hidden = self._norm(self._words[tokens] + self._positions[: len(tokens)])
        return nnf.normalize(self._layers(hidden[None])[0].mean(0), dim=0)

    @torch.inference_mode()
    def embed_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts, float32 [n, dimension], each of length 1; those of one length together."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(tokens[at]))
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            longest = len(tokens[part[-1]])
            padded = torch.tensor([tokens[at] + [0] * (longest - len(tokens[at])) for at in part])
            there = torch.arange(longest) < torch.tensor([len(tokens[at]) for at in part])[:, None]
            hidden = self._layers(
                self._norm(self._words[padded] + self._positions[:longest]), src_key_padding_mask=~there
            )
            sums = torch.where(there[..., None], hidden, 0.0).sum(1)
            vectors[part] = nnf.normalize(sums, dim=1).numpy()
        return vectors


def _renamed(weights: Mapping[str, torch.Tensor], layers: int) -> dict[str, torch.Tensor]:
    """Give BERT's weights the names that torch's encoder layers have for them."""
    state = {f"_norm.{part}": weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias")}
    names = {
        "self_attn.out_proj": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "linear1": "intermediate.dense",
        "linear2": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for index in range(layers):
        ours, theirs = f"_layers.layers.{index}", f"encoder.layer.{index}"
        for part in ("weight", "bias"):
            projections = [weights[f"{theirs}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            state[f"{ours}.self_attn.in_proj_{part}"] = torch.cat(projections)
            for name, their_name in names.items():
                state[f"{ours}.{name}.{part}"] = weights[f"{theirs}.{their_name}.{part}"]
    return state
