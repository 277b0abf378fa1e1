"""Describing behind a memory: what is written, what of it is kept, and what the memory is afterwards."""

import re
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from retake_core.cancel import CancelToken
from retake_core.errors import Cancelled
from retake_core.media.frames import FrameReader
from retake_core.videollm.answer import ModelId, VideoSource
from retake_core.videollm.describing import describe as describing
from retake_core.videollm.describing.describe import FormError, VideoTold, describe
from retake_core.videollm.describing.form import question
from retake_core.videollm.describing.held import HeldAnswer, Vocabulary
from retake_core.videollm.describing.rests import LineEvidence, beginning, is_supported, rests_on
from retake_core.videollm.describing.told import Happening
from retake_core.videollm.events import AnswerPiece, VideoLLMEvent
from retake_core.videollm.evidence import EvidenceCollector
from retake_core.videollm.families.base import Family
from retake_core.videollm.generate import Ending, GenerationLimits, answer_ids
from retake_core.videollm.kv.cache import VideoCache
from retake_core.videollm.memory.memory import Memory
from retake_core.videollm.memory.store import MemoryStore
from tests.support.tiny import drain, question_logits, read_tiny, tiny_frames, tiny_reading

MODEL = ModelId("tiny", "1")
READING = tiny_reading()
TIMES = (0.5, 2.0)
ANSWER = (
    "Title: Noise\nSummary: Noise moves.\n"
    "0:00-0:02 first | It moves.\n0:03-0:04 then | It moves on.\nPictures:\n0:01 noise\n0:02 more noise\n"
)


class TinyReader(FrameReader):
    def frames(self, rate: float, spans: object = None) -> Generator[Any, None, None]:  # noqa: ARG002
        yield from tiny_frames(READING.frames, rate)

    def close(self) -> None:
        pass


SOURCE = VideoSource("noise", TinyReader, keyframes=(0.25, 3.2))


def run(
    family: Family, store: MemoryStore | None = None, limits: GenerationLimits = describing.LIMITS, **more: Any
) -> VideoTold:
    generator: Generator[VideoLLMEvent, None, VideoTold] = describe(
        family, MODEL, Vocabulary.of(family), SOURCE, TIMES, READING, store, CancelToken(), limits=limits, **more
    )
    return drain(generator)


def dictate(monkeypatch: pytest.MonkeyPatch, family: Family, text: str) -> None:
    """Make the likeliest tokens those of a text, with an end before what it says of pictures, and one at last."""
    parts = [part for part in re.split("(?=Pictures:)", text) if part]
    ids = iter(
        [
            token
            for part in parts
            for token in (*family.processor.tokenizer(part)["input_ids"], min(family.stop_ids()))
        ]
    )

    def dictated(hidden: Tensor) -> Tensor:  # noqa: ARG001
        logits = torch.zeros(272)
        logits[next(ids)] = 1.0
        return logits

    monkeypatch.setattr(family, "logits", dictated)


def test_every_family_writes_in_the_form(family: Family) -> None:
    """Random weights write nonsense; it is cut, and what is whole of it is kept."""
    before = question_logits(family, memory := read_tiny(family, READING))
    told = run(family, limits=GenerationLimits(max_tokens=100, temperature=1.5, top_p=1.0))
    assert told.told.title
    assert told.stats.answer_tokens <= 100
    assert torch.equal(question_logits(family, memory), before)


def test_what_a_model_says_is_told(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "is_supported", lambda *_: True)
    monkeypatch.setattr(describing, "rests_on", lambda *_: True)
    dictate(monkeypatch, qwen, ANSWER)
    told = run(qwen).told
    assert (told.title, told.summary) == ("Noise", "Noise moves.")
    assert [(each.start, each.end, each.title) for each in told.happenings] == [
        (0.25, 2, "first"),  # where its keyframe is
        (3.2, 4, "then"),
    ]
    assert told.pictures == {0.5: "noise", 2.0: "more noise"}, "asked for in the middle of what they stand for"


def test_a_line_about_a_keyframe_that_rests_on_other_times_is_left_out(
    qwen: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans: list[tuple[float, float]] = []

    def note(_: object, start: float, end: float, __: object) -> bool:
        spans.append((start, end))
        return start > 1

    monkeypatch.setattr(describing, "rests_on", note)
    dictate(monkeypatch, qwen, ANSWER)
    assert run(qwen).told.pictures == {2.0: "more noise"}
    assert spans == [(0.5, 2.0), (2.0, 3.2)]


def test_what_nothing_supports_is_left_out(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "is_supported", lambda happening, *_: happening.title == "then")
    dictate(monkeypatch, qwen, ANSWER)
    told = run(qwen)
    assert [each.title for each in told.told.happenings] == ["then"]
    assert told.unsupported == 1
    assert told.told.title


@pytest.mark.parametrize("cut", [False, True])
def test_keyframes_are_asked_for_behind_a_description_that_is_whole(
    qwen: Family, monkeypatch: pytest.MonkeyPatch, cut: bool
) -> None:
    asked: list[tuple[float, ...]] = []
    given: list[list[int]] = []

    def note(times: Sequence[float]) -> str:
        asked.append(tuple(times))
        return question(times)

    def read(*arguments: Any) -> Generator[int, None, Ending]:
        given.append(arguments[2])
        return answer_ids(*arguments)

    monkeypatch.setattr(describing, "question", note)
    monkeypatch.setattr(describing, "answer_ids", read)
    dictate(monkeypatch, qwen, ANSWER)
    run(qwen, limits=GenerationLimits(max_tokens=10) if cut else describing.LIMITS)
    assert asked == ([()] if cut else [(), (1.25, 2.6)])
    before, _, _ = ANSWER.partition("Pictures")
    if not cut:
        assert qwen.prompt.text(given[1]).endswith(before), "it goes on from there"


def test_a_loop_ends_it_and_what_is_whole_is_kept(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "is_supported", lambda *_: True)
    dictate(monkeypatch, qwen, ANSWER.partition("0:03")[0] + "0:03-0:04 " + "over and " * 20)
    told = run(qwen)
    assert told.stats.ending == "repetition"
    assert [each.title for each in told.told.happenings] == ["first"]


def test_the_memory_is_kept_and_serves_the_next_time(
    qwen: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryStore(tmp_path)
    few = GenerationLimits(max_tokens=20)
    assert not run(qwen, store, few).stats.from_memory
    monkeypatch.setattr(TinyReader, "frames", None)
    assert run(qwen, store, few).stats.from_memory


def test_it_can_be_stopped_and_leaves_the_memory_as_it_was(qwen: Family) -> None:
    cancel = CancelToken()
    events = describe(qwen, MODEL, Vocabulary.of(qwen), SOURCE, TIMES, READING, None, cancel)
    while not isinstance(next(events), AnswerPiece):
        pass
    cancel.cancel()
    with pytest.raises(Cancelled):
        drain(events)
    assert run(qwen, limits=GenerationLimits(max_tokens=5)).stats.answer_tokens == 5


def test_a_model_without_words_for_it_is_told_so(qwen: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeldAnswer, "filter", lambda *_: None)
    with pytest.raises(FormError, match="cannot write descriptions"):
        run(qwen)


def test_the_question_is_the_one_that_models_learn() -> None:
    assert question((0.5, 2.0)) == (
        "Describe the video: a title, a summary, and a line for each thing that happens. "
        "Then a line for each of these times: 0:00, 0:02."
    )


STEPS = 40


def remembered(baseline: Tensor | None = None) -> Memory:
    times = [0.5 * step for step in range(STEPS)]
    zero = torch.zeros(STEPS) if baseline is None else baseline
    return Memory(VideoCache(1), 0, times, 4, 1.0, zero)


def paid(*steps: int) -> Tensor:
    mass = torch.full((STEPS,), 1e-3)
    mass[list(steps)] = 1.0
    return mass


@pytest.mark.parametrize(
    ("mass", "supported"),
    [
        (paid(20, 21), True),  # 10 s
        (paid(25, 26), True),  # near its end
        (paid(30, 31), False),
        (paid(2, 39), False),
        (None, False),
    ],
)
def test_a_line_rests_on_its_own_time(mass: Tensor | None, supported: bool) -> None:
    happening = Happening(9.0, 12.0, "a cake", "It comes.", 2)
    assert is_supported(happening, mass, remembered()) is supported


@pytest.mark.parametrize(
    ("mass", "rests"),
    [
        (paid(20, 21), True),
        (paid(20, 38), True),
        (paid(2, 5, 20, 30, 33, 38), False),  # no more than an even spread
        (paid(2, 5), False),
        (None, False),
    ],
)
def test_a_line_rests_on_what_a_keyframe_stands_for(mass: Tensor | None, rests: bool) -> None:
    assert rests_on(mass, 9.0, 12.0, remembered()) is rests


def test_a_line_about_a_picture_that_stays_rests_on_all_of_the_video() -> None:
    assert rests_on(torch.ones(STEPS), 0.0, 20.0, remembered())


def test_what_every_line_pays_supports_none() -> None:
    sink = torch.zeros(STEPS)
    sink[20] = 1.0
    happening = Happening(9.0, 12.0, "a cake", "It comes.", 2)
    assert not is_supported(happening, paid(20, 35), remembered(sink))


@pytest.mark.parametrize(
    ("mass", "start", "begins"),
    [
        (paid(20, 21, 22), 9.0, 10.0),  # it was told one timestamp early
        (paid(20, 21, 22), 10.4, 10.0),
        (paid(17, 18, 19), 9.0, 8.6),
        (paid(20, 21, 22), 8.2, 8.6),  # too far from it, but next to another one
        (paid(20, 21, 22), 7.5, 7.5),
        (paid(2, 3), 9.0, 8.6),  # it rests on none of those that are near
        (paid(2, 3), 14.0, 14.0),
    ],
)
def test_a_line_begins_at_the_keyframe_from_which_on_it_rests_on_the_video(
    mass: Tensor, start: float, begins: float
) -> None:
    assert beginning(start, mass, remembered(), (0.0, 8.6, 10.0, 11.2)) == begins
    assert beginning(start, mass, remembered(), ()) == start


def test_a_chapter_that_begins_later_than_it_was_told_to_end_keeps_its_length(
    qwen: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describing, "is_supported", lambda *_: True)
    monkeypatch.setattr(describing, "beginning", lambda start, *_: start + 2.5)
    dictate(monkeypatch, qwen, ANSWER)
    assert [(each.start, each.end) for each in run(qwen).told.happenings] == [(2.5, 4.5), (5.5, 6.5)]


def test_each_line_has_the_attention_of_its_own_tokens() -> None:
    class Counting(EvidenceCollector):
        def __init__(self) -> None:
            super().__init__(VideoCache(1), 3, 1)
            self.mass = torch.zeros(3)

        def total(self) -> Tensor:
            return self.mass.clone()

        def pay(self, *mass: float) -> None:
            self.mass, self.tokens = self.mass + torch.tensor(mass), self.tokens + 1

    collector = Counting()
    lines = LineEvidence(collector)
    collector.pay(1, 0, 0)
    collector.pay(0, 1, 0)
    lines.end_lines(1)
    collector.pay(0, 0, 1)
    lines.end_lines(2)
    collector = Counting()
    lines.go_on(collector)
    collector.pay(0, 1, 0)
    lines.end_lines(1)
    told = [lines.of(number) for number in range(5)]
    assert [None if mass is None else mass.tolist() for mass in told] == [
        [0.5, 0.5, 0],
        [0, 0, 1],
        [0, 0, 1],
        [0, 1, 0],
        None,
    ]
