"""A second look: the stretches that a first answer points at, read more closely behind what is remembered."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

import torch

from retake_core.cancel import CancelToken
from retake_core.media.frames import Frame
from retake_core.media.video_info import Span
from retake_core.videollm.answer import GREEDY, ModelId, VideoSource, answer, read_what_fits, recall
from retake_core.videollm.calibration import Calibration
from retake_core.videollm.costs import MOST_WORDS, answer_bytes, peak_bytes
from retake_core.videollm.events import AnswerPiece, Citations, Notice, Phase, ReadProgress, Stats, VideoLLMEvent
from retake_core.videollm.evidence import (
    SNAP,
    STRONG,
    Citation,
    EvidenceCollector,
    cite,
    cite_answer,
    evidence,
    snap,
    step_seconds,
)
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import Turn
from retake_core.videollm.generate import Ending, GenerationLimits
from retake_core.videollm.kv.attention import watched
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.planner import ReadingPlan, Recording
from retake_core.videollm.prefill import GraphicsMemoryError, measure_baseline, read_frames
from retake_core.videollm.prompt_writer import PrefixWriter
from retake_core.videollm.reading import LONG_SIDES, MAX_RATE, MOST_RATE, Detail, Reading
from retake_core.videollm.words import NO_WORDS, Words

MOST_SECONDS = 16.0
"""Of the video, that are looked at again: four or five happenings."""
SHORTEST_SPAN, LONGEST_SPAN = 1.0, 8.0
SHARE = 2
"""The part of the budget for the visual tokens of a second look is one in so many."""


Draft = tuple[str, Citations, int, Ending | None]
"""A first answer: its text, what it rests on, its tokens, and why it ended."""


@dataclass(frozen=True)
class SecondLook:
    """What is looked at again, beside the moments that the first answer rests on.

    Attributes:
        source: the video, at as many pixels as the reading takes.
        reading: how; its frames are those of `MOST_SECONDS`.
        duration: seconds of the video.
        pointed: spans that the index, or what is said and written, point at, the most telling first.
    """

    source: VideoSource
    reading: Reading
    duration: float
    pointed: tuple[Span, ...] = ()


def plan_second_look(
    family: Family,
    video: Recording,
    first: ReadingPlan,
    available: int,
    weights: int,
    detail: Detail,
    calibration: Calibration | None = None,
) -> ReadingPlan | None:
    """Plan the closest second look that fits beside the first one; None where none is closer than that was.

    Args:
        family: without or with its model.
        video: the whole of it.
        first: how it is read at first.
        available: bytes that the whole model may take, weights included.
        weights: bytes of the weights.
        detail: how closely the model may read.
        calibration: how fast this machine is.

    Returns:
        Its counts are of the second look alone, its peak is of everything.
    """
    before = first.reading
    seconds = min(MOST_SECONDS, max(video.duration, 1e-3))
    sides: dict[tuple[int, int], int] = {}  # of frames as large, the smallest side
    for side in LONG_SIDES:
        if before.long_side <= side <= detail.long_side:
            sides.setdefault(family.vision.frame_size(video.width, video.height, side), side)
    known = family.vision.frame_size(video.width, video.height, before.long_side)
    for rate in (rate for rate in (MOST_RATE, MAX_RATE) if before.rate <= rate <= detail.rate):
        for size, side in reversed(sides.items()):
            if rate <= before.rate and size == known:
                continue  # the same frames again bring nothing
            frames = max(1, round(seconds * rate))
            reading = replace(before, rate=rate, frames=frames, long_side=side, keep_ratio=1.0, guided=False)
            counts = video.count(family, reading)
            both = replace(
                counts,
                entries=first.counts.entries + counts.entries,
                room=first.counts.entries + counts.room,
                positions=first.counts.positions + counts.positions,
            )
            peak = max(peak_bytes(family, both, weights), answer_bytes(family, both, weights, MOST_WORDS))
            fits = peak <= available and both.positions <= family.positions
            if fits and counts.visual_tokens <= family.prompt.budget // SHARE:
                predicted = calibration.predict(counts) if calibration else {}
                return ReadingPlan(reading, counts, peak, predicted, lowered=False)
    return None


def spans_to_look_at(found: Citations, step: float, look: SecondLook) -> list[Span]:
    """Return the spans of a second look, in order of time, `MOST_SECONDS` together.

    Args:
        found: what the first answer rests on, and the times in it.
        step: seconds from one time step of the first look to the next: so far off may something lie.
        look: names other spans.
    """
    evident = [(citation.start - step, citation.end + step) for citation in found.citations]
    written = [(time.seconds - step, time.seconds + step) for time in found.written]
    wanted = [span for span in chain(*zip_longest(evident, written, look.pointed)) if span is not None]
    left, chosen = MOST_SECONDS, list[Span]()
    for start, end in wanted:
        middle, half = (start + end) / 2, min(end - start, LONGEST_SPAN, left) / 2
        start, end = max(0.0, middle - half), min(look.duration, middle + half)
        if end - start < SHORTEST_SPAN or any(a <= start and end <= b for a, b in chosen):
            continue
        chosen = _joined([*chosen, (start, end)])
        left = MOST_SECONDS - sum(b - a for a, b in chosen)
    return chosen


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def look_again(
    family: Family,
    memory: Memory,
    source: VideoSource,
    spans: Sequence[Span],
    reading: Reading,
    cancel: CancelToken,
    stats: Stats,
) -> Generator[ReadProgress, None, Memory]:
    """Read spans behind a memory, whose cache grows by them; the generator's value is the memory of both.

    The times between the frames alone tell where each span lies. With words that announced it ("A closer look at
    0:12-0:16") 88 % of 60 answers to "when" were right again, without them 93, and 98 at first.

    Raises:
        GraphicsMemoryError: not even one time step fits; the cache is as it was, as after any other error.
        Cancelled: the user asked to stop.
    """
    before, kept = memory.cache.mark(), memory.kept_tokens
    step, total = family.vision.frames_per_step, sum(_frames(span, reading) for span in spans)
    writer = PrefixWriter.behind(family, memory, reading, cancel)
    try:
        with watched(family.model):
            for start, end in spans:
                part = replace(reading, frames=_frames((start, end), reading))

                def frames(span: Span = (start, end)) -> Iterator[Frame]:
                    with closing(source.open()) as decoder:
                        yield from decoder.frames(reading.rate, [span])

                for _ in read_frames(family, writer, frames, part, cancel, stats, source.shape):
                    done = (len(writer.times) - len(memory.times)) * step
                    yield ReadProgress(min(done, total), total)
            writer.text(family.ending(reading.timestamps))
            both = replace(writer.memory(), keep_ratio=memory.keep_ratio)
            stats.frames_again = min((len(both.times) - len(memory.times)) * step, total)
            stats.tokens_again = both.kept_tokens - kept
            return both.with_baseline(measure_baseline(family, both))
    except BaseException:
        memory.cache.rewind(before)
        raise


def _frames(span: Span, reading: Reading) -> int:
    return max(1, round((span[1] - span[0]) * reading.rate))


def cite_both(
    memory: Memory, first_steps: int, collector: EvidenceCollector, keyframes: Sequence[float] = ()
) -> list[Citation]:
    """Return the citations of an answer from both looks, and whether the second one confirms each.

    It does where its own frames of the moment are among those that the answer rests on.

    Args:
        memory: of both looks.
        first_steps: how many of its time steps are the first look's.
        collector: saw the answer.
        keyframes: seconds, ascending.
    """
    share = evidence(collector.per_step(), memory.baseline)
    times = torch.tensor(memory.times, dtype=torch.float64)
    order = times.argsort(stable=True)
    reach = max(SNAP, step_seconds(memory.times[:first_steps]))
    citations = snap(cite(share[order], times[order].tolist()), keyframes, reach)
    again, seen = share[first_steps:], times[first_steps:]
    strong = seen[again >= STRONG * again.max()] if len(again) and float(again.max()) > 0 else seen[:0]
    half = step_seconds(seen.tolist()) / 2 if len(seen) else 0.0

    def confirmed(citation: Citation) -> bool:
        inside = (strong >= citation.start - half) & (strong <= citation.end + half)
        return bool(inside.any())

    return [replace(citation, confirmed=confirmed(citation)) for citation in citations]


def answer_thoroughly(
    family: Family,
    memory: Memory,
    question: str,
    look: SecondLook,
    cancel: CancelToken,
    limits: GenerationLimits,
    stats: Stats,
    earlier: Sequence[Turn] = (),
    begun: str = "",
    words: Words = NO_WORDS,
) -> Iterator[VideoLLMEvent]:
    """Answer, look again at what that answer points at, and answer from both; one of the answers is told.

    It is the second one, but for `better`, and where there is nothing to look at, or no memory for it. See
    `answer.answer`.
    """
    source = look.source

    def cite_first(collector: EvidenceCollector) -> list[Citation]:
        return cite_answer(memory, collector, source.keyframes)

    yield Phase("draft")
    text, found = "", Citations([], [])
    for event in answer(family, memory, cite_first, question, cancel, limits, stats, earlier, begun, words):
        match event:
            case AnswerPiece():
                text += event.text
            case Citations():
                found = event
    before, first = memory.cache.mark(), stats.reading
    spans = spans_to_look_at(found, step_seconds(memory.times), look)
    problem = "" if spans else "There was nothing to look at again, so this is the first answer."
    try:
        if spans:
            yield Phase("look")
            try:
                both, _ = yield from read_what_fits(
                    lambda smaller: look_again(family, memory, source, spans, smaller, cancel, stats),
                    look.reading,
                )
            except GraphicsMemoryError:
                problem = "The graphics memory is too small for a second look, so this is the first answer."
        if problem:
            yield Notice(problem)
            yield AnswerPiece(text)
            yield found
            yield stats
            return
        draft = text, found, stats.answer_tokens, stats.ending
        stats.reading, stats.answer_tokens, stats.ending = first, 0, None

        def cite_all(collector: EvidenceCollector) -> list[Citation]:
            return cite_both(both, len(memory.times), collector, source.keyframes)

        again = answer(family, both, cite_all, question, cancel, limits, stats, earlier, begun, words)
        yield from better(draft, again, stats, step_seconds(memory.times))
    finally:
        memory.cache.rewind(before)


def better(
    draft: Draft, again: Generator[VideoLLMEvent, None, None], stats: Stats, reach: float
) -> Generator[VideoLLMEvent, None, None]:
    """Tell the second answer, or the first one where only that one's times are borne out by what it rests on.

    Frames that are read long after their time mislead a model about it: the small one tells the right second of
    another minute.

    Args:
        draft: the first answer.
        again: the events of the second one; its text waits for its citations where it may not be told.
        stats: receive the first one's where that is told.
        reach: seconds from a moment of the first answer to one of the second that is the same.
    """
    text, found, tokens, ending = draft
    if not _borne_out(found):
        yield from again
        return
    held: list[VideoLLMEvent] = []
    second = ""
    with closing(again):
        for event in again:
            if isinstance(event, Phase | Stats):
                yield event
                continue
            held.append(event)
            if isinstance(event, AnswerPiece):
                second += event.text
            if not isinstance(event, Citations):
                continue
            if not second.strip() or (event.written and not _borne_out(event)):
                stats.answer_tokens, stats.ending = tokens, ending
                seen = [citation for citation in event.citations if citation.confirmed]
                held = [
                    Notice("The second look did not bear out its own answer, so this is the first answer."),
                    AnswerPiece(text),
                    Citations([_confirmed(citation, seen, reach) for citation in found.citations], found.written),
                ]
            yield from held


def _borne_out(found: Citations) -> bool:
    return any(time.supported for time in found.written)


def _confirmed(citation: Citation, seen: Sequence[Citation], reach: float) -> Citation:
    near = any(c.start <= citation.end + reach and c.end >= citation.start - reach for c in seen)
    return replace(citation, confirmed=near)


def ask_thoroughly(
    family: Family,
    model: ModelId,
    source: VideoSource,
    question: str,
    reading: Reading,
    store: MemoryStore | None,
    cancel: CancelToken,
    look: SecondLook,
    limits: GenerationLimits = GREEDY,
    earlier: Sequence[Turn] = (),
    begun: str = "",
    words: Words = NO_WORDS,
) -> Iterator[VideoLLMEvent]:
    """Answer a question about a video with a second look; see `answer.ask` and `answer_thoroughly`."""
    stats = Stats()
    memory = yield from recall(family, model, source, reading, store, cancel, stats)
    yield from answer_thoroughly(family, memory, question, look, cancel, limits, stats, earlier, begun, words)
