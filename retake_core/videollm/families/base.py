"""A family of VideoLLMs: its prompt, its eyes and its language model, behind one set of names."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import torch
from torch import Tensor

from retake_core.videollm.families.prompt import Prompt
from retake_core.videollm.families.vision import Features, Pixels, Vision
from retake_core.videollm.kv.attention import AttentionObserver
from retake_core.videollm.kv.cache import VideoCache
from retake_core.videollm.kv.pivotkv import frequency_axes
from retake_core.videollm.kv.policy import Policy
from retake_core.videollm.kv.positions import Cursor
from retake_core.videollm.machine import default_device, model_dtype
from retake_core.videollm.reading import Reading
from retake_core.videollm.shape import ModelShape

MANY = 1 << 30
"""Positions of a model that does not say how many it was made for."""


class Family:
    """An adapter to one architecture. A subclass names its prompt and its vision.

    Attributes:
        config: the model's configuration.
        processor: the model's own processor.
        model: the weights, or None as long as it is only planned with.
        prompt: how the model is written to; needs no weights.
        vision: how the model sees; needs weights only to encode.
    """

    prompt_type: ClassVar[type[Prompt]]
    vision_type: ClassVar[type[Vision]]

    def __init__(self, config: Any, processor: Any, model: Any = None) -> None:
        self.config, self.processor, self.model = config, processor, model
        self.prompt = self.prompt_type(config, processor)
        self.vision = self.vision_type(config, processor)

    @cached_property
    def shape(self) -> ModelShape:
        """The sizes of the language model that decide over memory."""
        return ModelShape.of(self.config.get_text_config())

    @property
    def device(self) -> torch.device:
        """Where the language model is, or would be loaded to."""
        if self.model is None:
            return default_device()
        device: torch.device = self.model.lm_head.weight.device
        return device

    @property
    def stored_dtype(self) -> torch.dtype | None:
        """The precision that the model's files hold, as its configuration says."""
        text = self.config.get_text_config()
        dtype: torch.dtype | None = getattr(self.config, "dtype", None) or getattr(text, "dtype", None)
        return dtype

    @property
    def dtype(self) -> torch.dtype:
        """The precision of the model, or of the model as it would be loaded."""
        if self.model is None:
            return model_dtype(default_device(), self.stored_dtype)
        dtype: torch.dtype = self.model.dtype
        return dtype

    @property
    def language_model(self) -> Any:
        """The decoder without its head."""
        return self.model.model.language_model

    def stop_ids(self) -> set[int]:
        """Return the token ids that end an answer."""
        stops = self.model.generation_config.eos_token_id
        ids = set(stops) if isinstance(stops, list) else {stops}
        ids.add(getattr(getattr(self.processor, "tokenizer", None), "eos_token_id", None))
        return ids - {None}

    @property
    def positions(self) -> int:
        """How many positions the language model was made for."""
        return int(getattr(self.config.get_text_config(), "max_position_embeddings", None) or MANY)

    def cursor(self, reading: Reading) -> Cursor:
        """Return the first position of a prompt that is read in a way."""
        prompt = self.prompt
        reforge = prompt.reforges(reading.timestamps) if reading.reforge is None else reading.reforge
        squeezes = reforge and reading.policy is not Policy.FULL
        interval = prompt.interval(self.vision.frames_per_step / reading.rate)
        return Cursor(prompt.position_rows, reading.keep_ratio if squeezes else 1.0, interval, squeezes=squeezes)

    @property
    def repetition_penalty(self) -> float:
        """How much less likely a token becomes that was there before, as the model's makers ask for."""
        return float(self.model.generation_config.repetition_penalty or 1.0)

    @torch.inference_mode()
    def embed(self, ids: Sequence[int]) -> Tensor:
        """Return the embeddings of tokens: [n, channels]."""
        embeds: Tensor = self.model.get_input_embeddings()(
            torch.tensor(list(ids), dtype=torch.long, device=self.device)
        )
        return embeds

    @torch.inference_mode()
    def encode(self, pixels: Pixels) -> Features:
        """Run the vision tower."""
        return self.vision.encode(self.model, pixels)

    def ending(self, timestamps: bool) -> Tensor:
        """Return the embeddings that close the video after its last chunk: [n, channels]."""
        return self.embed(self.prompt.ending_ids(timestamps))

    def visual_inputs(self, features: Features, visual: Tensor) -> dict[str, Any]:  # noqa: ARG002 - for deepstack
        """Return further inputs for a chunk; `visual` is a mask, bool [n], of its visual tokens."""
        return {}

    @torch.inference_mode()
    def forward(
        self,
        embeds: Tensor,
        positions: Tensor,
        cache: VideoCache,
        observer: AttentionObserver | None = None,
        **visual: Any,
    ) -> Tensor:
        """Run the decoder behind a cache, under `attention.watched`.

        Args:
            embeds: [n, channels].
            positions: int64, [rows, n].
            cache: what came before; the new states are appended to it.
            observer: sees every layer's attention.
            visual: what `visual_inputs` gave.

        Returns:
            The last hidden states, [n, channels].
        """
        positions = positions.to(embeds.device)
        hidden: Tensor = self.language_model(
            inputs_embeds=embeds[None],
            position_ids=positions[:, None] if self.prompt.position_rows == 3 else positions,
            past_key_values=cache,
            use_cache=True,
            observer=observer,
            **visual,
        ).last_hidden_state
        return hidden[0]

    @torch.inference_mode()
    def logits(self, hidden: Tensor) -> Tensor:
        """Return next-token logits in float32: [..., vocabulary]."""
        logits: Tensor = self.model.lm_head(hidden)
        return logits.float()

    def rotary(self) -> tuple[Tensor, Tensor]:
        """Return the rotary frequencies, float32 [F], and the position row that turns each, int64 [F]."""
        frequencies: Tensor = self.language_model.rotary_emb.inv_freq.float()
        sections = None
        if self.prompt.position_rows == 3:
            sections = self.config.get_text_config().rope_parameters.get("mrope_section")
        return frequencies, frequency_axes(len(frequencies), sections, self.prompt.interleaved)
