"""The contract of FrameSource: every decoder, every kind of file, the right frame at the right time."""

import math
from itertools import pairwise

import pytest

from retake_core.media.decoders.registry import AUTO, DECODERS, HARDWARE, SAFE, DecoderName
from retake_core.media.frames import SAME_TIME, in_span, sample_cell
from tests.contract import observe
from tests.contract.child import Child
from tests.contract.clips import Clip
from tests.contract.conftest import ClipMaker
from tests.contract.observe import EVERY, Query, Seen
from tests.contract.special_clips import ALL

FOR_DECORD = {
    *(
        "h264.mp4",
        "h264.mov",
        "h264.mkv",
        "h264_sound.mp4",
        "h264_index_first.mp4",
        "h264_one_group.mp4",
        "h264_intra.mp4",
    ),
    *("tracks.mkv", "tracks.mp4", "h264_444.mp4", "h264_full_range.mp4", "h264_bt709.mp4"),
    *("h264_pyramid.mp4", "h264_fragments.mp4", "h264_portrait.mp4", "h264_wide_pixels.mp4", "one_frame.mp4"),
    *("vp9.webm", "vp9.mp4", "vp9_odd.webm", "turned_90.mp4", "turned_180.mp4", "turned_270.mp4"),
    *("irregular.mp4", "irregular.mkv", "irregular.webm", "late_video.mp4", "late_video.mkv"),
    *(
        "late_start.mkv",
        "cover.mp4",
        "cover.mkv",
        "mp4.avi",
        "mkv.mp4",
        "vp9_resized.webm",
        "long.mp4",
        "long.mkv",
    ),
}
READS: dict[DecoderName, set[str]] = {"decord": FOR_DECORD}
"""What each decoder of the registry reads rightly; one that is not named here reads everything."""

CASES = [
    (decoder, name)
    for decoder in (HARDWARE, *(each.name for each in DECODERS))
    for name in sorted(READS.get(decoder, set(ALL)))
]
"""A device is a decoder as any other: what it does not read to the end, the others do."""

every_case = pytest.mark.parametrize(("decoder", "name"), CASES)


def first_of_cells(seen: list[Seen], rate: float) -> list[Seen]:
    """Return what sampling at a rate should leave of all frames."""
    cells: dict[int, Seen] = {}
    for frame in seen:
        cells.setdefault(sample_cell(frame.time, rate), frame)
    return list(cells.values())


@pytest.mark.parametrize("name", ALL)
def test_the_first_decoder_that_is_right_is_taken(name: str, clip: ClipMaker, child: Child) -> None:
    truth = clip(name)
    right = [decoder.name for decoder in DECODERS if name in READS.get(decoder.name, ALL)]
    assert [each.name for each in DECODERS if child.call(observe.reads, truth.path, each.name)] == right
    (by_choice,) = child.call(observe.frames, truth.path, AUTO, Query(EVERY))
    (expected,) = child.call(observe.frames, truth.path, right[0], Query(EVERY))
    assert by_choice == expected


@every_case
def test_every_frame_comes_at_its_time(decoder: DecoderName, name: str, clip: ClipMaker, child: Child) -> None:
    truth = clip(name)
    (seen,) = child.call(observe.frames, truth.path, decoder, Query(EVERY))
    assert [frame.number for frame in seen] == [number for _, number in truth.frames]
    assert [frame.time for frame in seen] == pytest.approx([time for time, _ in truth.frames], abs=0.0011)
    assert all(before.time < after.time for before, after in pairwise(seen))
    assert {frame.shape for frame in seen} == {(truth.height, truth.width, 3)}


@pytest.mark.parametrize("name", ALL)
def test_a_device_gives_the_pixels_that_the_processor_gives(name: str, clip: ClipMaker, child: Child) -> None:
    path = clip(name).path
    (on_card,) = child.call(observe.frames, path, HARDWARE, Query(EVERY))
    (by_processor,) = child.call(observe.frames, path, SAFE, Query(EVERY))
    assert on_card == by_processor


@pytest.mark.parametrize("name", sorted(FOR_DECORD))
def test_only_sampled_pictures_are_copied_from_a_device(name: str, clip: ClipMaker, child: Child) -> None:
    path = clip(name).path
    (sampled,) = child.call(observe.frames, path, SAFE, Query(2.0))
    on_card = child.call(observe.by_card, path, 2.0)
    assert on_card.decoded >= len(clip(name).frames)
    assert on_card.copied == len(sampled)
    assert not on_card.left


@every_case
def test_sampling_takes_the_first_frame_of_each_cell(
    decoder: DecoderName, name: str, clip: ClipMaker, child: Child
) -> None:
    rates = (0.7, 3.0, 10.0)
    every, *sampled = child.call(observe.frames, clip(name).path, decoder, *map(Query, (EVERY, *rates)))
    assert sampled == [first_of_cells(every, rate) for rate in rates]


@every_case
def test_spans_give_the_same_frames_as_a_full_pass(
    decoder: DecoderName, name: str, clip: ClipMaker, child: Child
) -> None:
    choices = [
        [(0.5, 1.0), (1.5, 2.5)],
        [(0.0, 0.5), (0.5, 1.0), (2.5, math.inf)],
        [(1.0, 1.5)],
        [(1000.0, math.inf)],
        [],
    ]
    full, *parts = child.call(
        observe.frames, clip(name).path, decoder, Query(4.0), *(Query(4.0, spans) for spans in choices)
    )
    for spans, part in zip(choices, parts, strict=True):
        assert part == [frame for frame in full if any(in_span(frame.time, span) for span in spans)]


@every_case
def test_a_resumed_pass_gives_the_rest(decoder: DecoderName, name: str, clip: ClipMaker, child: Child) -> None:
    starts = [cell / 4.0 for cell in range(2, 12, 3)]
    full, *rests = child.call(
        observe.frames,
        clip(name).path,
        decoder,
        Query(4.0),
        *(Query(4.0, [(start, math.inf)]) for start in starts),
    )
    for start, rest in zip(starts, rests, strict=True):
        assert rest == [frame for frame in full if in_span(frame.time, (start, math.inf))]


@every_case
def test_frame_at_gives_what_is_on_screen(decoder: DecoderName, name: str, clip: ClipMaker, child: Child) -> None:
    path = clip(name).path
    (every,) = child.call(observe.frames, path, decoder, Query(EVERY))
    shown = [frame.time for frame in every]
    times = [-1.0, shown[-1] + 100.0, shown[0]]
    for before, after in list(pairwise(shown))[:: max(1, len(shown) // 5)]:
        times += [after, after - 1e-4, (before + after) / 2]
    found = child.call(observe.frames_at, path, decoder, times)
    for time, frame in zip(times, found, strict=True):
        assert frame == max((seen for seen in every if seen.time <= time + SAME_TIME), default=every[0])


@pytest.mark.parametrize("name", ["h264.mp4", "turned_90.mp4", "h264_wide_pixels.mp4", "vp9_odd.webm"])
@pytest.mark.parametrize("decoder", [decoder.name for decoder in DECODERS])
def test_frames_are_scaled_to_the_short_side(
    decoder: DecoderName, name: str, clip: ClipMaker, child: Child
) -> None:
    truth: Clip = clip(name)
    (seen,) = child.call(observe.frames, truth.path, decoder, Query(EVERY), short_side=56)
    scale = 56 / min(truth.width, truth.height)
    assert {frame.shape for frame in seen} == {(round(truth.height * scale), round(truth.width * scale), 3)}
    assert [frame.number for frame in seen] == [number for _, number in truth.frames]


def test_decoding_imports_nothing_slow(clip: ClipMaker, child: Child) -> None:
    child.call(observe.frames, clip("h264.mp4").path, AUTO, Query(1.0))
    assert child.call(observe.heavy_modules) == set()
