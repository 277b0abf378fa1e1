"""How a VideoLLM sees: decoded frames in, features for the language model out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import torch
import torchvision.transforms.v2.functional as tvf
from numpy.typing import NDArray
from torch import Tensor

_ATTENTION_COPIES = 11
"""Hidden states' sizes that a layer of a tower takes: the residual, its normed form, queries, keys and values, two
of them as they are rotated, and what attention makes of them. A Qwen2-VL of 2B took 0.95 GB over its weights for
64 frames in float32; this plans 0.97."""


@dataclass(frozen=True)
class Grid:
    """The visual tokens of one time step: rows and columns."""

    height: int
    width: int

    @property
    def size(self) -> int:
        """Tokens of one time step."""
        return self.height * self.width


@dataclass(frozen=True)
class Pixels:
    """Preprocessed frames.

    Attributes:
        values: float, [steps * rows per step, ...], what the vision tower takes.
        times: seconds of each time step, the mean of its frames'.
        grid: the tokens of one time step.
    """

    values: Tensor
    times: list[float]
    grid: Grid

    def split(self) -> "tuple[Pixels, Pixels]":
        """Return the first and the second half of the time steps."""
        half = (len(self.times) + 1) // 2
        row = half * (len(self.values) // len(self.times))
        first = replace(self, values=self.values[:row], times=self.times[:half])
        return first, replace(self, values=self.values[row:], times=self.times[half:])


@dataclass(frozen=True)
class Features:
    """What the language model gets of a chunk.

    Attributes:
        embeds: [steps, tokens, channels].
        times: seconds of each time step.
        grid: the tokens of one time step.
        deepstack: [steps, tokens, channels] for each early layer that gets visual features of its own.
    """

    embeds: Tensor
    times: list[float]
    grid: Grid
    deepstack: tuple[Tensor, ...] = ()

    def part(self, start: int, stop: int) -> "Features":
        """Return some of the time steps."""
        return Features(
            self.embeds[start:stop],
            self.times[start:stop],
            self.grid,
            tuple(level[start:stop] for level in self.deepstack),
        )


class Vision(ABC):
    """The eyes of one architecture. Sizes and preprocessing need no weights.

    Attributes:
        config: the model's configuration.
        processor: the model's own processor.
    """

    modules: ClassVar[tuple[str, ...]]
    """Names of the model's modules that see: they stay whole where its language model is loaded in 4 bit."""

    def __init__(self, config: Any, processor: Any) -> None:
        self.config, self.processor = config, processor

    @property
    @abstractmethod
    def frames_per_step(self) -> int:
        """Frames that the vision tower merges into one time step."""

    @property
    @abstractmethod
    def pixels_per_token(self) -> int:
        """The side in pixels of the square that becomes one visual token; frame sizes are multiples of it."""

    @abstractmethod
    def encode(self, model: Any, pixels: Pixels) -> Features:
        """Run the model's vision tower."""

    @abstractmethod
    def _process(self, frames: Tensor) -> Tensor:
        """Run the processor on frames, uint8 [n, 3, height, width]; the result goes into `Pixels.values`."""

    def frame_size(self, width: int, height: int, long_side: int) -> tuple[int, int]:
        """Return the width and height in pixels that frames are scaled to, `long_side` at most."""
        unit = self.pixels_per_token
        limit = max(1, long_side // unit)
        scale = min(1.0, long_side / max(width, height)) / unit
        return tuple(min(limit, max(1, round(side * scale))) * unit for side in (width, height))  # type: ignore[return-value]

    def grid(self, width: int, height: int) -> Grid:
        """Return the tokens of one time step for frames of the size that `frame_size` gave."""
        return Grid(height // self.pixels_per_token, width // self.pixels_per_token)

    def transient_bytes(self, patches: int, itemsize: int) -> int:
        """Return about what the vision tower takes at once for so many patches, beside its weights."""
        attention = _ATTENTION_COPIES * self._hidden
        return int(patches * itemsize * max(attention, 2 * self._hidden + 2 * self._inside))

    def activation_bytes(self, patches: int, itemsize: int) -> int:
        """Return what one more form of its states and of the inside of its MLPs takes: SiLU in parts needs one."""
        return int(patches * itemsize * (self._hidden + self._inside))

    @property
    def _hidden(self) -> int:
        """Numbers of a patch in the tower."""
        config = self.config.vision_config
        return int(getattr(config, "embed_dim", None) or config.hidden_size)

    @property
    def _inside(self) -> int:
        """Numbers of a patch inside of its MLPs."""
        config = self.config.vision_config
        return int(getattr(config, "intermediate_size", None) or self._hidden * config.mlp_ratio)

    @property
    def patches_per_token(self) -> int:
        """Patches of a time step that become one token of the language model."""
        return int(getattr(self.config.vision_config, "spatial_merge_size", 2)) ** 2

    def scale(self, image: NDArray[np.uint8], size: tuple[int, int]) -> Tensor:
        """Scale a frame, RGB uint8 [height, width, 3], to (width, height): uint8, [3, height, width]."""
        width, height = size
        frame = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)
        if frame.shape[1:] == (height, width):
            return frame
        resized: Tensor = tvf.resize(frame, [height, width], tvf.InterpolationMode.BICUBIC, antialias=True)
        return resized

    def preprocess(self, frames: Sequence[Tensor], times: Sequence[float]) -> Pixels:
        """Turn scaled frames into what the vision tower takes, with the model's own processor.

        Args:
            frames: from `scale`, all of one size.
            times: seconds of each.
        """
        height, width = frames[0].shape[1:]
        values = self._process(torch.stack(list(frames)))
        return Pixels(values, self.step_times(times), self.grid(width, height))

    def step_times(self, times: Sequence[float]) -> list[float]:
        """Return the seconds of each time step, the mean of its frames': [ceil(frames / frames_per_step)]."""
        count = self.frames_per_step
        groups = [times[i : i + count] for i in range(0, len(times), count)]
        return [sum(group) / len(group) for group in groups]
