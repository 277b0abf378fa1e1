"""Describing one recording behind its memory: events in the order in which they happen."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.videollm.answer import ModelId, VideoSource, counted, recall
from retake_core.videollm.describing.form import grammar, question
from retake_core.videollm.describing.held import Vocabulary
from retake_core.videollm.describing.rests import LineEvidence, beginning, is_supported, rests_on
from retake_core.videollm.describing.told import Happening, Told, parse
from retake_core.videollm.events import AnswerPiece, Phase, Stats, VideoLLMEvent
from retake_core.videollm.evidence import EvidenceCollector, step_seconds
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import Ending, GenerationLimits, answer_ids, stream_text
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.reading import Reading
from retake_core.videollm.words import NO_WORDS, Words

CANNOT_WRITE = (
    "The model cannot write descriptions: its vocabulary lacks what they are made of. Choose another model."
)
LIMITS = GenerationLimits(max_tokens=2048)


class FormError(UserError):
    """The model has no words for the form of a description: it can describe nothing."""


@dataclass(frozen=True)
class VideoTold:
    """What a model tells of a recording.

    Attributes:
        told: what it wrote, without what nothing in the recording supports.
        unsupported: lines that were left out for that.
        stats: the account.
    """

    told: Told
    unsupported: int
    stats: Stats


def describe(
    family: Family,
    model: ModelId,
    vocabulary: Vocabulary,
    source: VideoSource,
    times: Sequence[float],
    reading: Reading,
    store: MemoryStore | None,
    cancel: CancelToken,
    words: Words = NO_WORDS,
    limits: GenerationLimits = LIMITS,
) -> Generator[VideoLLMEvent, None, VideoTold]:
    """Describe a recording; the generator's value is what was told.

    Args:
        family: with its model loaded.
        model: names it.
        vocabulary: of the model.
        source: the recording.
        times: seconds, ascending, of the keyframes that get a line each.
        reading: how to read it, from a plan.
        store: where memories are; None keeps none.
        cancel: looked at for every frame, chunk and token.
        words: what is said in it and stands on its screen.
        limits: of the answer.

    Yields:
        Phase, Notice, ReadProgress and AnswerPiece as they come.

    Raises:
        FormError: the model can describe nothing.
        UserError: the recording cannot be read, or this machine is too small for it.
        Cancelled: it is to stop; nothing is left half-written but a whole memory.
    """
    stats = Stats()
    memory = yield from recall(family, model, source, reading, store, cancel, stats)
    yield Phase("answer")
    told, unsupported = yield from tell(
        family, vocabulary, memory, times, source.keyframes, cancel, words, limits, stats
    )
    return VideoTold(told, unsupported, stats)


def tell(
    family: Family,
    vocabulary: Vocabulary,
    memory: Memory,
    times: Sequence[float],
    keyframes: Sequence[float],
    cancel: CancelToken,
    words: Words = NO_WORDS,
    limits: GenerationLimits = LIMITS,
    stats: Stats | None = None,
) -> Generator[AnswerPiece, None, tuple[Told, int]]:
    """Describe what is remembered; the generator's value is what was told, and how many lines nothing supports.

    Args:
        family: with its model loaded.
        vocabulary: of the model.
        memory: of the recording.
        times: see `describe`.
        keyframes: seconds, ascending: where the picture changes.
        cancel: looked at for every token.
        words: what is said in it and stands on its screen.
        limits: of the answer.
        stats: the account, which is gone on with.

    Raises:
        FormError: the model can describe nothing.
        Cancelled: it is to stop.
    """
    stats = stats or Stats()
    spans = _spans(times, keyframes, memory)
    asked = [(start + end) / 2 for start, end in spans]
    writing = _Writing(family, vocabulary, memory, cancel, words, limits, stats)
    yield from writing.go_on(())
    if asked and stats.ending is Ending.COMPLETE:
        yield from writing.go_on(asked)
    text, lines = writing.text, writing.lines
    if not text:
        raise FormError(CANNOT_WRITE)
    told = parse(text, asked, cut=stats.ending is not Ending.COMPLETE)
    happenings = _supported(told, lines, memory, keyframes)
    pictures = {
        start: told.pictures[time]
        for time, (start, end) in zip(asked, spans, strict=True)
        if time in told.pictures and rests_on(lines.of(told.picture_lines[time]), start, end, memory)
    }
    supported = replace(told, happenings=happenings, pictures=pictures, picture_lines={})
    return supported, len(told.happenings) - len(happenings)


class _Writing:
    """A description as far as it is written.

    What is asked for later comes behind what was written without it: asked for all at once, the demo model leaves
    out some of what happens.

    Attributes:
        text: that is written.
        lines: what its lines rest on.
    """

    def __init__(
        self,
        family: Family,
        vocabulary: Vocabulary,
        memory: Memory,
        cancel: CancelToken,
        words: Words,
        limits: GenerationLimits,
        stats: Stats,
    ) -> None:
        self._family, self._vocabulary, self._memory = family, vocabulary, memory
        self._cancel, self._words, self._limits, self._stats = cancel, words, limits, stats
        self._written: list[int] = []
        self.text = ""
        self.lines = LineEvidence(self._collector())

    def go_on(self, times: Sequence[float]) -> Iterator[AnswerPiece]:
        """Write on, as if a line for each of some times had been asked for from the beginning."""
        collector = self._collector()
        self.lines.go_on(collector)
        form = self._vocabulary.hold(grammar(times))
        for token in self._written:
            form.take(token)
        ids = self._family.prompt.question(question(times), words=self._words.ids) + self._written
        tokens = answer_ids(self._family, self._memory, ids, self._limits, self._cancel, collector, form)
        with closing(counted(tokens, self._stats)) as told:
            for piece in stream_text(self._family.prompt, self._noted(told)):
                self.text += piece
                if ended := piece.count("\n"):
                    self.lines.end_lines(ended)
                yield AnswerPiece(piece)

    def _noted(self, tokens: Iterator[int]) -> Iterator[int]:
        for token in tokens:
            self._written.append(token)
            yield token

    def _collector(self) -> EvidenceCollector:
        return EvidenceCollector(self._memory.cache, len(self._memory.times), self._memory.tokens_per_step)


def _spans(times: Sequence[float], keyframes: Sequence[float], memory: Memory) -> list[tuple[float, float]]:
    """Return from when to when each keyframe stands for the video: up to the next one, or the end.

    A model knows little of the moment at which the picture changes, which is where keyframes are; it is asked for
    the middle.
    """
    last = memory.times[-1] + step_seconds(memory.times) / 2
    ends = sorted({*times, *keyframes, last})
    return [(time, next((end for end in ends if end > time), time)) for time in times]


def _supported(told: Told, lines: LineEvidence, memory: Memory, keyframes: Sequence[float]) -> list[Happening]:
    """Leave out what happens at times that it does not rest on, and begin what is left at keyframes."""
    kept = []
    for each in told.happenings:
        paid = lines.of(each.line)
        if paid is not None and is_supported(each, paid, memory):
            start = beginning(each.start, paid, memory, keyframes)
            end = each.end if start < each.end else start + each.end - each.start
            kept.append(replace(each, start=start, end=end))
    return kept
