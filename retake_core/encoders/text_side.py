"""The text side of CLIP and SigLIP alone: all that a search by words needs, without PyTorch and transformers.

Those take 0.8 GB and seconds to load. What is computed here is compared with what the whole model made of the same
words while it indexed; where there is nothing to compare with, or it differs, the whole model is loaded instead.
"""

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from retake_core.encoders.base import EncodedFrames, Encoder
from retake_core.encoders.calibrated import CalibratedEncoder, Vectors
from retake_core.encoders.levels import contrastive_levels, sigmoid_levels
from retake_core.encoders.noise_words import noise_texts, read_noise
from retake_core.encoders.opening import opening
from retake_core.encoders.transformer import TowerShape, linear, tower
from retake_core.errors import UserError, one_line
from retake_core.hub.model_folder import read_config, read_config_file
from retake_core.hub.weights import reading_weights

log = logging.getLogger(__name__)
FAMILIES = ("clip", "siglip", "siglip2")
"""Those whose text sides are as `tower` computes them."""
SIGLIP_TOKENS = 64
"""SigLIP was trained on texts of always as many, without a mask."""
CHECKED, SAME = 4, 0.9999
"""So many descriptions are compared, and the cosine from which on they count as the same."""
CLIP_DEFAULTS = {
    "num_hidden_layers": 12,
    "num_attention_heads": 8,
    "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-5,
    "max_position_embeddings": 77,
    "eos_token_id": 49407,
}
SIGLIP_DEFAULTS = {
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "hidden_act": "gelu_pytorch_tanh",
    "layer_norm_eps": 1e-6,
}
"""What transformers takes where a configuration says nothing."""
OLDEST_END = 2
"""The last token's number in the configurations of older CLIPs, by mistake: there, the highest one is meant."""


class TextSide(CalibratedEncoder):
    """Encodes texts by itself; pictures make it load the whole model.

    Args:
        name: a folder, or the id of a model in the Hugging Face cache.
        family: one of `FAMILIES`.
        whole: loads the whole model.

    Raises:
        UserError: the model is not on this computer, is damaged, or is not as those of its family are.
    """

    def __init__(self, name: str, family: str, whole: Callable[[], Encoder]) -> None:
        self._whole_model = whole
        self._is_clip = family == "clip"
        with opening(name, family) as (folder, fingerprint):
            config = read_config(folder).get("text_config", {})
            self._config = (CLIP_DEFAULTS if self._is_clip else SIGLIP_DEFAULTS) | config
            self._tokenizer = self._open_tokenizer(folder)
            with reading_weights(folder, framework="np") as weights:
                self._weights = {
                    part: np.asarray(value[...], np.float32)
                    for part, value in weights.items()
                    if part.startswith("text_") and not part.endswith("position_ids")
                }
                slope = float(np.exp(weights["logit_scale"][...]).item())
                bias = 0.0 if self._is_clip else float(weights["logit_bias"][...].item())
        self._shape = TowerShape(
            layers=int(self._config["num_hidden_layers"]),
            heads=int(self._config["num_attention_heads"]),
            activation=str(self._config["hidden_act"]),
            epsilon=float(self._config["layer_norm_eps"]),
            causal=self._is_clip,
        )
        self.id = f"{family}:{Path(name).name}:{fingerprint}"
        self.levels = contrastive_levels(slope) if self._is_clip else sigmoid_levels(slope, bias)
        self._head = "text_projection" if self._is_clip else "text_model.head"
        self.dimension = len(self._weights[f"{self._head}.weight"])

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode descriptions, float32 [texts, dimension], each of length 1."""
        vectors = np.stack([self._vector(text) for text in texts])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        """Encode RGB frames, uint8 [height, width, 3] of any size, by the whole model.

        Raises:
            UserError: it cannot be loaded, or is another one by now.
        """
        return self._whole.encode_frames(images)

    @cached_property
    def _whole(self) -> Encoder:
        encoder = self._whole_model()
        if encoder.id != self.id:
            raise UserError("The model that search uses was changed meanwhile; start ReTaKe anew.")
        return encoder

    def _open_tokenizer(self, folder: Path) -> Any:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        if self._is_clip:
            tokenizer.enable_truncation(int(self._config["max_position_embeddings"]))
            return tokenizer
        padding = read_config_file(folder / "tokenizer_config.json")["pad_token"]
        sign = padding["content"] if isinstance(padding, dict) else padding
        tokenizer.enable_truncation(SIGLIP_TOKENS)
        tokenizer.enable_padding(pad_id=tokenizer.token_to_id(sign), pad_token=sign, length=SIGLIP_TOKENS)
        return tokenizer

    def _vector(self, text: str) -> Vectors:
        # SigLIP was trained on lower case, and SigLIP 2's own files keep the case; those of CLIP do not.
        tokens = np.array(self._tokenizer.encode(text if self._is_clip else text.lower()).ids)
        states = tower(self._weights, self._shape, tokens)
        if not self._is_clip:
            return linear(self._weights, self._head, states[-1])
        end = self._config["eos_token_id"]
        last = tokens.argmax() if end == OLDEST_END else (tokens == end).argmax()
        return linear(self._weights, self._head, states[last])


def open_text_side(name: str, family: str, directory: Path, whole: Callable[[], Encoder]) -> TextSide | None:
    """Return the text side of a model, or None where only the whole model can be relied on; the log says why.

    Args:
        name: see `TextSide`.
        family: see `TextSide`.
        directory: where what the whole model made of the noise words lies.
        whole: see `TextSide`.
    """
    try:
        side = TextSide(name, family, whole)
        known = read_noise(directory, side)
        if known is None:
            log.info("nothing tells whether the text side of %s alone is right", name)
            return None
        worst = float((side.encode_texts(noise_texts()[:CHECKED]) * known[:CHECKED]).sum(1).min())
    except Exception as error:  # libraries raise anything over files that they do not understand
        log.info("the text side of %s alone cannot be used: %s", name, one_line(error))
        return None
    if not worst > SAME:
        log.warning("the text side of %s alone differs from the whole model: cosine %.5f", name, worst)
        return None
    return side
