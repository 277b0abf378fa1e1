"""all-MiniLM-L6-v2, which needs no download: English sentences to vectors that tell their meanings."""

import io
import zipfile
from functools import cache, lru_cache

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from tokenizers import Tokenizer

from retake_core.encoders.bert import Bert
from retake_core.encoders.bert_shape import BertShape
from retake_core.encoders.packaged import MINILM_ARCHIVE

DIMENSION = 384
SHAPE = BertShape(DIMENSION, layers=6, heads=12, intermediate=4 * DIMENSION)


class MiniLM(Bert):
    """The model out of its package."""

    def __init__(self) -> None:
        with zipfile.ZipFile(io.BytesIO(MINILM_ARCHIVE.read_verified())) as archive:
            weights = safetensors.numpy.load(archive.read("model.safetensors"))
            tokenizer = Tokenizer.from_str(archive.read("tokenizer.json").decode())
        super().__init__(weights, tokenizer, SHAPE)


@cache
def shared_minilm() -> MiniLM:
    """Return the one that is kept in memory, 90 MB.

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
    vector = shared_minilm().embed(text)
    vector.flags.writeable = False
    return vector
