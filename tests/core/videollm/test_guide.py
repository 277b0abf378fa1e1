"""Reading the frames that the index found: which, and that it stays within what was planned and remembered."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from retake_core.cancel import CancelToken
from retake_core.media.frames import Frame, in_span, sample_cell
from retake_core.media.video_info import Span, VideoInfo
from retake_core.videollm.answer import ModelId, VideoSource, recall
from retake_core.videollm.events import Stats
from retake_core.videollm.evidence import step_seconds
from retake_core.videollm.families.base import Family
from retake_core.videollm.families.prompt import FAR_APART, TextPiece
from retake_core.videollm.guide import Guide
from retake_core.videollm.memory.file import MemoryKey
from retake_core.videollm.planner import Recording, make_plan
from retake_core.videollm.reading import Reading
from tests.support import tiny

EAST, NORTH, WEST, SOUTH = ([1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0])


def guide(*keyframes: tuple[float, list[float]]) -> Guide:
    vectors = tuple(np.array(vector, np.float32) for _, vector in keyframes)
    return Guide(tuple(time for time, _ in keyframes), vectors)


class Indexed:
    """A video of 60 s with two frames a second, and a note of the spans that were asked for."""

    info = VideoInfo(60.0, 32, 24, 0, "h264", "mp4", 2.0, 0.0, 1, None)

    def __init__(self) -> None:
        self.spans: list[Sequence[Span] | None] = []

    def frames(self, rate: float, spans: Sequence[Span] | None = None) -> Iterator[Frame]:
        self.spans.append(spans)
        cell = -1
        for frame in tiny.tiny_frames(120, 2.0):
            inside = spans is None or any(in_span(frame.time, span) for span in spans)
            if inside and sample_cell(frame.time, rate) > cell:
                cell = sample_cell(frame.time, rate)
                yield frame

    def close(self) -> None:
        pass


def read_times(family: Family, reading: Reading, known: Guide) -> tuple[list[float], list[Sequence[Span] | None]]:
    decoder = Indexed()
    source = VideoSource("", lambda: decoder, guide=known.spans)
    memory = tiny.drain(recall(family, ModelId("tiny", "1"), source, reading, None, CancelToken(), Stats()))
    return memory.times, decoder.spans


def test_of_a_cell_that_keyframe_is_read_which_is_least_like_the_one_before() -> None:
    known = guide((0.0, EAST), (1.0, NORTH), (11.0, EAST), (12.5, NORTH), (14.0, WEST), (34.0, WEST), (36.5, EAST))
    assert known.spans(0.1) == [
        (0.0, 10.0),  # the first one: there is none before
        (14.0, 20.0),
        (20.0, 30.0),  # nothing was found here
        (36.5, 40.0),
        (40.0, math.inf),
    ]


def test_without_keyframes_the_first_frame_of_each_cell_is_read() -> None:
    assert guide().spans(0.5) == [(0.0, math.inf)]


@pytest.mark.parametrize("rate", [0.1, 0.37, 1.0])
def test_every_cell_is_read_once_and_in_order(rate: float) -> None:
    rng = np.random.default_rng(1)
    times = sorted(float(time) for time in rng.uniform(0, 300, 100))
    spans = guide(*((time, list(rng.normal(size=2))) for time in times)).spans(rate)
    assert len(spans) == sample_cell(times[-1], rate) + 2
    for number, (start, end) in enumerate(spans[:-1]):
        assert number / rate <= start + 0.001 < end
        assert math.isclose(end, (number + 1) / rate)
        assert start in times or start == number / rate


def test_a_guided_reading_reads_the_keyframes(qwen: Family) -> None:
    known = guide((0.0, EAST), (13.5, NORTH), (21.0, EAST), (28.5, SOUTH), (59.0, NORTH))
    even = Reading(rate=0.1, frames=6, long_side=32, keep_ratio=0.5)
    times, _ = read_times(qwen, replace(even, guided=True), known)
    # Two frames are one time step: 0 and 13.5, 28.5 and 30, 40 and 59.
    assert times == [6.75, 29.25, 49.5]
    times, spans = read_times(qwen, even, known)
    assert times == [5.0, 25.0, 45.0]
    assert spans == [None]


@pytest.mark.parametrize(
    ("indexed", "frames", "guided"), [(True, 120, False), (True, 119, True), (False, 60, False)]
)
def test_the_index_guides_where_it_has_seen_more(qwen: Family, indexed: bool, frames: int, guided: bool) -> None:
    plan = make_plan(qwen, Recording(60.0, 32, 24, indexed=indexed), 1 << 40, 0, frames=frames)
    assert plan.reading.guided is guided


def test_a_memory_tells_whether_the_index_guided_it() -> None:
    def key(**reading: object) -> MemoryKey:
        settings: dict[str, object] = {"rate": 0.5, "frames": 100} | reading
        return MemoryKey("video", "model", "1", "float32", Reading(**settings))  # type: ignore[arg-type]

    even, guided, all_of_it = key(), key(guided=True), key(rate=2.0, frames=400)
    assert even.filename() != guided.filename()
    assert not even.serves(guided)
    assert not guided.serves(even)
    assert all_of_it.serves(even)
    assert all_of_it.serves(guided)  # it holds every frame that could be chosen
    assert MemoryKey.of(guided.text()) == guided


def test_steps_that_are_far_apart_have_a_time_each(family: Family) -> None:
    usual = family.prompt.steps_per_timestamp
    times = [4.0 * number for number in range(6)]

    def written(apart: float) -> int:
        pieces = family.prompt.pieces(times, timestamps=True, first=True, apart=apart)
        opening = family.prompt.video_bounds()[0]
        stamps = [[*family.prompt.tokens(family.prompt.timestamp(time)), *opening] for time in times]
        return sum(isinstance(piece, TextPiece) and piece.ids in stamps for piece in pieces)

    assert written(FAR_APART - 0.01) == (1 if usual is None else len(times) // usual)
    assert written(FAR_APART) == (1 if usual is None else len(times))


def test_uneven_steps_have_a_typical_distance() -> None:
    assert step_seconds([0.0, 9.0, 10.0, 11.0]) == 1.0
    assert step_seconds([3.0]) == 1.0
