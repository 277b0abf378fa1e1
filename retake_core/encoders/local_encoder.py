"""What encoders by transformers share: they work with the files of one folder on this computer."""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor

from retake_core.encoders.base import EncodedFrames
from retake_core.encoders.calibrated import CalibratedEncoder
from retake_core.encoders.loading import Loaded, fingerprint, load

MAP_SIDE = 7
BATCH = 32
"""Pictures that a graphics card sees at once."""
CPU_BATCH = 4
"""A processor is no faster with more, and their activations fill its memory."""


class LocalEncoder(CalibratedEncoder):
    """A model of one class of transformers."""

    model_type: ClassVar[str]
    """As config.json states it."""
    model_class: ClassVar[str]
    """The class in transformers."""
    channels: int
    """Of the maps."""

    def __init__(self, path_or_id: str, device: str = "cpu", dtype: torch.dtype | None = None) -> None:
        """Load the model.

        Args:
            path_or_id: a folder, or the id of a model in the Hugging Face cache.
            device: a torch device.
            dtype: of the weights; by default bfloat16 on CUDA cards that have it, and float32 elsewhere.

        Raises:
            UserError: the model is not on this computer, or is not one that this encoder can use.
        """
        self._device = torch.device(device)
        loaded: Loaded = load(path_or_id, self.model_type, self.model_class, self._device, dtype)
        self._images, self._tokenizer, self._model = loaded.images, loaded.tokenizer, loaded.model
        self._dtype = loaded.model.dtype
        self.channels = int(loaded.model.config.vision_config.hidden_size)
        self._batch = CPU_BATCH if self._device.type == "cpu" else BATCH
        self.id = f"{self.model_type}:{Path(path_or_id).name}:{fingerprint(loaded.folder)}"

    @torch.inference_mode()
    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        """Encode RGB frames, uint8 [height, width, 3] of any size."""
        embeddings = torch.zeros(len(images), self.dimension, device=self._device)
        maps = torch.zeros(len(images), MAP_SIDE**2, self.channels, device=self._device)
        for start in range(0, len(images), self._batch):
            part = slice(start, start + self._batch)
            # The layout of a picture three pixels high cannot be guessed, and torch takes no flipped views.
            vectors, spatial = self._see([np.ascontiguousarray(image) for image in images[part]])
            embeddings[part] = nnf.normalize(vectors.float(), dim=1)
            maps[part] = spatial
        return EncodedFrames(embeddings.cpu().numpy(), maps)

    @torch.inference_mode()
    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode descriptions, float32 [texts, dimension], each of length 1."""
        encoded: NDArray[np.float32] = nnf.normalize(self._read(list(texts)).float(), dim=1).cpu().numpy()
        return encoded

    @abstractmethod
    def _see(self, images: list[NDArray[np.uint8]]) -> tuple[Tensor, Tensor]:
        """Return the vectors of pictures, [batch, dimension], and their maps, float32 [batch, 49, channels]."""

    @abstractmethod
    def _read(self, texts: list[str]) -> Tensor:
        """Return the vectors of texts, [batch, dimension]."""

    def _preprocess(self, images: list[NDArray[np.uint8]], **options: Any) -> dict[str, Tensor]:
        """Make of pictures what the model takes, as its files say but for the options."""
        batch = self._images(images=images, input_data_format="channels_last", return_tensors="pt", **options)
        return {name: values.to(self._device) for name, values in batch.items()}

    def _tokenize(self, texts: list[str], **options: Any) -> dict[str, Tensor]:
        tokens = self._tokenizer(texts, truncation=True, return_tensors="pt", **options)
        return {name: values.to(self._device) for name, values in tokens.items()}


def pool_map(patches: Tensor, height: int, width: int) -> Tensor:
    """Pool features of patches, [batch, height * width, channels], to float32 [batch, 49, channels]."""
    grid = patches.float().transpose(1, 2).reshape(len(patches), -1, height, width)
    return nnf.adaptive_avg_pool2d(grid, MAP_SIDE).flatten(2).transpose(1, 2)
