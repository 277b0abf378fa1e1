"""A second look: where it goes, what it takes, what it confirms, and that a memory is afterwards as before."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from retake_core.cancel import CancelToken
from retake_core.display import clock
from retake_core.errors import Cancelled
from retake_core.media.frames import Frame
from retake_core.media.video_info import Span
from retake_core.models.catalogue import BY_ID
from retake_core.models.fitting import blueprint
from retake_core.videollm import second_look
from retake_core.videollm.answer import VideoSource
from retake_core.videollm.events import (
    AnswerPiece,
    Citations,
    Notice,
    Phase,
    ReadProgress,
    Stats,
    VideoLLMEvent,
)
from retake_core.videollm.evidence import Citation
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import TextPiece
from retake_core.videollm.families.vision import Features
from retake_core.videollm.generate import Ending, GenerationLimits
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.planner import Recording, make_plan
from retake_core.videollm.prompt_writer import PrefixWriter
from retake_core.videollm.reading import LONG_SIDES, PLAIN, Detail, Reading
from retake_core.videollm.second_look import (
    LONGEST_SPAN,
    MOST_SECONDS,
    SecondLook,
    answer_thoroughly,
    better,
    cite_both,
    look_again,
    plan_second_look,
    spans_to_look_at,
)
from retake_core.videollm.written_times import ParsedTime
from tests.support import tiny

EDGE = (1.0, 3.0)


class Decoder:
    """Frames of a video of five seconds."""

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        assert spans is not None
        ((start, end),) = spans
        return (frame for frame in tiny.tiny_frames(int(5 * rate), rate, 64, 48) if start <= frame.time < end)

    def close(self) -> None:
        pass


def source() -> VideoSource:
    return VideoSource("video", Decoder)


def closer(**more: Any) -> Reading:
    return tiny.tiny_reading(**{"long_side": 64, **more})


def entries(memory: Memory) -> list[torch.Tensor]:
    """Return all that the cache holds: the entries of full attention, the states of linear attention."""
    cache = memory.cache
    held = [part for layer in cache.attention.values() for part in (*layer.entries, layer.origin)]
    held += [part for state in cache.mark().states if state is not None for part in (state.conv, state.recurrent)]
    return [part.clone() for part in held]


def same(memory: Memory, before: list[torch.Tensor]) -> bool:
    return all(torch.equal(one, other) for one, other in zip(entries(memory), before, strict=True))


def thorough(family: Family, memory: Memory, look: SecondLook, cancel: CancelToken | None = None) -> Any:
    limits = GenerationLimits(max_tokens=4)
    return answer_thoroughly(family, memory, "What?", look, cancel or CancelToken(), limits, Stats())


def test_both_looks_are_behind_one_question_and_the_memory_is_left_as_it_was(family: Family) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.5))
    before = entries(memory)
    events: list[VideoLLMEvent] = list(thorough(family, memory, SecondLook(source(), closer(), 5.0, (EDGE,))))
    assert [event.name for event in events if isinstance(event, Phase)] == ["draft", "look", "answer"]
    progress = [event for event in events if isinstance(event, ReadProgress)]
    assert progress[-1].frames == progress[-1].total > 0
    assert sum(isinstance(event, Citations) for event in events) == 1
    stats = events[-1]
    assert isinstance(stats, Stats)
    assert stats.tokens_again > 0
    assert stats.frames_again == progress[-1].total
    assert same(memory, before)
    assert not next(iter(memory.cache.attention.values())).origin.max() >= memory.visual_tokens


def test_what_is_read_again_lies_behind_the_memory_with_times_of_its_own(family: Family) -> None:
    memory = tiny.read_tiny(family, tiny.tiny_reading(keep_ratio=0.5))
    first, steps = memory.cache.lengths(), len(memory.times)
    both = tiny.drain(look_again(family, memory, source(), [EDGE], closer(), CancelToken(), Stats()))
    assert both.times[:steps] == memory.times
    assert all(EDGE[0] <= time < EDGE[1] for time in both.times[steps:])
    assert both.free > memory.free
    reading, prompt = closer(), family.prompt
    apart = family.vision.frames_per_step / reading.rate
    pieces = prompt.pieces(both.times[steps:], reading.timestamps, first=False, apart=apart)
    written = sum(len(piece.ids) for piece in pieces if isinstance(piece, TextPiece))
    written += len(prompt.ending_ids(reading.timestamps))
    for layer, length in zip(both.cache.attention.values(), first, strict=True):
        origin = layer.origin[length:]
        seen = origin[origin >= 0] // both.tokens_per_step
        assert set(seen.tolist()) == set(range(steps, len(both.times)))
        assert int((origin < 0).sum()) == written
    assert both.baseline.shape == (len(both.times),)


def test_what_fails_leaves_the_memory_as_it_was(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = tiny.read_tiny(qwen, tiny.tiny_reading())
    before = entries(memory)
    write, cancel = PrefixWriter.chunk, CancelToken()

    def stopped(self: PrefixWriter, features: Features, pivots: torch.Tensor) -> None:
        write(self, features, pivots)
        cancel.cancel()

    monkeypatch.setattr(PrefixWriter, "chunk", stopped)
    with pytest.raises(Cancelled):
        list(thorough(qwen, memory, SecondLook(source(), closer(chunk_frames=2), 5.0, (EDGE,)), cancel))
    assert same(memory, before)


@pytest.mark.parametrize("room", [0, 200])
def test_where_memory_runs_out_less_is_looked_at_or_the_first_answer_told(
    qwen: Family, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    memory = tiny.read_tiny(qwen, tiny.tiny_reading())
    before, write = entries(memory), PrefixWriter.chunk
    most = memory.cache.lengths()[0] + room

    def limited(self: PrefixWriter, features: Features, pivots: torch.Tensor) -> None:
        if self.cache.lengths()[0] + features.grid.size * len(features.times) > most:
            raise torch.OutOfMemoryError
        write(self, features, pivots)

    monkeypatch.setattr(PrefixWriter, "chunk", limited)
    look = SecondLook(source(), closer(long_side=LONG_SIDES[1]), 5.0, (EDGE,))
    events = list(thorough(qwen, memory, look))
    told = [event.text for event in events if isinstance(event, Notice)]
    assert "ran out" in told[0]
    assert any("this is the first answer" in text for text in told) == (room == 0)
    assert sum(isinstance(event, Citations) for event in events) == 1
    assert same(memory, before)


def test_where_nothing_is_pointed_at_the_first_answer_is_told(
    qwen: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_look, "spans_to_look_at", lambda *_: [])
    memory = tiny.read_tiny(qwen, tiny.tiny_reading())
    events = list(thorough(qwen, memory, SecondLook(source(), closer(), 5.0)))
    assert [event.name for event in events if isinstance(event, Phase)] == ["draft"]
    assert [type(event) for event in events[1:]] == [Notice, AnswerPiece, Citations, Stats]


def told_of(
    first: Citations, second: str, found: Citations, stats: Stats | None = None
) -> tuple[list[VideoLLMEvent], Stats]:
    """Return what is told where a first answer is "At 0:10." and a second one as given."""
    stats = stats or Stats(answer_tokens=7, ending=Ending.COMPLETE)

    def again() -> Generator[VideoLLMEvent, None, None]:
        yield Phase("answer")
        for letter in second:
            yield AnswerPiece(letter)
        yield found
        yield stats

    draft = "At 0:10.", first, 5, Ending.LIMIT
    return list(better(draft, again(), stats, 2.0)), stats


def times(*written: tuple[float, bool], cited: Sequence[tuple[float, bool | None]] = ()) -> Citations:
    citations = [Citation(time, time, time, 0.5, confirmed=confirmed) for time, confirmed in cited]
    return Citations(citations, [ParsedTime(clock(seconds), seconds, near) for seconds, near in written])


BORNE_OUT = times((10.0, True), cited=[(10.0, None), (30.0, None)])


@pytest.mark.parametrize(
    ("second", "found"), [("At 1:12.", times((72.0, False), cited=[(11.0, True), (30.0, False)])), (" ", times())]
)
def test_a_second_answer_without_a_ground_gives_way_to_a_first_one_with_one(second: str, found: Citations) -> None:
    events, stats = told_of(BORNE_OUT, second, found)
    phase, notice, piece, citations, last = events
    assert phase == Phase("answer")
    assert isinstance(notice, Notice)
    assert piece == AnswerPiece("At 0:10.")
    assert isinstance(citations, Citations)
    assert citations.written == BORNE_OUT.written
    seen = any(citation.confirmed for citation in found.citations)
    assert [(citation.time, citation.confirmed) for citation in citations.citations] == [
        (10.0, seen),
        (30.0, False),
    ]
    assert last is stats
    assert (stats.answer_tokens, stats.ending) == (5, Ending.LIMIT)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (BORNE_OUT, "At 0:12.", times((12.0, True))),
        (BORNE_OUT, "At 0:12 or 1:30.", times((12.0, True), (90.0, False))),
        (BORNE_OUT, "A red one.", times()),
        (times((10.0, False)), "At 1:12.", times((72.0, False))),
        (times(), "", times()),
    ],
)
def test_any_other_second_answer_is_told(first: Citations, second: str, found: Citations) -> None:
    events, stats = told_of(first, second, found)
    assert "".join(event.text for event in events if isinstance(event, AnswerPiece)) == second
    assert events[-2:] == [found, stats]
    assert (stats.answer_tokens, stats.ending) == (7, Ending.COMPLETE)


def test_who_stops_listening_ends_the_second_answer() -> None:
    ended = []

    def again() -> Generator[VideoLLMEvent, None, None]:
        try:
            yield Phase("answer")
            yield AnswerPiece("A")
        finally:
            ended.append(True)

    kept = again()
    events = better(("", BORNE_OUT, 1, None), kept, Stats(), 2.0)
    assert next(iter(events)) == Phase("answer")
    events.close()
    assert ended


@given(
    cited=st.lists(st.tuples(st.floats(0, 3600), st.floats(0, 60)), max_size=5),
    pointed=st.lists(st.tuples(st.floats(0, 3600), st.floats(0, 60)), max_size=10),
    step=st.floats(0.1, 10),
)
def test_spans_are_few_apart_and_inside(
    cited: list[tuple[float, float]], pointed: list[tuple[float, float]], step: float
) -> None:
    found = Citations([Citation(start, start, start + length, 0.5) for start, length in cited], [])
    spans = tuple((start, start + length) for start, length in pointed)
    chosen = spans_to_look_at(found, step, SecondLook(source(), Reading(2.0, 32), 3600.0, spans))
    assert all(0 <= start < end <= 3600 for start, end in chosen)
    assert all(end < start for (_, end), (start, _) in pairwise(chosen))
    assert sum(end - start for start, end in chosen) <= MOST_SECONDS + 1e-6


def test_the_strongest_evidence_is_looked_at_first() -> None:
    found = Citations([Citation(t, t, t, 0.5) for t in (100.0, 10.0, 50.0, 70.0, 90.0)], [])
    look = SecondLook(source(), Reading(2.0, 32), 200.0, ((150.0, 190.0),))
    spans = spans_to_look_at(found, 2.0, look)
    assert (98.0, 102.0) in spans
    assert (170.0 - LONGEST_SPAN / 2, 170.0 + LONGEST_SPAN / 2) in spans
    assert (8.0, 12.0) in spans
    assert not any(start <= 90 <= end for start, end in spans)


def test_a_moment_is_confirmed_by_the_frames_of_the_second_look_alone() -> None:
    first, again = [4.0 * step for step in range(10)], [3.5, 4.5, 31.5, 32.5]
    memory = Memory(None, 0, first + again, 1, 1.0, torch.zeros(14))  # type: ignore[arg-type]

    class Collector:
        def per_step(self) -> torch.Tensor:
            share = torch.zeros(14)
            share[[1, 8, 10]] = torch.tensor([0.2, 0.4, 0.4])
            return share

    by_time = {c.time: c.confirmed for c in cite_both(memory, 10, Collector())}  # type: ignore[arg-type]
    assert by_time == {3.5: True, 32.0: False}


def planned(seconds: float, available: int = 1 << 60, **detail: Any) -> tuple[Family, Reading, Any]:
    decoder = BY_ID["Qwen/Qwen2-VL-7B-Instruct"].decoder
    assert decoder is not None
    family, video = blueprint(decoder), Recording(seconds, 1920, 1080, 30.0)
    finest = Detail(**detail)
    first = make_plan(family, video, 1 << 60, 0, detail=finest.at_most(PLAIN))
    return family, first.reading, plan_second_look(family, video, first, available, 0, finest)


def test_the_second_look_is_closer_than_the_first_and_fits() -> None:
    family, first, second = planned(3600.0)
    assert second.reading.rate > first.rate
    assert second.reading.long_side > first.long_side
    assert second.counts.frames == MOST_SECONDS * second.reading.rate
    assert second.counts.visual_tokens <= family.prompt.budget // 2
    assert planned(3600.0, second.peak_bytes)[2].reading == second.reading
    lower = planned(3600.0, second.peak_bytes - 1)[2]
    assert lower is None or lower.peak_bytes < second.peak_bytes
    assert planned(3600.0, 1000)[2] is None


def test_the_same_frames_are_not_looked_at_again() -> None:
    assert planned(60.0, long_side=448, rate=2.0)[2] is None
    assert planned(60.0, long_side=448, rate=4.0)[2].reading.rate == 4.0
    assert planned(60.0, long_side=1008, rate=2.0)[2].reading.long_side > 448
    assert planned(3600.0, long_side=448, rate=2.0)[2].reading.rate == 2.0


def test_a_second_look_is_of_its_own_size(qwen: Family) -> None:
    """Its steps have more tokens than the memory's, and evidence still tells one step from the next."""
    memory = tiny.read_tiny(qwen, tiny.tiny_reading())
    before = memory.cache.lengths()[0]
    reading = replace(closer(), chunk_frames=2)
    both = tiny.drain(look_again(qwen, memory, source(), [(1.0, 2.0)], reading, CancelToken(), Stats()))
    origin = both.cache.layers[0].origin[before:]
    steps = origin[origin >= 0] // both.tokens_per_step
    assert steps.bincount()[len(memory.times) :].min() > both.tokens_per_step
