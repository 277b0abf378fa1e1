"""The streaming selection chooses what the batch form chooses, within the limits, wherever it is cut."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from retake_core.keyframes import stream as streaming
from retake_core.keyframes.dpselect import distances, peaks
from retake_core.keyframes.limits import Limits
from retake_core.keyframes.stream import KeyframeStream, Window, find_peaks, noise_floor, select_keyframes

LIMITS = Limits()


@st.composite
def recordings(draw: st.DrawFn) -> tuple[list[float], torch.Tensor]:
    """A recording of up to five minutes: scenes of a few looks, noise, uneven frame times."""
    length = draw(st.integers(1, 300))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    steps = torch.rand(length, generator=generator) * draw(st.sampled_from([0.6, 2.0, 40.0]))
    looks = torch.randn(4, 3, 8, generator=generator)
    scene = torch.randint(0, 4, (length // 7 + 1,), generator=generator).repeat_interleave(7)[:length]
    noise = draw(st.sampled_from([0.0, 0.05, 1.0])) * torch.randn(length, 3, 8, generator=generator)
    return (0.1 + steps.cumsum(0)).double().tolist(), looks[scene] + noise


def run_stream(
    times: list[float], features: torch.Tensor, batch: int, *, restart: bool = False
) -> list[tuple[float, float, int]]:
    stream: KeyframeStream[int] = KeyframeStream(LIMITS)
    chosen = []
    position = 0
    while position < len(times):
        part = slice(position, position + batch)
        payloads = list(range(len(times)))[part]
        windows: list[Window[int]] = list(stream.push(times[part], features[part].numpy(), payloads))
        chosen += [keyframe for window in windows for keyframe in window.keyframes]
        position += batch
        if windows and restart:
            stream = KeyframeStream(LIMITS, windows[-1].state)
            position = int(np.searchsorted(times, windows[-1].end))
    chosen += stream.finish()
    return [(keyframe.time, keyframe.prominence, keyframe.payload) for keyframe in chosen]


@settings(deadline=None, max_examples=60)
@given(recordings(), st.integers(1, 40))
def test_stream_equals_batch(recording: tuple[list[float], torch.Tensor], batch: int) -> None:
    times, features = recording
    d = streaming.distances(features.numpy())
    expected = select_keyframes(np.array(times), d, LIMITS)
    assert [index for _, _, index in run_stream(times, features, batch)] == expected.tolist()


@settings(deadline=None, max_examples=40)
@given(recordings(), st.integers(1, 40))
def test_resuming_from_any_window_changes_nothing(recording: tuple[list[float], torch.Tensor], batch: int) -> None:
    times, features = recording
    assert run_stream(times, features, batch, restart=True) == run_stream(times, features, batch)


@settings(deadline=None, max_examples=60)
@given(recordings())
def test_limits_hold(recording: tuple[list[float], torch.Tensor]) -> None:
    times, features = recording
    chosen = run_stream(times, features, 16)
    kept = [time for time, _, _ in chosen]
    assert kept[0] == times[0]
    assert kept == sorted(set(kept))
    for cell in {time // LIMITS.gap for time in times} - {time // LIMITS.gap for time in kept}:
        # Nothing in it differs from the keyframe before it, which is not long ago.
        inside = [i for i, time in enumerate(times) if time // LIMITS.gap == cell]
        last = max(index for _, _, index in chosen if index < inside[0])
        for i in inside:
            away = float(distances(torch.stack([features[last], features[i]])).mean(dim=1)[1])
            assert away <= LIMITS.still**2 / 2 + 1e-6
        assert times[inside[0]] - times[last] < LIMITS.rest
    for window in {time // LIMITS.window for time in times}:
        within = [time for time in kept if time // LIMITS.window == window]
        # One more than the average allows: a span has a frame at both ends; and the opening one.
        assert len(within) <= LIMITS.window / LIMITS.spacing + 2


@settings(deadline=None, max_examples=60)
@given(recordings(), st.integers(0, 300))
def test_distances_are_those_of_tensors(recording: tuple[list[float], torch.Tensor], cut: int) -> None:
    features = recording[1]
    features[::5] = 0  # black pictures have no direction
    cut = min(cut, len(features) - 1)
    first, rest = features[: cut + 1].numpy(), features[cut + 1 :].numpy()
    both = np.concatenate([streaming.distances(first), streaming.distances(rest, first[-1])])
    np.testing.assert_allclose(both, distances(features).numpy(), atol=1e-6)


def test_camera_noise_is_not_a_keyframe() -> None:
    generator = torch.Generator().manual_seed(1)
    still = torch.randn(1, 49, 64, generator=generator)
    features = still + 0.1 * torch.randn(240, 49, 64, generator=generator)
    times = [0.5 * i for i in range(240)]
    assert len(run_stream(times, features, 16)) == 4  # one for each half minute


@pytest.mark.parametrize("restart", [False, True])
def test_a_picture_that_stays_is_not_kept_over_and_over(restart: bool) -> None:
    """Two hours of black, with one minute of something else in them."""
    look, other = torch.randn(2, 49, 64, generator=torch.Generator().manual_seed(1))
    features = look.expand(14_400, 49, 64).clone()
    features[9000:9120] = other
    kept = run_stream([0.5 * i for i in range(14_400)], features, 16, restart=restart)
    times = [time for time, _, _ in kept]
    assert times[:8] == [0.0, 600.0, 1200.0, 1800.0, 2400.0, 3000.0, 3600.0, 4200.0], "browsing has something"
    assert {4500.0, 4560.0} <= set(times), "and nothing that happens is missed"
    assert len(times) <= 15


def test_a_picture_that_changes_slowly_is_kept_as_it_was() -> None:
    """A sunset of five minutes, of which no two frames differ by what would count as an event."""
    one, other = torch.randn(2, 1, 64, generator=torch.Generator().manual_seed(1))
    times = [0.5 * i for i in range(600)]
    features = torch.stack([one + (other - one) * i / 600 for i in range(600)])
    kept = [index for _, _, index in run_stream(times, features, 16)]
    assert len(kept) == 10  # one for each half minute


def test_a_pass_that_an_earlier_version_left_off_goes_on() -> None:
    import safetensors.torch

    state = {"features": torch.ones(1, 4), "d": torch.tensor(0.0), "time": torch.tensor(59.5, dtype=torch.float64)}
    stream: KeyframeStream[int] = KeyframeStream(LIMITS, safetensors.torch.save(state))
    times = [60 + 0.5 * i for i in range(240)]
    found = [k.time for w in stream.push(times, np.ones((240, 1, 4), np.float32), range(240)) for k in w.keyframes]
    assert [*found, *(k.time for k in stream.finish())] == [60.0]


def test_an_event_in_a_still_scene_is_kept() -> None:
    generator = torch.Generator().manual_seed(1)
    still = torch.randn(1, 49, 64, generator=generator)
    features = still + 0.1 * torch.randn(240, 49, 64, generator=generator)
    features[100:103] += torch.randn(49, 64, generator=generator)
    kept = [index for _, _, index in run_stream([0.5 * i for i in range(240)], features, 16)]
    assert 100 in kept


def slides(standing: list[float], *, speaker: float, difference: float) -> tuple[list[float], torch.Tensor]:
    """A talk: slides that differ in five of 49 positions, and a speaker who moves in four others.

    Args:
        standing: seconds that each slide stands.
        speaker: how much the speaker moves.
        difference: how much the slides differ.
    """
    generator = torch.Generator().manual_seed(3)
    empty = torch.randn(49, 64, generator=generator)
    frames = []
    for seconds in standing:
        page = empty.clone()
        page[:5] += difference * torch.randn(5, 64, generator=generator)
        for _ in range(round(2 * seconds)):
            frame = page.clone()
            frame[45:] += speaker * torch.randn(4, 64, generator=generator)
            frames.append(frame)
    return [0.5 * i for i in range(len(frames))], torch.stack(frames)


@pytest.mark.parametrize("speaker", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("restart", [False, True])
def test_every_slide_of_a_talk_is_kept_however_little_it_differs(speaker: float, restart: bool) -> None:
    standing = [20.0, 5.0, 7.0, 12.0, 5.0, 31.0, 6.0, 9.0, 5.0, 40.0] * 2
    times, features = slides(standing, speaker=speaker, difference=0.5)
    moved = distances(features).mean(dim=1)
    starts = [0, *np.cumsum(standing)[:-1].tolist()]
    kept = {time for time, _, _ in run_stream(times, features, 16, restart=restart)}
    assert all(moved[round(2 * start)] < LIMITS.floor for start in starts[1:] if speaker < 1)
    assert set(starts) <= kept
    assert len(kept) <= len(starts) + len(times) / 60


def test_a_slide_is_kept_that_changes_while_the_speaker_rests() -> None:
    times = np.arange(0, 120, 0.5)
    d = np.full((len(times), 49), 0.002, np.float32)
    d[:, 40:] = 0.3  # all the time, but for the moment in which the next slide comes
    changes = np.arange(20, 240, 24)
    d[changes, 40:] = 0.05
    d[changes, :10] = 0.1
    assert d.mean(axis=1)[20] < d.mean(axis=1)[19]
    assert set(changes.tolist()) <= set(select_keyframes(times, d, LIMITS).tolist())


def test_a_speaker_who_only_moves_is_no_slide() -> None:
    times, features = slides([120.0], speaker=0.3, difference=0.5)
    assert len(run_stream(times, features, 16)) <= 5


@pytest.mark.parametrize(("d", "expected"), [(0.0, 0.05), (0.1, 0.2), (0.9, 0.3)])
def test_noise_floor_stays_between_its_ends(d: float, expected: float) -> None:
    assert noise_floor(np.full(9, d, np.float32), LIMITS) == pytest.approx(expected)


def test_memory_does_not_grow_with_length() -> None:
    stream: KeyframeStream[int] = KeyframeStream(LIMITS)
    held = []
    for start in range(0, 20_000, 100):
        times = [0.5 * i for i in range(start, start + 100)]
        list(stream.push(times, torch.randn(100, 4, 8).numpy(), times))  # type: ignore[arg-type]
        held.append(stream.held)
    assert max(held) <= LIMITS.window / 0.5


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.5, 1.0]), min_size=1, max_size=40))
def test_peaks_of_an_even_series_are_those_of_dpselect(d: list[float]) -> None:
    times = np.array([0.5 * i for i in range(len(d))])
    series = np.array(d, np.float32)
    assert find_peaks(times, series, LIMITS.reach).tolist() == peaks(torch.from_numpy(series)).tolist()


def test_cuts_far_apart_do_not_hide_each_other() -> None:
    looks = torch.randn(12, 49, 64, generator=torch.Generator().manual_seed(2))
    kept = run_stream([3.0 * i for i in range(12)], looks, 5)
    assert [index for _, _, index in kept] == list(range(12))
