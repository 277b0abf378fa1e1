"""What the refining pass decodes: where something may have happened between two codec key frames."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retake_core.indexing.refine import KEY_FRAME_ONLY, OVERLAP, SETTLING, RefinePlan, choose_spans
from retake_core.media.decoders.key_frames import PacketIndex
from retake_core.media.video_info import Span

FPS = 10
GROUP = 5.0  # seconds from key frame to key frame


def packets(seconds: float, keys: NDArray[np.float64], noise: float = 0.0) -> PacketIndex:
    """Return the packets of a still recording: large key frames, small ones between, some noise."""
    times = np.arange(round(seconds * FPS)) / FPS
    is_key = np.isin(times.round(6), keys.round(6))
    jitter = np.random.default_rng(0).normal(0, noise, len(times))
    sizes = np.where(is_key, 5000, 300 * (1 + jitter)).astype(np.int64)
    return PacketIndex(times, sizes, is_key)


def enlarge(index: PacketIndex, start: float, end: float, factor: float) -> None:
    inside = (index.times >= start) & (index.times < end) & ~index.keys
    index.sizes[inside] = (index.sizes[inside] * factor).astype(np.int64)


def decoded(plan: RefinePlan) -> list[Span]:
    """Return the spans of which more than a key frame is decoded."""
    return [(start, end) for start, end in plan.spans if end - start > 2 * KEY_FRAME_ONLY]


REGULAR = np.arange(0, 120, GROUP)
STILL = np.zeros(len(REGULAR))


def test_nothing_is_decoded_of_a_still_scene() -> None:
    plan = choose_spans(REGULAR, STILL, packets(120, REGULAR, 0.05), 120.0)
    assert decoded(plan) == []
    assert [start for start, _ in plan.spans] == REGULAR.tolist()
    assert plan.promise == 0


def test_a_brief_event_in_a_still_scene_is_decoded() -> None:
    index = packets(120, REGULAR, 0.05)
    enlarge(index, 62, 64, 2.0)
    assert decoded(choose_spans(REGULAR, STILL, index, 120.0)) == [(60.0, 65.0 + OVERLAP)]


def test_a_cut_without_a_key_frame_is_decoded() -> None:
    index = packets(120, REGULAR, 0.05)
    enlarge(index, 32.0, 32.05, 15.0)
    change = STILL.copy()
    change[7] = 0.8  # seen at 35 s
    plan = choose_spans(REGULAR, change, index, 120.0)
    assert decoded(plan) == [(30.0, 35.0 + OVERLAP)]
    assert plan.promise == pytest.approx(0.8 / 5)


def test_a_slide_that_changes_beside_a_moving_corner_is_decoded() -> None:
    index = packets(120, REGULAR, 0.05)
    index.sizes[index.times % 0.5 > 0.2] *= 2  # what moves in the corner
    change = np.full(len(REGULAR), 0.05)
    enlarge(index, 32.0, 32.05, 8.0)
    assert decoded(choose_spans(REGULAR, change, index, 120.0)) == [(30.0, 35.0 + OVERLAP)]


def test_behind_a_cut_with_a_key_frame_only_what_settles_is_decoded() -> None:
    cuts = np.array([0.0, 3, 8, 10.5, 14, 19, 21.5, 26, 28.5])
    change = np.array([1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9])
    plan = choose_spans(cuts, change, packets(36, cuts, 0.02), 36.0)
    lengths = {start: end - start for start, end in decoded(plan)}
    assert all(lengths[start] == pytest.approx(SETTLING) for start in (0.0, 3, 8, 10.5, 19, 26))
    assert plan.promise == pytest.approx(0.9 / SETTLING)


def test_all_is_decoded_where_a_camera_moves_that_writes_a_key_frame_a_second() -> None:
    keys = np.arange(60.0)
    change = np.full(60, 0.15)
    change[30:] = 0.05
    change[[10, 11, 20, 22]] = 0.02  # the hand turns back
    plan = choose_spans(keys, change, packets(60, keys, 0.05), 60.0)
    assert decoded(plan) == [(0.0, 31.0 + OVERLAP)]


def test_all_is_decoded_where_moving_key_frames_were_passed_over() -> None:
    keys = np.arange(60.0)
    index = packets(60, keys, 0.05)
    index = PacketIndex(index.times, index.sizes, index.keys, moving=np.arange(21.0, 30))
    looked_at = np.concatenate([np.arange(0.0, 21), np.arange(30.0, 60)])
    plan = choose_spans(looked_at, np.full(len(looked_at), 0.02), index, 60.0)
    assert decoded(plan) == [(20.0, 30.0 + OVERLAP)]


def test_key_frames_between_which_is_no_sample_say_it_all() -> None:
    keys = np.arange(0.0, 60.0, 0.5)
    plan = choose_spans(keys, np.full(len(keys), 0.3), packets(60, keys, 0.05), 60.0)
    assert decoded(plan) == []


def test_a_long_video_with_a_single_key_frame_is_decoded_whole() -> None:
    keys = np.array([0.0])
    plan = choose_spans(keys, np.array([1.0]), packets(300, keys, 0.05), 300.0)
    assert plan.spans == [(0.0, 301.0 + OVERLAP)]


def test_packets_far_from_the_only_key_frame() -> None:
    keys = np.array([0.0])
    index = PacketIndex(np.array([0.0, 40.0, 41.0]), np.array([10, 10, 10]), np.array([True, False, False]))
    assert choose_spans(keys, np.array([1.0]), index, 42.0).spans == [(0.0, 43.0 + OVERLAP)]


def empty(seconds: float, keys: NDArray[np.float64], size: int) -> PacketIndex:
    """Return the packets of a picture that stays: but for the key frames, they say nothing."""
    times = np.arange(round(seconds * FPS)) / FPS
    is_key = np.isin(times.round(6), keys.round(6))
    sizes = np.where(is_key, 5000, size + np.arange(len(times)) % 3)
    sizes[np.flatnonzero(is_key) + 1] = 900  # a picture that stays becomes finer at first
    return PacketIndex(times, sizes.astype(np.int64), is_key)


@pytest.mark.parametrize(
    ("size", "pixels"), [(10, 160 * 90), (24, 160 * 90), (18, 640 * 360), (12, 1920 * 1080), (1037, 1920 * 1080)]
)
@pytest.mark.parametrize("keys", [np.array([0.0]), np.arange(0, 3600, 50.0), np.arange(0, 3600, 5.0)])
def test_nothing_is_decoded_of_a_picture_that_stays(size: int, pixels: int, keys: NDArray[np.float64]) -> None:
    plan = choose_spans(keys, np.zeros(len(keys)), empty(3600, keys, size), 3600.0, pixels)
    assert decoded(plan) == []
    assert not plan.needed


def test_a_short_rest_is_looked_at() -> None:
    keys = np.arange(0, 50, 10.0)
    change = np.zeros(5)
    change[[0, 4]] = 0.5
    index = empty(50, keys, 10)
    assert decoded(choose_spans(keys, change, index, 50.0, 160 * 90)) == [(30.0, 40.0 + OVERLAP)]
    single = choose_spans(np.zeros(1), np.ones(1), empty(50, np.zeros(1), 10), 50.0, 160 * 90)
    assert decoded(single) == [(0.0, 51.0 + OVERLAP)]


def test_what_happens_between_two_such_pictures_is_decoded() -> None:
    keys = np.arange(0, 3600, 50.0)
    index = empty(3600, keys, 10)
    enlarge(index, 1234.0, 1234.1, 30.0)
    assert decoded(choose_spans(keys, np.zeros(len(keys)), index, 3600.0, 160 * 90)) == [
        (1200.0, 1250.0 + OVERLAP)
    ]
    change = np.zeros(len(keys))
    change[40] = 0.5  # another picture, whatever the packets say
    found = decoded(choose_spans(keys, change, empty(3600, keys, 10), 3600.0, 160 * 90))
    assert found == [(1950.0, 2000.0 + OVERLAP)]


def test_packets_without_times_and_no_packets() -> None:
    nowhere = PacketIndex(np.full(10, np.nan), np.full(10, 100), np.zeros(10, np.bool_))
    nothing = PacketIndex(np.empty(0), np.empty(0, np.int64), np.empty(0, np.bool_))
    for index in (nowhere, nothing):
        plan = choose_spans(REGULAR, STILL, index, 120.0)
        assert [start for start, _ in plan.spans] == REGULAR.tolist()


@st.composite
def recordings(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.float64], PacketIndex, float]:
    """Key frames, their changes, any packets at all, and a duration that may be unknown."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = rng.exponential(draw(st.sampled_from([0.6, 2.0, 9.0, 60.0])), draw(st.integers(1, 60))) + 0.01
    times = np.cumsum(steps) - draw(st.sampled_from([0.0, float(steps[0])]))
    change = rng.random(len(times)) * draw(st.sampled_from([0.0, 0.2, 2.0]))
    count = draw(st.sampled_from([0, 1, 3, 50, 800]))
    packet_times = rng.uniform(-5, times[-1] + 30, count)
    packet_times[rng.random(count) < draw(st.sampled_from([0.0, 0.3, 1.0]))] = np.nan
    sizes = (rng.pareto(1.0, count) * 100).astype(np.int64)
    keys = rng.random(count) < draw(st.sampled_from([0.0, 0.1, 1.0]))
    duration = draw(st.sampled_from([0.0, float(times[-1]), float(times[-1]) + 500]))
    return times, change, PacketIndex(packet_times, sizes, keys), duration


@settings(deadline=None, max_examples=200, derandomize=True)
@given(recordings())
def test_any_packets_give_a_sound_plan(
    recording: tuple[NDArray[np.float64], NDArray[np.float64], PacketIndex, float],
) -> None:
    times, change, index, duration = recording
    plan = choose_spans(times, change, index, duration)
    assert all(start < end for start, end in plan.spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(plan.spans))
    for time in times.tolist():
        assert any(start <= time < end for start, end in plan.spans)
    assert np.isfinite(plan.promise)
    assert plan.promise >= 0
