"""What encoders share that are loaded from a folder on this computer."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor, nn

from retake_core.encoders.base import EncodedFrames
from retake_core.encoders.calibrated import CalibratedEncoder
from retake_core.encoders.threads import limit_torch

MAP_SIDE = 7
BATCH = 32
"""Pictures that a graphics card sees at once."""
CPU_BATCH = 4
"""A processor is no faster with more, and their activations fill its memory."""


class PictureEncoding(Protocol):
    """A way to encode pictures by `LocalEncoder.look_at`."""

    def encode(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        """Encode frames, as `Encoder.encode_frames`."""
        ...


class LocalEncoder(CalibratedEncoder):
    """A model of some library.

    Attributes:
        batch: pictures that it sees at once.
        device: where it runs.
        dtype: of its weights.
        picture_dtype: of the weights that see pictures.
        precision: sees to it that those are in the right one, see `choose_precision`; None leaves them alone.
    """

    model_type: ClassVar[str]
    """As its configuration states it."""
    picture_parts: ClassVar[tuple[str, ...]] = ()
    """The model's modules through which pictures go and texts do not; none where these share their layers."""
    channels: int
    """Of the maps."""

    def __init__(self, name: str, fingerprint: str, model: Any) -> None:
        """Take a model that was loaded.

        Args:
            name: its folder, or its id.
            fingerprint: of its weights.
            model: a module, on the device where it runs.
        """
        limit_torch()
        parameter = next(model.parameters())
        self._model, self.device, self.dtype = model, parameter.device, parameter.dtype
        self.picture_dtype = self.dtype
        self.batch = CPU_BATCH if self.device.type == "cpu" else BATCH
        self.id = f"{self.model_type}:{Path(name).name}:{fingerprint}"
        self.precision: PictureEncoding | None = None

    def parts(self) -> dict[str, nn.Module]:
        """Return the modules of `picture_parts` by their names."""
        return {name: getattr(self._model, name) for name in self.picture_parts}

    def use(self, parts: Mapping[str, nn.Module]) -> None:
        """Put modules, of one precision, in the place of those of `picture_parts`."""
        for name, part in parts.items():
            setattr(self._model, name, part)
            self.picture_dtype = next(part.parameters()).dtype

    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        """Encode RGB frames, uint8 [height, width, 3] of any size."""
        return self.look_at(images) if self.precision is None else self.precision.encode(images)

    @torch.inference_mode()
    def look_at(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        """Encode frames, as `encode_frames`, by the modules as they are now."""
        embeddings = torch.zeros(len(images), self.dimension, device=self.device)
        maps = torch.zeros(len(images), MAP_SIDE**2, self.channels, device=self.device)
        for start in range(0, len(images), self.batch):
            part = slice(start, start + self.batch)
            # The layout of a picture three pixels high cannot be guessed, and torch takes no flipped views.
            vectors, spatial = self._see([np.ascontiguousarray(image) for image in images[part]])
            embeddings[part] = nnf.normalize(vectors.float(), dim=1)
            maps[part] = spatial
        return EncodedFrames(embeddings.cpu().numpy(), maps.cpu().numpy())

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


def pool_map(patches: Tensor, height: int, width: int) -> Tensor:
    """Pool features of patches, [batch, height * width, channels], to float32 [batch, 49, channels]."""
    grid = patches.float().transpose(1, 2).reshape(len(patches), -1, height, width)
    return nnf.adaptive_avg_pool2d(grid, MAP_SIDE).flatten(2).transpose(1, 2)
