"""SigLIP and SigLIP 2 of fixed resolution, through transformers, from local files only."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from transformers import AutoImageProcessor, AutoModel, AutoTokenizer
from transformers.utils import logging as transformers_logging

from retake_core.encoders.base import EncodedFrames
from retake_core.encoders.scale import shift_odds
from retake_core.errors import UserError, one_line
from retake_core.hub.local_models import find_model
from retake_core.hub.model_folder import read_config, weight_files
from retake_core.hub.recommended import RECOMMENDED_SIGLIP
from retake_core.system.graphics_card import has_bfloat16

MAX_TOKENS = 64
MAP_SIDE = 7
BATCH = 32
CUTOFF = 0.003
"""The probability from which a frame counts as a match.

The sigmoid loss is trained on batches of 32,768 pairs, so the probabilities carry a prior of 1 / 32,768. If
one frame in a hundred shows what is searched for, an even chance takes evidence of 100 to 1, which is 0.003.
"""
ALIKE, ALIKE_SLOPE = 0.8, 0.04
"""Cosine of two pictures from which they count as alike; an estimate, not yet measured on real weights."""
_FINGERPRINT_BLOCKS, _FINGERPRINT_BYTES = 64, 1 << 16


class SiglipEncoder:
    """A SigLIP model of fixed resolution."""

    def __init__(
        self, path_or_id: str = RECOMMENDED_SIGLIP, device: str = "cpu", dtype: torch.dtype | None = None
    ) -> None:
        """Load the model.

        Args:
            path_or_id: a folder, or the id of a model in the Hugging Face cache.
            device: a torch device.
            dtype: of the weights; by default bfloat16 on CUDA cards that have it, and float32 elsewhere.

        Raises:
            UserError: the model is not on this computer, or is not one that this encoder can use.
        """
        folder = find_model(path_or_id, RECOMMENDED_SIGLIP)
        _check(folder, path_or_id)
        self._device = torch.device(device)
        half = self._device.type == "cuda" and has_bfloat16()
        self._dtype = dtype or (torch.bfloat16 if half else torch.float32)
        quiet: Any = transformers_logging.disable_progress_bar
        quiet()
        try:
            local: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
            images: Any = AutoImageProcessor
            self._images: Any = images.from_pretrained(folder, **local)
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, **local)
            model: Any = AutoModel.from_pretrained(folder, dtype=self._dtype, use_safetensors=True, **local)
        except Exception as error:  # libraries raise anything over files that they do not understand
            raise UserError(f"The model {path_or_id} cannot be loaded: {one_line(error)}.") from error
        self._model = model.eval().requires_grad_(False).to(self._device)
        self._scale = float(self._model.logit_scale.exp())
        self._bias = float(self._model.logit_bias)
        self.dimension = int(self._model.config.text_config.projection_size)
        self.id = f"siglip:{Path(path_or_id).name}:{_fingerprint(folder)}"

    @torch.inference_mode()
    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> EncodedFrames:
        """Encode RGB frames, uint8 [height, width, 3] of any size."""
        channels = int(self._model.config.vision_config.hidden_size)
        embeddings = torch.zeros(len(images), self.dimension, device=self._device)
        maps = torch.zeros(len(images), MAP_SIDE**2, channels, device=self._device)
        for start in range(0, len(images), BATCH):
            part = slice(start, start + BATCH)
            output = self._model.vision_model(pixel_values=self._pixels(images[part]))
            embeddings[part] = nnf.normalize(output.pooler_output.float(), dim=1)
            maps[part] = _pool(output.last_hidden_state.float())
        return EncodedFrames(embeddings.cpu().numpy(), maps)

    def pool(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the direction of the mean: one blurred frame does not speak for its scene."""
        mean = embeddings.mean(axis=0)
        pooled: NDArray[np.float32] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return pooled

    @torch.inference_mode()
    def encode_text(self, text: str) -> NDArray[np.float32]:
        """Encode a description, float32 [dimension], length 1."""
        # Trained on lower case and always 64 tokens, without a mask; SigLIP 2's own files keep the case.
        tokens = self._tokenizer(
            [text.lower()], padding="max_length", max_length=MAX_TOKENS, truncation=True, return_tensors="pt"
        )
        output = self._model.text_model(input_ids=tokens["input_ids"].to(self._device))
        embedding: NDArray[np.float32] = nnf.normalize(output.pooler_output[0].float(), dim=0).cpu().numpy()
        return embedding

    def unknown_words(self, _text: str, /) -> tuple[str, ...]:
        """It reads every word."""
        return ()

    def confidence(self, cosine: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map text-to-image cosines to 0..1; below 0.5 a frame does not count as a match."""
        return shift_odds(np.asarray(cosine, np.float32) * self._scale + self._bias, CUTOFF)

    def picture_query(self, embedding: NDArray[np.float32]) -> NDArray[np.float32]:
        """Pictures are compared by their embeddings as they are."""
        return embedding

    def likeness(self, embedding: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map picture-to-picture cosines, which are far higher than those to texts, to 0..1."""
        return np.asarray(1 / (1 + np.exp((ALIKE - others @ embedding) / ALIKE_SLOPE)), np.float32)

    def _pixels(self, images: Sequence[NDArray[np.uint8]]) -> torch.Tensor:
        """Preprocess frames as the model's files say, [batch, 3, height, width]."""
        # The layout of a picture three pixels high cannot be guessed, and torch takes no flipped views.
        arrays = [np.ascontiguousarray(image) for image in images]
        batch = self._images(images=arrays, input_data_format="channels_last", return_tensors="pt")
        pixels: torch.Tensor = batch["pixel_values"].to(self._device, self._dtype)
        return pixels


def _pool(patches: torch.Tensor) -> torch.Tensor:
    """Pool patch features [batch, side * side, channels] to [batch, 49, channels]."""
    side = round(patches.shape[1] ** 0.5)
    grid = patches.transpose(1, 2).reshape(len(patches), -1, side, side)
    return nnf.adaptive_avg_pool2d(grid, MAP_SIDE).flatten(2).transpose(1, 2)


def _check(folder: Path, name: str) -> None:
    """Refuse early what cannot work, with a reason."""
    kind = read_config(folder).get("model_type")
    if kind != "siglip":
        raise UserError(
            f"{name} is a model of type {kind}. Search works with SigLIP and SigLIP 2 of fixed resolution, "
            f"such as {RECOMMENDED_SIGLIP}."
        )
    weight_files(folder)


def _fingerprint(folder: Path) -> str:
    """Tell weights apart by samples of the files, as hashing gigabytes would delay every start."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")):
        size = file.stat().st_size
        digest.update(size.to_bytes(8, "little"))
        with file.open("rb") as stream:
            for block in range(_FINGERPRINT_BLOCKS):
                stream.seek(size * block // _FINGERPRINT_BLOCKS)
                digest.update(stream.read(_FINGERPRINT_BYTES))
    return digest.hexdigest()[:16]
