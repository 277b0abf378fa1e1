"""SigLIP and SigLIP 2 of fixed resolution."""

from math import log
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from retake_core.encoders.calibrated import Levels
from retake_core.encoders.local_encoder import pool_map
from retake_core.encoders.transformers_encoder import TransformersEncoder
from retake_core.hub.recommended import RECOMMENDED_SIGLIP

MAX_TOKENS = 64
CUTOFF = 0.003
"""The probability from which a frame counts as a match, until a library was measured.

The sigmoid loss is trained on batches of 32,768 pairs, so the probabilities carry a prior of 1 / 32,768. If
one frame in a hundred shows what is searched for, an even chance takes evidence of 100 to 1, which is 0.003.
"""
ALIKE, ALIKE_SLOPE = 0.8, 25.0
"""Cosine of two pictures from which they count as alike: an estimate, until a library was measured."""


class SiglipEncoder(TransformersEncoder):
    """A SigLIP model of fixed resolution."""

    model_type = "siglip"
    model_class = "SiglipModel"

    def __init__(
        self, path_or_id: str = RECOMMENDED_SIGLIP, device: str = "cpu", dtype: torch.dtype | None = None
    ) -> None:
        """Load the model, as `TransformersEncoder`."""
        super().__init__(path_or_id, device, dtype)
        self.dimension = int(self._model.config.text_config.projection_size)
        self.levels = sigmoid_levels(self._model)

    def _see(self, images: list[NDArray[np.uint8]]) -> tuple[Tensor, Tensor]:
        pixels = self._preprocess(images)["pixel_values"].to(self._dtype)
        output = self._model.vision_model(pixel_values=pixels)
        side = round(output.last_hidden_state.shape[1] ** 0.5)
        return output.pooler_output, pool_map(output.last_hidden_state, side, side)

    def _read(self, texts: list[str]) -> Tensor:
        # Trained on lower case and always 64 tokens, without a mask; SigLIP 2's own files keep the case.
        lower = [text.lower() for text in texts]
        tokens = self._tokenize(lower, padding="max_length", padding_side="right", max_length=MAX_TOKENS)
        vectors: Tensor = self._model.text_model(input_ids=tokens["input_ids"]).pooler_output
        return vectors


def sigmoid_levels(model: Any) -> Levels:
    """Return the levels that a model suggests which was trained to tell pairs by a sigmoid."""
    slope, bias = float(model.logit_scale.exp()), float(model.logit_bias)
    return Levels((log(CUTOFF / (1 - CUTOFF)) - bias) / slope, slope, ALIKE, ALIKE_SLOPE)
