"""CLIP, and the small models that are distilled from it, such as TinyCLIP."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from retake_core.encoders.levels import contrastive_levels
from retake_core.encoders.local_encoder import pool_map
from retake_core.encoders.transformers_encoder import TransformersEncoder


class ClipEncoder(TransformersEncoder):
    """Any CLIP model.

    The whole frame is squashed into the square that the model sees. Its own files would have the middle cut out,
    and with it go 44 % of a wide frame.
    """

    model_type = "clip"
    model_class = "CLIPModel"
    picture_parts = ("vision_model", "visual_projection")

    def __init__(self, path_or_id: str, device: str = "cpu", dtype: torch.dtype | None = None) -> None:
        """Load the model, as `TransformersEncoder`."""
        super().__init__(path_or_id, device, dtype)
        config = self._model.config
        self.dimension = int(config.projection_dim)
        self._side = int(config.vision_config.image_size)
        self._tokens = int(config.text_config.max_position_embeddings)
        self.levels = contrastive_levels(float(self._model.logit_scale.exp()))

    def _see(self, images: list[NDArray[np.uint8]]) -> tuple[Tensor, Tensor]:
        size = {"height": self._side, "width": self._side}
        pixels = self._preprocess(images, size=size, do_center_crop=False)["pixel_values"].to(self.picture_dtype)
        output = self._model.vision_model(pixel_values=pixels)
        patches = output.last_hidden_state[:, 1:]  # the first stands for the whole
        side = round(patches.shape[1] ** 0.5)
        return self._model.visual_projection(output.pooler_output), pool_map(patches, side, side)

    def _read(self, texts: list[str]) -> Tensor:
        output = self._model.text_model(**self._tokenize(texts, padding=True, max_length=self._tokens))
        vectors: Tensor = self._model.text_projection(output.pooler_output)
        return vectors
