"""Decoded frames of any size to one batch for a network."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray


def to_batch(
    images: Sequence[NDArray[np.uint8]],
    size: tuple[int, int],
    mean: Sequence[float],
    std: Sequence[float],
    device: torch.device,
    mode: str = "bilinear",
) -> torch.Tensor:
    """Resize frames with antialiasing and normalise them.

    Args:
        images: RGB frames, uint8 [height, width, 3], of any sizes.
        size: the (height, width) that the network takes; the shape is squashed to it.
        mean: the mean of each channel, on the scale 0..1.
        std: the standard deviation of each channel, on the scale 0..1.
        device: where the batch goes.
        mode: how frames are resized, as `interpolate` calls it.

    Returns:
        float32 [batch, 3, height, width], in channels-last layout.
    """
    resized = [_resize(torch.from_numpy(np.ascontiguousarray(image)).to(device), size, mode) for image in images]
    batch = torch.stack(resized).permute(0, 3, 1, 2)
    scale = 255 * torch.tensor(std, device=device).view(3, 1, 1)
    return (batch - 255 * torch.tensor(mean, device=device).view(3, 1, 1)) / scale


def _resize(image: torch.Tensor, size: tuple[int, int], mode: str) -> torch.Tensor:
    """Resize one uint8 [height, width, 3] image to float32 [*size, 3]."""
    planes = image.permute(2, 0, 1)[None].float()
    if image.shape[:2] != size:
        planes = nnf.interpolate(planes, size, mode=mode, antialias=True).clamp(0, 255)  # bicubic goes beyond
    return planes[0].permute(1, 2, 0)
