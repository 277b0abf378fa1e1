"""Qwen3-VL-Embedding: a language model that reads pictures and texts, and ends with a vector of either.

It is told what for: instructions stand before what is embedded, others for what is searched than for a query.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from retake_core.encoders.calibrated import Levels
from retake_core.encoders.local_encoder import pool_map
from retake_core.encoders.transformers_encoder import TransformersEncoder

OF_PICTURES = "Represent the user's input"
OF_QUERIES = "Retrieve images or text relevant to the user's query"
"""As its makers have them in their examples."""
PROMPT = "<|im_start|>system\n{}.<|im_end|>\n<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
PICTURE, START, END = "<|image_pad|>", "<|vision_start|>", "<|vision_end|>"
MOST_PICTURE_TOKENS = 256
"""Of a picture: a frame of 448 pixels has half of that, and photographs that are searched by are far larger."""
MAX_TOKENS = 512
"""Of a query, with all that stands around it."""
GUESS = Levels(0.35, 40.0, 0.75, 25.0)
"""For an empty library; the model itself says nothing of what a cosine means."""


class Qwen3VLEncoder(TransformersEncoder):
    """A Qwen3-VL-Embedding model. The vector is the last token's, of length 1."""

    model_type = "qwen3_vl"
    model_class = "Qwen3VLModel"

    def __init__(self, path_or_id: str, device: str = "cpu", dtype: torch.dtype | None = None) -> None:
        """Load the model, as `TransformersEncoder`."""
        super().__init__(path_or_id, device, dtype)
        config = self._model.config
        self.dimension = int(config.text_config.hidden_size)
        self.channels = int(config.vision_config.out_hidden_size)
        self._merged = int(config.vision_config.spatial_merge_size)
        pixels = (int(config.vision_config.patch_size) * self._merged) ** 2
        self._size = dict(self._images.size) | {"longest_edge": MOST_PICTURE_TOKENS * pixels}
        self._picture = int(config.image_token_id)
        self.levels = GUESS

    def _see(self, images: list[NDArray[np.uint8]]) -> tuple[Tensor, Tensor]:
        inputs = self._preprocess(images, size=self._size)
        grids = inputs["image_grid_thw"]
        sides = [(height // self._merged, width // self._merged) for _, height, width in grids.tolist()]
        seen = self._model.get_image_features(inputs["pixel_values"], grids)
        prompts = [PROMPT.format(OF_PICTURES, START + PICTURE * rows * columns + END) for rows, columns in sides]
        tokens = self._tokenize(prompts, padding=True, padding_side="right")
        kinds = (tokens["input_ids"] == self._picture).long()
        vectors = self._last(
            tokens, mm_token_type_ids=kinds, image_grid_thw=grids, mm_encoder_outputs={"image": seen}
        )
        maps = [pool_map(map_[None], *side) for map_, side in zip(seen.pooler_output, sides, strict=True)]
        return vectors, torch.cat(maps)

    def _read(self, texts: list[str]) -> Tensor:
        short = self._tokenizer(texts, truncation=True, max_length=MAX_TOKENS)["input_ids"]
        prompts = [PROMPT.format(OF_QUERIES, self._tokenizer.decode(ids)) for ids in short]
        return self._last(self._tokenize(prompts, padding=True, padding_side="right"))

    def _last(self, tokens: dict[str, Tensor], **inputs: object) -> Tensor:
        """Return what the model makes of the last token of each text."""
        states = self._model(**tokens, use_cache=False, **inputs).last_hidden_state
        vectors: Tensor = states[torch.arange(len(states)), tokens["attention_mask"].sum(1) - 1]
        return vectors
