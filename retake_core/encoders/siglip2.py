"""SigLIP 2 NaFlex, which sees every picture in its own shape."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from retake_core.encoders.local_encoder import pool_map
from retake_core.encoders.siglip import SiglipEncoder


class Siglip2Encoder(SiglipEncoder):
    """A SigLIP 2 model of variable resolution; its text side is as that of the others."""

    model_type = "siglip2"
    model_class = "Siglip2Model"

    def _see(self, images: list[NDArray[np.uint8]]) -> tuple[Tensor, Tensor]:
        inputs = self._preprocess(images)
        shapes = inputs["spatial_shapes"]
        output = self._model.vision_model(
            pixel_values=inputs["pixel_values"].to(self.picture_dtype),
            pixel_attention_mask=inputs["pixel_attention_mask"],
            spatial_shapes=shapes,
        )
        maps = [  # what lies beyond a picture's own patches is padding
            pool_map(patches[None, : height * width], height, width)
            for patches, (height, width) in zip(output.last_hidden_state, shapes.tolist(), strict=True)
        ]
        return output.pooler_output, torch.cat(maps)
