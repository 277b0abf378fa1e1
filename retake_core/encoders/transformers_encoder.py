"""What encoders by transformers share."""

from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from retake_core.encoders.loading import load
from retake_core.encoders.local_encoder import LocalEncoder


class TransformersEncoder(LocalEncoder):
    """A model of one class of transformers."""

    model_class: ClassVar[str]
    """The class in transformers."""

    def __init__(self, path_or_id: str, device: str = "cpu", dtype: torch.dtype | None = None) -> None:
        """Load the model.

        Args:
            path_or_id: a folder, or the id of a model in the Hugging Face cache.
            device: a torch device.
            dtype: of the weights; by default bfloat16 on CUDA cards that have it, and float32 elsewhere.

        Raises:
            UserError: the model is not on this computer, or is not one that this encoder can use.
        """
        loaded = load(path_or_id, self.model_type, self.model_class, torch.device(device), dtype)
        super().__init__(path_or_id, loaded.fingerprint, loaded.model)
        self._images, self._tokenizer = loaded.images, loaded.tokenizer
        self.channels = int(loaded.model.config.vision_config.hidden_size)

    def _preprocess(self, images: list[NDArray[np.uint8]], **options: Any) -> dict[str, Tensor]:
        """Make of pictures what the model takes, as its files say but for the options."""
        batch = self._images(images=images, input_data_format="channels_last", return_tensors="pt", **options)
        return {name: values.to(self.device) for name, values in batch.items()}

    def _tokenize(self, texts: list[str], **options: Any) -> dict[str, Tensor]:
        tokens = self._tokenizer(texts, truncation=True, return_tensors="pt", **options)
        return {name: values.to(self.device) for name, values in tokens.items()}
