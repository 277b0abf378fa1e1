"""What the Qwen-VL models share: patches merged in space and time, and M-RoPE."""

import math
from typing import Any

import torch
from torch import Tensor

from retake_core.display import clock
from retake_core.videollm.families.prompt import Prompt
from retake_core.videollm.families.vision import Features, Pixels, Vision


class QwenPrompt(Prompt):
    """A written time in front of every two time steps."""

    placeholder = "<|vision_start|><|video_pad|><|vision_end|>"
    steps_per_timestamp = 2
    """Two seconds at the usual two frames a second. One time for a whole chunk leaves "when" 16 seconds vague; one
    for every step takes a fifth of the default budget at 2048 frames, where this takes a tenth: it is worth that
    only where steps are far apart."""

    def video_bounds(self) -> tuple[list[int], list[int]]:
        """The vision start and end tokens."""
        return [self.config.vision_start_token_id], [self.config.vision_end_token_id]

    def timestamp(self, seconds: float) -> str:
        """The form that people, and therefore answers, use; these models learned none of their own."""
        return f"{clock(seconds)} "


class QwenVision(Vision):
    """Patches of some frames, merged in space and time."""

    modules = ("model.visual",)

    @property
    def frames_per_step(self) -> int:
        """The vision tower's temporal patch."""
        return int(self.config.vision_config.temporal_patch_size)

    @property
    def pixels_per_token(self) -> int:
        """A patch times the merge."""
        return int(self.config.vision_config.patch_size * self._merge)

    @property
    def _merge(self) -> int:
        return int(self.config.vision_config.spatial_merge_size)

    def frame_size(self, width: int, height: int, long_side: int) -> tuple[int, int]:
        """Stay within the pixels that the processor gives a frame: the model saw no larger ones."""
        most = (self.processor.video_processor.size or {}).get("longest_edge")
        if most:
            fits = math.sqrt(most * max(width, height) / min(width, height))
            long_side = min(long_side, max(1, math.floor(fits + 1e-6)))
        return super().frame_size(width, height, long_side)

    def _process(self, frames: Tensor) -> Tensor:
        values: Tensor = self.processor.video_processor(
            videos=[frames],
            do_resize=False,  # the size must not depend on how many frames a chunk has
            do_sample_frames=False,
            cap_pixels_per_frame=False,
            return_tensors="pt",
        )["pixel_values_videos"]
        return values

    def encode(self, model: Any, pixels: Pixels) -> Features:
        """Run the vision tower; it attends within a time step only, so a chunk needs no neighbours."""
        steps, grid = len(pixels.times), pixels.grid
        thw = torch.tensor([[steps, grid.height * self._merge, grid.width * self._merge]], device=model.device)
        output = model.model.get_video_features(pixels.values.to(model.device), thw, return_dict=True)
        return self._features(output, pixels)

    def _features(self, output: Any, pixels: Pixels) -> Features:
        embeds = torch.cat(list(output.pooler_output)).view(len(pixels.times), pixels.grid.size, -1)
        return Features(embeds, pixels.times, pixels.grid)
