"""A question about a video, from memory or from the frames: events in the order in which they happen."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from retake_core.cancel import CancelToken
from retake_core.errors import UserError
from retake_core.media.frames import Frame, FrameReader
from retake_core.media.video_info import Span
from retake_core.videollm.events import AnswerPiece, Citations, Notice, Phase, Stats, VideoLLMEvent
from retake_core.videollm.evidence import Citation, EvidenceCollector, cite_answer, step_seconds
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import Turn
from retake_core.videollm.generate import Ending, GenerationLimits, answer_ids, stream_text
from retake_core.videollm.memory.file import MemoryKey
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.prefill import GraphicsMemoryError, prefill
from retake_core.videollm.reading import Reading, lowered
from retake_core.videollm.words import NO_WORDS, Words
from retake_core.videollm.written_times import written_times

GREEDY = GenerationLimits()
Read = TypeVar("Read")


@dataclass(frozen=True)
class VideoSource:
    """A video to ask about.

    Attributes:
        fingerprint: of its content; "" for a video that no memory shall be kept of.
        open: opens a decoder; called only when there is no memory.
        keyframes: seconds of its keyframes, ascending, to which citations snap.
        shape: width and height in pixels, as the plan knows them; None goes by the first frame.
        guide: finds the spans whose first frames are read at a rate, where the reading is guided.
    """

    fingerprint: str
    open: Callable[[], FrameReader]
    keyframes: Sequence[float] = ()
    shape: tuple[int, int] | None = None
    guide: Callable[[float], Sequence[Span]] | None = None


@dataclass(frozen=True)
class ModelId:
    """Names the weights, so that a memory of one model is never used by another.

    Attributes:
        name: the model's id or folder.
        revision: the version of its weights.
    """

    name: str
    revision: str


def ask(
    family: Family,
    model: ModelId,
    source: VideoSource,
    question: str,
    reading: Reading,
    store: MemoryStore | None,
    cancel: CancelToken,
    limits: GenerationLimits = GREEDY,
    earlier: Sequence[Turn] = (),
    begun: str = "",
    words: Words = NO_WORDS,
) -> Iterator[VideoLLMEvent]:
    """Answer a question about a video: from its memory where there is one, else from its frames.

    Args:
        family: with its model loaded.
        model: names it.
        source: the video.
        question: as the user wrote it.
        reading: how to read the video, from a plan.
        store: where memories are; None keeps none.
        cancel: looked at for every frame, chunk and token.
        limits: of the answer.
        earlier: questions and answers of the same conversation before it.
        begun: what of the answer is written already, and is not told again.
        words: what is said in the video and stands on its screen.

    Yields:
        Phase, Notice, ReadProgress and AnswerPiece as they come; then one Citations and last one Stats.

    Raises:
        UserError: the question is empty, the video cannot be read, or this machine is too small for it.
        Cancelled: the user asked to stop; nothing is left half-written.
    """
    if not question.strip():
        raise UserError("The question is empty.")
    stats = Stats()
    memory = yield from recall(family, model, source, reading, store, cancel, stats)
    cite = partial(cite_answer, memory, keyframes=source.keyframes)
    yield from answer(family, memory, cite, question, cancel, limits, stats, earlier, begun, words)


def recall(
    family: Family,
    model: ModelId,
    source: VideoSource,
    reading: Reading,
    store: MemoryStore | None,
    cancel: CancelToken,
    stats: Stats,
) -> Generator[VideoLLMEvent, None, Memory]:
    """Load a video's memory, or read the video and save one; the generator's value is the memory."""
    store = store if source.fingerprint else None
    stats.reading = reading
    memory = None
    if store is not None:
        yield Phase("load")
        key = memory_key(family, model, source, reading)
        exists = store.has(key)
        with stats.timed("load"):
            memory = store.load(key, family.device)
        if exists and memory is None:
            yield Notice("The memory of this video was damaged, so the video is read again.")
    stats.from_memory = memory is not None
    if memory is None:
        yield Phase("read")
        memory, stats.reading = yield from read_what_fits(
            lambda smaller: prefill(family, _frames_of(source, smaller), smaller, cancel, stats, source.shape),
            reading,
        )
        if store is not None:
            yield from _save(store, memory_key(family, model, source, stats.reading), memory, stats)
    stats.tokens_read, stats.tokens_kept = memory.visual_tokens, memory.kept_tokens
    stats.keep_ratio, stats.kv_bytes = memory.keep_ratio, memory.cache.nbytes
    return memory


def memory_key(family: Family, model: ModelId, source: VideoSource, reading: Reading) -> MemoryKey:
    """Return the key under which a video's memory is saved."""
    return MemoryKey(source.fingerprint, model.name, model.revision, str(family.dtype), reading)


def read_what_fits(
    read: Callable[[Reading], Generator[VideoLLMEvent, None, Read]], reading: Reading
) -> Generator[VideoLLMEvent, None, tuple[Read, Reading]]:
    """Read; when the graphics memory runs out, less."""
    while True:
        try:
            memory = yield from read(reading)
        except GraphicsMemoryError:
            smaller = lowered(reading)
            if smaller is None:
                raise
        else:
            return memory, reading
        if smaller.long_side < reading.long_side:
            yield Notice(f"The graphics memory ran out, so frames are read at {smaller.long_side} pixels.")
        else:
            yield Notice(
                "The graphics memory ran out, so the video is read with "
                f"{smaller.frames} frames and a keep ratio of {smaller.keep_ratio:.2f}."
            )
        reading = smaller


def _save(store: MemoryStore, key: MemoryKey, memory: Memory, stats: Stats) -> Iterator[VideoLLMEvent]:
    """Save a memory; that it cannot be saved does not cost the answer."""
    try:
        with stats.timed("save"):
            saved = store.save(key, memory)
    except OSError as error:
        yield Notice(f"The memory of this video could not be saved: {error.strerror or error}.")
        return
    if not saved:
        yield Notice("The memory of this video is larger than the space set aside, so it is not kept.")


def answer(
    family: Family,
    memory: Memory,
    cite: Callable[[EvidenceCollector], list[Citation]],
    question: str,
    cancel: CancelToken,
    limits: GenerationLimits,
    stats: Stats,
    earlier: Sequence[Turn] = (),
    begun: str = "",
    words: Words = NO_WORDS,
) -> Generator[VideoLLMEvent, None, None]:
    """Answer from a memory, which is afterwards as it was before; `cite` reads the evidence."""
    yield Phase("answer")
    written = family.prompt.tokens(begun, trusted=False)
    collector = EvidenceCollector(memory.cache, len(memory.times), memory.tokens_per_step, len(written))
    ids = family.prompt.question(question, earlier, words.ids) + written
    tokens = answer_ids(family, memory, ids, limits, cancel, collector)
    text = begun
    # Closed explicitly: a caller who stops listening must leave the cache and the model as they were.
    with closing(counted(tokens, stats)) as ids_told:
        for part in stream_text(family.prompt, ids_told):
            text += part
            yield AnswerPiece(part)
    if stats.ending is Ending.REPETITION:
        yield Notice("The model began to repeat itself, so its answer was stopped.")
    citations = cite(collector)
    tolerance = 2 * step_seconds(memory.times)
    times = written_times(text, citations, max(memory.times), tolerance, words.lines)
    yield Citations(citations, times)
    yield stats


def counted(tokens: Generator[int, None, Ending], stats: Stats) -> Generator[int, None, None]:
    """Pass the tokens of an answer on; what they took, and why they ended, goes into its account."""
    phase = "first_token"
    with closing(tokens):
        while True:
            with stats.timed(phase):
                try:
                    token = next(tokens)
                except StopIteration as stop:
                    stats.ending = stop.value
                    return
            phase = "answer"
            stats.answer_tokens += 1
            yield token


def _frames_of(source: VideoSource, reading: Reading) -> Callable[[], Iterator[Frame]]:
    def frames() -> Iterator[Frame]:
        spans = source.guide(reading.rate) if reading.guided and source.guide is not None else None
        with closing(source.open()) as decoder:
            yield from decoder.frames(reading.rate, spans)

    return frames
