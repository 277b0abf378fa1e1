"""LLaVA-OneVision, and LLaVA-Video in the same architecture."""

import math
from typing import Any

from torch import Tensor

from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import Prompt
from retake_core.videollm.families.vision import Features, Grid, Pixels, Vision


class LlavaPrompt(Prompt):
    """Plain positions, one written time for a chunk, and one newline that ends the video."""

    placeholder = "<video>"
    position_rows = 1
    budget = 24_000
    """Every entry is a position here, of the 32,768 that these models know: a chunk before it is compressed, the
    question and its answer need the rest."""

    def video_bounds(self) -> tuple[list[int], list[int]]:
        """Nothing marks the ends of a stretch."""
        return [], []

    def timestamp(self, seconds: float) -> str:
        """Plain text."""
        return f"{seconds:.1f}s: "

    def ending_ids(self, timestamps: bool) -> list[int]:  # noqa: ARG002
        """The newline is no token of the vocabulary; its place is that of a video token."""
        return [self.config.video_token_id]


class LlavaVision(Vision):
    """Square frames, each pooled to a quarter of its tokens."""

    modules = ("model.vision_tower", "model.multi_modal_projector")

    @property
    def frames_per_step(self) -> int:
        """Every frame is a time step."""
        return 1

    @property
    def pixels_per_token(self) -> int:
        """Frames are scaled by the processor alone, to one size."""
        return 1

    def frame_size(self, width: int, height: int, long_side: int) -> tuple[int, int]:  # noqa: ARG002
        """The tower's own square, whatever the video's shape."""
        side = int(self.config.vision_config.image_size)
        return side, side

    def grid(self, width: int, height: int) -> Grid:  # noqa: ARG002
        """The patches, pooled by two."""
        vision = self.config.vision_config
        side = math.ceil(vision.image_size // vision.patch_size / 2)
        return Grid(side, side)

    def _process(self, frames: Tensor) -> Tensor:
        values: Tensor = self.processor.video_processor(
            videos=[frames], do_sample_frames=False, return_tensors="pt"
        )["pixel_values_videos"]
        return values[0]

    def encode(self, model: Any, pixels: Pixels) -> Features:
        """Run tower, projector and pooling, so that pivots see the tokens that the language model sees."""
        values = pixels.values.to(model.device, model.dtype)[None]
        # Behind the last frame it puts the newline, which `LlavaOnevision.ending` writes.
        pooled = model.model.get_video_features(values, return_dict=True).pooler_output[0, :-1]
        return Features(pooled.view(len(pixels.times), pixels.grid.size, -1), pixels.times, pixels.grid)


class LlavaOnevision(Family):
    """Square frames in a plain row of tokens."""

    prompt_type = LlavaPrompt
    vision_type = LlavaVision

    def ending(self, timestamps: bool) -> Tensor:  # noqa: ARG002
        """The newline embedding, once, after all frames."""
        newline: Tensor = self.model.model.image_newline.detach()[None]
        return newline
