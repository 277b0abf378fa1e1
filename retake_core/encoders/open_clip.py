"""OpenCLIP's form of models: MobileCLIP 2, made for small computers, and Perception Encoder.

The package builds them by their configuration. Their weights are read here: it would take pickles for such, too.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from retake_core.encoders.levels import contrastive_levels
from retake_core.encoders.loading import other_weights, usual_dtype
from retake_core.encoders.local_encoder import LocalEncoder, pool_map
from retake_core.encoders.opening import opening
from retake_core.encoders.pictures import to_batch
from retake_core.errors import UserError
from retake_core.hub.model_folder import OPEN_CLIP, read_config
from retake_core.hub.weights import reading_weights


class OpenClipEncoder(LocalEncoder):
    """A model of OpenCLIP with CLIP's own tokenizer, which reads English.

    The whole frame is squashed into the square that the model sees, as for `ClipEncoder`.
    """

    model_type = OPEN_CLIP
    picture_parts = ("visual",)

    def __init__(self, path_or_id: str, device: str = "cpu", dtype: torch.dtype | None = None) -> None:
        """Load the model, as `TransformersEncoder`."""
        from open_clip import SimpleTokenizer

        place = torch.device(device)
        with opening(path_or_id, self.model_type) as (folder, fingerprint):
            config = read_config(folder)
            with place:
                model = _build(config["model_cfg"], path_or_id)
            with reading_weights(folder) as weights:
                _fill(model, weights, path_or_id)
            model = _fused(model).eval().requires_grad_(False)
            model = model.to(dtype=dtype or usual_dtype(place), memory_format=torch.channels_last)
            super().__init__(path_or_id, fingerprint, model)
            options = config["model_cfg"]["text_cfg"].get("tokenizer_kwargs", {})
            self._tokenizer = SimpleTokenizer(context_length=model.context_length, **options)
            looks = config["preprocess_cfg"]
            self._looks = (
                model.visual.image_size,
                looks["mean"],
                looks["std"],
                self.device,
                looks["interpolation"],
            )
            self.dimension = int(config["model_cfg"]["embed_dim"])
            self.levels = contrastive_levels(float(model.logit_scale.exp()))
            with torch.inference_mode():
                self.channels = self._see([np.zeros((1, 1, 3), np.uint8)])[1].shape[2]

    def _see(self, images: list[NDArray[np.uint8]]) -> tuple[Tensor, Tensor]:
        pixels = to_batch(images, *self._looks).to(self.picture_dtype)
        seen = self._model.visual.forward_intermediates(pixels, indices=1)
        (patches,) = seen["image_intermediates"]  # [batch, channels, height, width]
        return seen["image_features"], pool_map(patches.flatten(2).transpose(1, 2), *patches.shape[2:])

    def _read(self, texts: list[str]) -> Tensor:
        vectors: Tensor = self._model.encode_text(self._tokenizer(texts).to(self.device))
        return vectors


def _build(config: Mapping[str, Any], name: str) -> Any:
    """Make a model of random weights.

    Raises:
        UserError: a part of it would have to be downloaded.
    """
    import open_clip

    text, vision = config["text_cfg"], config["vision_cfg"] | {"timm_model_pretrained": False}
    if text.get("hf_model_name") or text.get("hf_tokenizer_name"):
        raise UserError(
            f"{name} reads texts with a model of its own, which works here only in the form of transformers."
        )
    kind = open_clip.CustomTextCLIP if config.get("custom_text") else open_clip.CLIP
    parts = {part: value for part, value in config.items() if part != "custom_text"}
    return kind(**parts | {"vision_cfg": vision})


@torch.no_grad()
def _fill(model: Any, weights: Mapping[str, Any], name: str) -> None:
    """Give a model its weights, one by one.

    Raises:
        UserError: they are those of another one.
    """
    places = model.state_dict()
    if places.keys() != weights.keys():
        raise other_weights(name)
    for part, place in places.items():
        weight = weights[part][...]
        if weight.shape != place.shape:
            raise other_weights(name)
        place.copy_(weight)


def _fused(model: Any) -> Any:
    """Join branches that were apart for training: MobileCLIP 2 then takes four fifths of the time."""
    from timm.utils import reparameterize_model

    if hasattr(model.visual, "trunk"):
        model.visual.trunk = reparameterize_model(model.visual.trunk, inplace=True)
    return model
