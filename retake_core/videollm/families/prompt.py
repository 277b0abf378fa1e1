"""How a VideoLLM is written to: text as tokens, the layout of a video, turns of a conversation, positions."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from jinja2 import TemplateError

from retake_core.errors import UserError
from retake_core.videollm.reading import DEFAULT_BUDGET

QUESTION_MARK = "\u2047QUESTION\u2047"
ANSWER_MARK = "\u2047ANSWER\u2047"
THINK, END_OF_THOUGHTS = "<think>", "</think>"
FAR_APART = 2.0
"""Seconds between time steps from which each has a timestamp of its own: two that share one leave more than that
in doubt. Of the demo model's answers from one frame in 4 s, 81 % are right with one for two steps, 87 with one for
each."""
MAX_EARLIER = 512
"""Tokens that earlier turns may take in front of a question."""
MAX_NEWEST = 384
"""Tokens of them that the newest turn may take where there are others."""


@dataclass(frozen=True)
class Turn:
    """A question and its answer, as they were given."""

    question: str
    answer: str


@dataclass(frozen=True)
class TextPiece:
    """A stretch of text tokens; never evicted."""

    ids: list[int]


@dataclass(frozen=True)
class VideoPiece:
    """A stretch of time steps; `opens` tells whether a new segment starts here."""

    steps: int
    opens: bool


PromptPiece = TextPiece | VideoPiece


class Prompt(ABC):
    """The prompt of one architecture. It needs no weights.

    Attributes:
        config: the model's configuration.
        processor: the model's own processor.
    """

    placeholder: ClassVar[str]
    """How the chat template writes a video."""
    position_rows: ClassVar[int] = 3
    """3 for M-RoPE (time, height, width), 1 for plain positions."""
    interleaved: ClassVar[bool] = False
    """Whether the rows of M-RoPE alternate among the rotary frequencies; else each has one stretch of them."""
    steps_per_timestamp: ClassVar[int | None] = None
    """How many time steps share a timestamp, unless they are far apart; None is one timestamp for a chunk."""

    budget: ClassVar[int] = DEFAULT_BUDGET
    """Visual entries of each layer unless a person asks for others."""

    def __init__(self, config: Any, processor: Any) -> None:
        self.config, self.processor = config, processor

    @abstractmethod
    def timestamp(self, seconds: float) -> str:
        """Write a time as the prompt shall show it."""

    @abstractmethod
    def video_bounds(self) -> tuple[list[int], list[int]]:
        """Return the token ids that open and close a stretch of video."""

    def interval(self, seconds_per_step: float) -> float:  # noqa: ARG002 - for architectures that use it
        """Return how many temporal positions one time step takes."""
        return 1.0

    def reforges(self, timestamps: bool) -> bool:
        """Return whether a compressed segment's temporal positions are squeezed.

        That keeps a long segment within the positions that the model was trained on. Where times stand between
        few steps, it would only put those steps in one place.
        """
        return not timestamps or self.steps_per_timestamp is None

    def ending_ids(self, timestamps: bool) -> list[int]:
        """Return the token ids behind the last chunk; with timestamps every stretch is closed already."""
        return [] if timestamps else self.video_bounds()[1]

    def tokens(self, text: str, trusted: bool = True) -> list[int]:
        """Turn text into ids; in text that is not `trusted`, a special token's name is just letters."""
        ids: list[int] = self.processor.tokenizer(
            text, add_special_tokens=False, split_special_tokens=not trusted
        )["input_ids"]
        return ids

    def text(self, ids: Sequence[int]) -> str:
        """Turn ids into text, without special tokens."""
        text: str = self.processor.tokenizer.decode(list(ids), skip_special_tokens=True)
        return text

    def prefix(self, timestamps: bool) -> list[int]:
        """Return the ids before the video.

        Raises:
            UserError: the model's chat template has no place for a video or a question.
        """
        return self.tokens(self._template[0]) + ([] if timestamps else self.video_bounds()[0])

    def question(self, text: str, earlier: Sequence[Turn] = (), words: Sequence[int] = ()) -> list[int]:
        """Return the ids after the video: the question, and the start of the answer.

        Args:
            text: the question.
            earlier: questions and answers before it; the oldest are left out when they are too long, and the
                newest is shortened.
            words: the ids of what else is known of the video, which stand in front of them.
        """
        _, between, after = self._template
        ids = self.tokens(text, trusted=False) + self.tokens(after)
        turns = earlier if self._turn_marks is not None else ()
        return self.tokens(between) + list(words) + self._earlier(turns) + ids

    def _earlier(self, turns: Sequence[Turn]) -> list[int]:
        """Return the ids of as many turns as there is room for, the newest ones in any case."""
        if not turns:
            return []
        ids = self._turn(turns[-1], MAX_EARLIER if len(turns) == 1 else MAX_NEWEST)
        for turn in reversed(turns[:-1]):
            exchange = self._turn(turn)
            if len(exchange) + len(ids) > MAX_EARLIER:
                break
            ids = exchange + ids
        return ids

    def _turn(self, turn: Turn, room: int | None = None) -> list[int]:
        """Return the ids of a turn; in less room than it needs, its question and answer lose their middle."""
        question, answer = (self.tokens(text, trusted=False) for text in (turn.question, turn.answer))
        between, end = map(self.tokens, self._turn_marks or ("", ""))
        if room is not None:
            room -= len(between) + len(end)
            question = self._shortened(question, max(room // 3, room - len(answer)))
            answer = self._shortened(answer, room - len(question))
        return question + between + answer + end

    def _shortened(self, ids: list[int], most: int) -> list[int]:
        """Leave out the middle: a text begins with what it is about, and ends with what comes next."""
        if len(ids) <= most:
            return ids
        gap = self.tokens(" … ")
        kept = max(0, most - len(gap))
        return ids[: kept - kept // 2] + gap + ids[len(ids) - kept // 2 :]

    def pieces(
        self, times: Sequence[float], timestamps: bool, first: bool, apart: float = 1.0
    ) -> list[PromptPiece]:
        """Lay out one chunk.

        Args:
            times: seconds of its time steps.
            timestamps: whether times are written between the frames.
            first: whether this is the video's first chunk.
            apart: seconds from one time step to the next, as they are sampled.
        """
        if not timestamps:
            return [VideoPiece(len(times), opens=first)]
        opening, closing = self.video_bounds()
        group = self.steps_per_timestamp or len(times)
        if self.steps_per_timestamp is not None and apart >= FAR_APART:
            group = 1
        pieces: list[PromptPiece] = []
        for start in range(0, len(times), group):
            pieces.append(TextPiece(self.tokens(self.timestamp(times[start])) + opening))
            pieces.append(VideoPiece(min(group, len(times) - start), opens=True))
            if closing:
                pieces.append(TextPiece(closing))
        return pieces

    @property
    def thinks_aloud(self) -> bool:
        """Whether the model writes thoughts before its answer, whatever it is told."""
        return THINK in self._template[2].rpartition(END_OF_THOUGHTS)[2]

    @property
    def _has_chat_template(self) -> bool:
        return bool(getattr(self.processor, "chat_template", None))

    @cached_property
    def _template(self) -> tuple[str, str, str]:
        """The chat template around a video and a question: before, between and after."""
        text: str
        if self._has_chat_template:
            content = [{"type": "video"}, {"type": "text", "text": QUESTION_MARK}]
            messages = [{"role": "user", "content": content}]
            text = self._filled_in(messages)
        else:
            text = f"<|im_start|>user\n{self.placeholder}{QUESTION_MARK}<|im_end|>\n<|im_start|>assistant\n"
        before, video, rest = text.partition(self.placeholder)
        between, question, after = rest.partition(QUESTION_MARK)
        if not video or not question:
            raise UserError("The model's chat template leaves the video or the question out; get the model again.")
        return before, between, after

    def _filled_in(self, messages: list[dict[str, Any]]) -> str:
        """Fill in the chat template; models that can do both answer without thoughts."""
        straight = {"enable_thinking": False} if "enable_thinking" in str(self.processor.chat_template) else {}
        text: str = self.processor.apply_chat_template(
            messages, add_generation_prompt=True, tokenize=False, **straight
        )
        return text

    @cached_property
    def _turn_marks(self) -> tuple[str, str] | None:
        """What the chat template writes around an earlier answer, None if it knows none.

        Where a model can think, only the new answer begins with the end of its thoughts.
        """
        if not self._has_chat_template:
            return "<|im_end|>\n<|im_start|>assistant\n", "<|im_end|>\n<|im_start|>user\n"
        turns = (("user", QUESTION_MARK), ("assistant", ANSWER_MARK), ("user", QUESTION_MARK))
        messages = [{"role": role, "content": [{"type": "text", "text": text}]} for role, text in turns]
        try:
            text: str = self._filled_in(messages)
        except (ArithmeticError, AttributeError, LookupError, ValueError, TypeError, TemplateError):
            return None
        begin, answer, rest = text.partition(QUESTION_MARK)[2].partition(ANSWER_MARK)
        end, question, _ = rest.partition(QUESTION_MARK)
        return (begin, end) if answer and question else None
