"""What every family of VideoLLMs offers; a subclass says how its models were trained to see a video."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import torch
import torchvision.transforms.v2.functional as tvf
from jinja2 import TemplateError
from numpy.typing import NDArray
from torch import Tensor

from retake_core.errors import UserError
from retake_core.videollm.kv.attention import AttentionObserver
from retake_core.videollm.kv.cache import VideoCache
from retake_core.videollm.kv.pivotkv import frequency_axes
from retake_core.videollm.machine import default_device, model_dtype
from retake_core.videollm.shape import ModelShape

QUESTION_MARK = "\u2047QUESTION\u2047"
ANSWER_MARK = "\u2047ANSWER\u2047"
MAX_EARLIER = 512
"""Tokens that what was said before may take in front of a question."""


@dataclass(frozen=True)
class Turn:
    """A question and its answer, as they were given."""

    question: str
    answer: str


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
class Text:
    """A stretch of text tokens; never evicted."""

    ids: list[int]


@dataclass(frozen=True)
class Video:
    """A stretch of time steps; `opens` tells whether a new segment starts here."""

    steps: int
    opens: bool


PromptPiece = Text | Video


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
        half = len(self.times) // 2
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


class Family(ABC):
    """An adapter to one architecture.

    Attributes:
        config: the model's configuration.
        processor: the model's own processor.
        model: the weights, or None as long as only counts are asked for.
    """

    name: ClassVar[str]
    model_type: ClassVar[str]
    placeholder: ClassVar[str]
    """How the chat template writes a video."""
    position_rows: ClassVar[int] = 3
    interleaved: ClassVar[bool] = False
    reforge: ClassVar[bool] = True
    """Whether a compressed segment's temporal positions are squeezed."""
    steps_per_timestamp: ClassVar[int | None] = None
    """How many time steps share a timestamp; None is one timestamp for a chunk."""

    def __init__(self, config: Any, processor: Any, model: Any = None) -> None:
        self.config, self.processor, self.model = config, processor, model

    @property
    @abstractmethod
    def frames_per_step(self) -> int:
        """Frames that the vision tower merges into one time step."""

    @property
    @abstractmethod
    def pixels_per_token(self) -> int:
        """The side in pixels of the square that becomes one visual token; frame sizes are multiples of it."""

    @abstractmethod
    def encode(self, pixels: Pixels) -> Features:
        """Run the vision tower."""

    @abstractmethod
    def timestamp(self, seconds: float) -> str:
        """Write a time as the prompt shall show it."""

    @abstractmethod
    def video_bounds(self) -> tuple[list[int], list[int]]:
        """Return the token ids that open and close a stretch of video."""

    def interval(self, seconds_per_step: float) -> float:  # noqa: ARG002 - for families that use it
        """Return how many temporal positions one time step takes."""
        return 1.0

    def ending(self, timestamps: bool) -> Tensor:
        """Return the embeddings that close the video after its last chunk: [n, channels]."""
        return self.embed(self.ending_ids(timestamps))

    def ending_ids(self, timestamps: bool) -> list[int]:
        """Return the token ids of the ending; with timestamps every stretch is closed by itself already."""
        return [] if timestamps else self.video_bounds()[1]

    def frame_size(self, width: int, height: int, long_side: int) -> tuple[int, int]:
        """Return the width and height in pixels that frames are scaled to, `long_side` at most."""
        unit = self.pixels_per_token
        limit = max(1, long_side // unit)
        scale = min(1.0, long_side / max(width, height)) / unit
        return tuple(min(limit, max(1, round(side * scale))) * unit for side in (width, height))  # type: ignore[return-value]

    def grid(self, width: int, height: int) -> Grid:
        """Return the tokens of one time step for frames of the size that `frame_size` gave."""
        return Grid(height // self.pixels_per_token, width // self.pixels_per_token)

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
        count = self.frames_per_step
        groups = [times[i : i + count] for i in range(0, len(times), count)]
        height, width = frames[0].shape[1:]
        values = self._process(torch.stack(list(frames)))
        return Pixels(values, [sum(group) / len(group) for group in groups], self.grid(width, height))

    @abstractmethod
    def _process(self, frames: Tensor) -> Tensor:
        """Run the processor on frames, uint8 [n, 3, height, width]; the result goes into `Pixels.values`."""

    @cached_property
    def shape(self) -> ModelShape:
        """The sizes of the language model that decide over memory."""
        return ModelShape.of(self.config.get_text_config())

    @cached_property
    def _template(self) -> tuple[str, str, str]:
        """The chat template around a video and a question: before, between and after."""
        content = [{"type": "video"}, {"type": "text", "text": QUESTION_MARK}]
        text: str
        if getattr(self.processor, "chat_template", None):
            messages = [{"role": "user", "content": content}]
            text = self.processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        else:
            text = f"<|im_start|>user\n{self.placeholder}{QUESTION_MARK}<|im_end|>\n<|im_start|>assistant\n"
        before, video, rest = text.partition(self.placeholder)
        between, question, after = rest.partition(QUESTION_MARK)
        if not video or not question:
            raise UserError("The model's chat template leaves the video or the question out; get the model again.")
        return before, between, after

    @cached_property
    def _turn_end(self) -> str | None:
        """What the chat template writes from the end of an answer to the next question, None if it knows none."""
        if not getattr(self.processor, "chat_template", None):
            return "<|im_end|>\n<|im_start|>user\n"
        say = {"user": QUESTION_MARK, "assistant": ANSWER_MARK}
        roles = ("user", "assistant", "user")
        messages = [{"role": role, "content": [{"type": "text", "text": say[role]}]} for role in roles]
        try:
            text: str = self.processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        except (ArithmeticError, AttributeError, LookupError, ValueError, TypeError, TemplateError):
            return None
        _, found, rest = text.partition(ANSWER_MARK)
        between, again, _ = rest.partition(QUESTION_MARK)
        return between if found and again else None

    def tokens(self, text: str, trusted: bool = True) -> list[int]:
        """Turn text into ids; in text that is not `trusted`, a special token's name is just letters."""
        ids: list[int] = self.processor.tokenizer(
            text, add_special_tokens=False, split_special_tokens=not trusted
        )["input_ids"]
        return ids

    def prefix(self, timestamps: bool) -> list[int]:
        """Return the ids before the video."""
        return self.tokens(self._template[0]) + ([] if timestamps else self.video_bounds()[0])

    def question(self, text: str, earlier: Sequence[Turn] = ()) -> list[int]:
        """Return the ids after the video: the question, and the start of the answer.

        Args:
            text: the question.
            earlier: questions and answers before it; the oldest are left out when they are too long.
        """
        _, between, after = self._template
        ids = self.tokens(text, trusted=False) + self.tokens(after)
        room = MAX_EARLIER
        for turn in reversed(earlier if self._turn_end is not None else ()):
            said = self.tokens(turn.question, trusted=False) + self.tokens(after)
            said += self.tokens(turn.answer, trusted=False) + self.tokens(self._turn_end or "")
            room -= len(said)
            if room < 0:
                break
            ids = said + ids
        return self.tokens(between) + ids

    def pieces(self, times: Sequence[float], timestamps: bool, first: bool) -> list[PromptPiece]:
        """Lay out one chunk.

        Args:
            times: seconds of its time steps.
            timestamps: whether times are written between the frames.
            first: whether this is the video's first chunk.
        """
        if not timestamps:
            return [Video(len(times), opens=first)]
        opening, closing = self.video_bounds()
        group = self.steps_per_timestamp or len(times)
        pieces: list[PromptPiece] = []
        for start in range(0, len(times), group):
            pieces.append(Text(self.tokens(self.timestamp(times[start])) + opening))
            pieces.append(Video(min(group, len(times) - start), opens=True))
            if closing:
                pieces.append(Text(closing))
        return pieces

    @property
    def device(self) -> torch.device:
        """Where the language model is, or would be loaded to."""
        if self.model is None:
            return default_device()
        device: torch.device = self.model.lm_head.weight.device
        return device

    @property
    def dtype(self) -> torch.dtype:
        """The precision of the model, or of the model as it would be loaded."""
        if self.model is None:
            return model_dtype(default_device())
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
        return {
            i
            for i in (*ids, getattr(getattr(self.processor, "tokenizer", None), "eos_token_id", None))
            if i is not None
        }

    @torch.inference_mode()
    def embed(self, ids: Sequence[int]) -> Tensor:
        """Return the embeddings of tokens: [n, channels]."""
        embeds: Tensor = self.model.get_input_embeddings()(
            torch.tensor(list(ids), dtype=torch.long, device=self.device)
        )
        return embeds

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
            position_ids=positions[:, None] if self.position_rows == 3 else positions,
            past_key_values=cache,
            use_cache=True,
            observer=observer,
            **visual,
        ).last_hidden_state
        return hidden[0]

    def visual_inputs(self, features: Features, visual: Tensor) -> dict[str, Any]:  # noqa: ARG002 - for deepstack
        """Return further inputs for a chunk; `visual` is a mask, bool [n], of its visual tokens."""
        return {}

    @torch.inference_mode()
    def logits(self, hidden: Tensor) -> Tensor:
        """Return next-token logits in float32: [..., vocabulary]."""
        logits: Tensor = self.model.lm_head(hidden)
        return logits.float()

    def rotary(self) -> tuple[Tensor, Tensor]:
        """Return the rotary frequencies, float32 [F], and the position row that turns each, int64 [F]."""
        rotary = self.language_model.rotary_emb
        sections = self.config.get_text_config().rope_parameters.get("mrope_section")
        frequencies: Tensor = rotary.inv_freq.float()
        return frequencies, frequency_axes(
            len(frequencies), sections if self.position_rows == 3 else None, self.interleaved
        )
