"""EfficientNet-Lite0 by PyTorch: class probabilities and a spatial map. On processors, `lite0_graph` runs it."""

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from retake_core.encoders.lite0_shape import (
    CLASSES,
    ENTROPY_SCALE,
    MAP_CHANNELS,
    MAP_SIDE,
    MEAN,
    REGION,
    STD,
    input_size,
)
from retake_core.encoders.packaged import LITE0_WEIGHTS, not_installed
from retake_core.encoders.pictures import to_batch
from retake_core.encoders.threads import limit_torch


class TorchClassifier:
    """Classifies frames of any size, some at a time."""

    def __init__(self, device: str | None) -> None:
        """Load the network; None takes the GPU when there is one."""
        limit_torch()
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self._network = Lite0().to(self._device)
        # On a CPU four frames at a time keep the activations in the cache.
        self._stride = 4 if self._device.type == "cpu" else 64

    @torch.inference_mode()
    def classify(self, images: Sequence[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return class probabilities, float32 [batch, 1000], and spatial maps, float32 [batch, 49, 320]."""
        probabilities = torch.zeros(len(images), CLASSES, device=self._device)
        maps = torch.zeros(len(images), MAP_SIDE**2, MAP_CHANNELS, device=self._device)
        by_size = defaultdict(list)
        for index, image in enumerate(images):
            by_size[input_size(*image.shape[:2])].append(index)
        for size, indices in by_size.items():
            for start in range(0, len(indices), self._stride):
                part = indices[start : start + self._stride]
                batch = to_batch([images[i] for i in part], size, MEAN, STD, self._device)
                probabilities[part], maps[part] = self._network(batch)
        return probabilities.cpu().numpy(), maps.cpu().numpy()


class Lite0(nn.Module):
    """The network with batch norms and padding folded into the convolutions and activations in place."""

    def __init__(self) -> None:
        super().__init__()
        net = load_network()
        _fuse(net, "_conv_stem", "_bn0")
        _fuse(net, "_conv_head", "_bn1")
        for block in net._blocks:
            if hasattr(block, "_expand_conv"):
                _fuse(block, "_expand_conv", "_bn0")
            _fuse(block, "_depthwise_conv", "_bn1")
            _pad_inside(block._depthwise_conv)
            _fuse(block, "_project_conv", "_bn2")
            block._swish = nn.ReLU6(inplace=True)
        net._swish = nn.ReLU6(inplace=True)
        self.net: Any = net.to(memory_format=torch.channels_last)

    def forward(self, batch: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Run the network.

        Args:
            batch: float32 [batch, 3, height, width], sides multiples of 32.

        Returns:
            Class probabilities [batch, 1000], and the spatial map [batch, 49, 320].
        """
        net = self.net
        x = net._swish(net._bn0(net._conv_stem(batch)))
        for block in net._blocks:
            x = block(x)
        # The map is taken before the head: noise of a sensor moves it less than it moves the head's output.
        spatial = nnf.adaptive_avg_pool2d(x, MAP_SIDE).flatten(2).transpose(1, 2)
        return self._classify(net._swish(net._bn1(net._conv_head(x)))), spatial

    def _classify(self, features: torch.Tensor) -> torch.Tensor:
        """Classify the picture and its regions: what is small is seen only in its region.

        Args:
            features: [batch, 1280, rows, columns].

        Returns:
            [batch, 1000], half from the whole picture, half from the regions, the surest counting most.
        """
        kernel = (min(REGION, features.shape[2]), min(REGION, features.shape[3]))
        regions = nnf.avg_pool2d(features, kernel, stride=1).flatten(2).transpose(1, 2)
        local = self.net._fc(regions).softmax(-1)
        entropy = -torch.special.xlogy(local, local).sum(-1, keepdim=True)
        weights = (-entropy / ENTROPY_SCALE).softmax(1)
        whole = self.net._fc(features.mean((2, 3))).softmax(-1)
        mixed: torch.Tensor = (whole + (weights * local).sum(1)) / 2
        return mixed


def load_network() -> Any:
    """Return the network as its package has it, with its weights."""
    data = LITE0_WEIGHTS.read_verified()
    try:
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError as error:
        raise not_installed() from error
    net = EfficientNet.from_name("efficientnet-lite0")
    net.load_state_dict(torch.load(io.BytesIO(data), map_location="cpu", weights_only=True))
    return net.eval().requires_grad_(False)


def _fuse(module: nn.Module, conv: str, norm: str) -> None:
    """Fold the batch norm named `norm` into the convolution named `conv`."""
    setattr(module, conv, fuse_conv_bn_eval(getattr(module, conv), getattr(module, norm)))
    setattr(module, norm, nn.Identity())


def _pad_inside(conv: Any) -> None:
    """Have a convolution pad its input itself, where it is the same on all sides: that saves a copy."""
    sides = set(getattr(conv.static_padding, "padding", ()))
    if len(sides) == 1:
        side = sides.pop()
        conv.padding, conv.static_padding = (side, side), nn.Identity()
