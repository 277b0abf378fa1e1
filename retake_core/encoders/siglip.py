"""SigLIP and SigLIP 2 of fixed resolution."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from retake_core.encoders.levels import sigmoid_levels
from retake_core.encoders.local_encoder import pool_map
from retake_core.encoders.text_side import SIGLIP_TOKENS
from retake_core.encoders.transformers_encoder import TransformersEncoder
from retake_core.hub.recommended import RECOMMENDED_SIGLIP


class SiglipEncoder(TransformersEncoder):
    """A SigLIP model of fixed resolution."""

    model_type = "siglip"
    model_class = "SiglipModel"
    picture_parts = ("vision_model",)

    def __init__(
        self, path_or_id: str = RECOMMENDED_SIGLIP, device: str = "cpu", dtype: torch.dtype | None = None
    ) -> None:
        """Load the model, as `TransformersEncoder`."""
        super().__init__(path_or_id, device, dtype)
        self.dimension = int(self._model.config.text_config.projection_size)
        self.levels = sigmoid_levels(float(self._model.logit_scale.exp()), float(self._model.logit_bias))
        if self._model.vision_model.use_head:
            self._model.vision_model.head.attention.register_forward_pre_hook(_laid_by_patch)

    def _see(self, images: list[NDArray[np.uint8]]) -> tuple[Tensor, Tensor]:
        pixels = self._preprocess(images)["pixel_values"].to(self.picture_dtype)
        output = self._model.vision_model(pixel_values=pixels)
        side = round(output.last_hidden_state.shape[1] ** 0.5)
        return output.pooler_output, pool_map(output.last_hidden_state, side, side)

    def _read(self, texts: list[str]) -> Tensor:
        # Trained on lower case and always 64 tokens, without a mask; SigLIP 2's own files keep the case.
        lower = [text.lower() for text in texts]
        tokens = self._tokenize(lower, padding="max_length", padding_side="right", max_length=SIGLIP_TOKENS)
        vectors: Tensor = self._model.text_model(input_ids=tokens["input_ids"]).pooler_output
        return vectors


def _laid_by_patch(_attention: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Lay features, [batch, patches, channels], in memory as PyTorch's attention multiplies them: patch by patch.

    Otherwise it copies its weights for every patch, which takes a sixth of a picture's time in bfloat16.
    """
    probe, features, _ = inputs
    laid = features.transpose(0, 1).contiguous().transpose(0, 1)
    return probe, laid, laid
