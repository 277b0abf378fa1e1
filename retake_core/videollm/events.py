"""What a question tells its caller while it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from retake_core.videollm.evidence import Citation
from retake_core.videollm.generate import Ending
from retake_core.videollm.reading import Reading
from retake_core.videollm.written_times import ParsedTime


@dataclass(frozen=True)
class Phase:
    """A new part of the work begins: "load", "read", "draft", "look" or "answer"."""

    name: str


@dataclass(frozen=True)
class Notice:
    """Something the user should know, such as why this takes longer; one sentence."""

    text: str


@dataclass(frozen=True)
class ReadProgress:
    """How many frames of how many the model has read."""

    frames: int
    total: int


@dataclass(frozen=True)
class AnswerPiece:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True)
class Citations:
    """What the answer rests on.

    Attributes:
        citations: the stretches of video that the answer's tokens attended to most, strongest first.
        written: the times that the model wrote in its text, and whether the evidence agrees.
    """

    citations: list[Citation]
    written: list[ParsedTime]


@dataclass
class Stats:
    """The account of one question.

    Attributes:
        seconds: by phase: load, decode (waiting for frames), vision, prefill, save, first_token, answer.
        tokens_read: visual tokens that the model read, now or when the memory was made.
        tokens_kept: visual entries left in each layer.
        keep_ratio: the fraction of visual tokens that was to be kept.
        kv_bytes: size of the compressed cache.
        answer_tokens: generated tokens.
        ending: why the answer ended; None before it has.
        from_memory: whether a saved memory was used.
        reading: how the video was read in the end.
        smallest_chunk: time steps of the smallest chunk that was read: the last one, or one that was halved
            because memory ran out.
        frames_again: that a second look read.
        tokens_again: visual tokens that it read.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    tokens_read: int = 0
    tokens_kept: int = 0
    keep_ratio: float = 1.0
    reading: Reading | None = None
    kv_bytes: int = 0
    answer_tokens: int = 0
    ending: Ending | None = None
    from_memory: bool = False
    smallest_chunk: int = 0
    frames_again: int = 0
    tokens_again: int = 0

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Add the time of a block to a phase."""
        begin = perf_counter()
        try:
            yield
        finally:
            self.seconds[phase] = self.seconds.get(phase, 0.0) + perf_counter() - begin


VideoLLMEvent = Phase | Notice | ReadProgress | AnswerPiece | Citations | Stats
