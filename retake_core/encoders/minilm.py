"""all-MiniLM-L6-v2: short texts to vectors whose cosine says how near their meanings are.

It is a six-layer BERT, which torch's own encoder layers compute; that spares the import of transformers,
which takes longer than everything here.
"""

import io
import zipfile
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import safetensors.torch
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from retake_core.encoders.packaged import MINILM_ARCHIVE

DIMENSION = 384
LAYERS = 6
MAX_TOKENS = 256
BATCH = 16  # texts; more pad too much, and are no faster on a processor


class MiniLM(nn.Module):
    """Text embeddings: the mean of the last layer over a text's tokens, normalised."""

    def __init__(self) -> None:
        super().__init__()
        with zipfile.ZipFile(io.BytesIO(MINILM_ARCHIVE.read_verified())) as archive:
            weights = safetensors.torch.load(archive.read("model.safetensors"))
            self._tokenizer = Tokenizer.from_str(archive.read("tokenizer.json").decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        # Every text is a single segment, so the segment's vector is part of the position's.
        embeddings = "embeddings.{}_embeddings.weight".format
        self._words = weights[embeddings("word")]
        self._positions = weights[embeddings("position")] + weights[embeddings("token_type")][0]
        self._norm = nn.LayerNorm(DIMENSION, eps=1e-12)
        layer = nn.TransformerEncoderLayer(
            DIMENSION,
            12,
            4 * DIMENSION,
            dropout=0.0,
            activation="gelu",
            layer_norm_eps=1e-12,
            batch_first=True,
        )
        self._layers = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.load_state_dict(_renamed(weights))
        self.eval().requires_grad_(False)

    @torch.inference_mode()
    def embed(self, text: str) -> torch.Tensor:
        """Embed a text, float32 [384], length 1."""
        tokens = torch.tensor(self._tokenizer.encode(text).ids)
        hidden = self._norm(self._words[tokens] + self._positions[: len(tokens)])
        return nnf.normalize(self._layers(hidden[None])[0].mean(0), dim=0)

    @torch.inference_mode()
    def embed_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts, float32 [n, 384], each of length 1; those of one length together."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(texts), DIMENSION), np.float32)
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


@cache
def shared_minilm() -> MiniLM:
    """Return the one that is kept in memory, 90 MB; the built-in encoder and the search by meaning both use it.

    Raises:
        UserError: it is not installed, or damaged.
    """
    return MiniLM()


@lru_cache(64)
def text_vector(text: str) -> NDArray[np.float32]:
    """Return a short text's vector, float32 [384], length 1; the last texts are remembered.

    Raises:
        UserError: see `shared_minilm`.
    """
    vector = shared_minilm().embed(text).numpy()
    vector.flags.writeable = False
    return vector


def _renamed(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Give BERT's weights the names that torch's encoder layers have for them."""
    state = {f"_norm.{part}": weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias")}
    names = {
        "self_attn.out_proj": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "linear1": "intermediate.dense",
        "linear2": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for index in range(LAYERS):
        ours, theirs = f"_layers.layers.{index}", f"encoder.layer.{index}"
        for part in ("weight", "bias"):
            projections = [weights[f"{theirs}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            state[f"{ours}.self_attn.in_proj_{part}"] = torch.cat(projections)
            for name, their_name in names.items():
                state[f"{ours}.{name}.{part}"] = weights[f"{theirs}.{their_name}.{part}"]
    return state
