"""Damaged files give some frames or one MediaError, in finite time, and nothing else."""

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retake_core.media.decoders.registry import AUTO, IN_TURN, SAFE, DecoderName
from tests.contract import observe
from tests.contract.child import Child
from tests.contract.clips import RATE, X264, Recipe, ffmpeg
from tests.contract.conftest import ClipMaker
from tests.contract.observe import EVERY, Query

PASSES: list[DecoderName | None] = [*IN_TURN, None]
NAMES = [
    "h264_sound.mp4",
    "h264_index_first.mp4",
    "h264.mkv",
    "vp9.webm",
    "mpeg2.ts",
    "hevc.mp4",
    "av1.mkv",
    "mpeg4.mkv",
    "mjpeg.avi",
]

repeatable = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def check(path: Path, child: Child) -> dict[str, list[float] | str]:
    """Decode a file in every way; the child tells a hang, a crash and any error but MediaError by raising."""
    outcomes: dict[str, list[float] | str] = {}
    for decoder in PASSES:
        outcome = child.call(observe.outcome, path, decoder)
        if isinstance(outcome, str):
            assert outcome.endswith(".")
            assert str(path.parent) not in outcome
        else:
            assert outcome
            assert all(0 <= before < after for before, after in pairwise(outcome))
        outcomes[decoder or "key frames"] = outcome
    return outcomes


@repeatable
@given(name=st.sampled_from(NAMES), seed=st.integers(0, 10**6), flips=st.sampled_from([1, 10, 200]))
def test_flipped_bits(name: str, seed: int, flips: int, folder: Path, clip: ClipMaker, child: Child) -> None:
    data = bytearray(clip(name).path.read_bytes())
    chance = random.Random(seed)
    for _ in range(flips):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path = folder / f"flipped-{name}"
    path.write_bytes(data)
    check(path, child)


@repeatable
@given(name=st.sampled_from(NAMES), cut=st.floats(0.01, 0.99), head=st.booleans())
def test_truncated(name: str, cut: float, head: bool, folder: Path, clip: ClipMaker, child: Child) -> None:
    data = clip(name).path.read_bytes()
    at = int(cut * len(data))
    path = folder / f"truncated-{name}"
    path.write_bytes(data[at:] if head else data[:at])
    check(path, child)


def _zeroed(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(2000) + data[middle + 2000 :]


def _noise(data: bytes) -> bytes:
    return data[:64] + random.Random(0).randbytes(20_000)


@pytest.mark.parametrize("damage", [_zeroed, _noise])
@pytest.mark.parametrize("name", NAMES)
def test_damaged_stretches(
    name: str, damage: Callable[[bytes], bytes], folder: Path, clip: ClipMaker, child: Child
) -> None:
    path = folder / name
    path.write_bytes(damage(clip(name).path.read_bytes()))
    check(path, child)


def test_what_is_whole_of_a_damaged_file_is_decoded(folder: Path, clip: ClipMaker, child: Child) -> None:
    """Two of the three groups of pictures are whole; also after decord has failed."""
    truth = clip("h264.mp4")
    data = bytearray(truth.path.read_bytes())
    middle = data.index(b"mdat") + (len(data) - data.index(b"mdat")) // 2
    data[middle - 300 : middle] = bytes(300)
    path = folder / "damaged.mp4"
    path.write_bytes(data)
    for decoder in IN_TURN:
        (seen,) = child.call(observe.frames, path, decoder, Query(EVERY))
        right = [frame.number for frame in seen if abs(frame.time - frame.number / 25) < 1e-3]
        assert len(right) >= 40


@pytest.mark.parametrize("name", ["h264_index_first.mp4", "h264.mkv", "vp9.webm", "h264.ts", "mjpeg.avi"])
def test_what_was_written_of_an_unfinished_recording_is_right(
    name: str, folder: Path, clip: ClipMaker, child: Child
) -> None:
    data = clip(name).path.read_bytes()
    path = folder / name
    path.write_bytes(data[: len(data) * 3 // 5])
    for decoder in IN_TURN:
        (seen,) = child.call(observe.frames, path, decoder, Query(EVERY))
        whole = seen[:-4]  # pictures are stored out of order, and the last one may be cut
        assert len(whole) >= 15
        assert [frame.number for frame in whole] == list(range(len(whole)))
        assert [frame.time for frame in whole] == pytest.approx([n / RATE for n in range(len(whole))], abs=0.0011)


def test_a_joined_recording_whose_size_and_clock_change_ends(folder: Path, child: Child) -> None:
    """Decoders that trust the clock hang on it; the first recording is right, and frames have one size."""
    transport = f"{X264} -muxdelay 0"
    parts = [
        Recipe("first.ts", transport).encode(folder),
        Recipe("second.ts", transport, width=192, height=144).encode(folder),
    ]
    path = folder / "joined.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    for decoder in IN_TURN:
        seen, middle = child.call(observe.frames, path, decoder, Query(EVERY), Query(EVERY, [(1.0, 2.0)]))
        assert [frame.number for frame in seen[:73]] == list(range(73))
        assert all(before.time < after.time for before, after in pairwise(seen))
        assert {frame.shape for frame in seen} == {(96, 128, 3)}
        assert [frame.number for frame in middle] == list(range(25, 50))
    assert check(path, child)["key frames"] == [0.0, 1.0, 2.0]


def test_a_stamp_that_jumps_ahead_costs_one_frame(folder: Path, clip: ClipMaker, child: Child) -> None:
    path = folder / "jump.mkv"
    jump = "setts=pts=if(eq(N\\,30)\\,PTS+900\\,PTS)"
    ffmpeg(f"-i IN -c copy -bsf:v {jump}", path, source=clip("mpeg4.mkv").path)
    (seen,) = child.call(observe.frames, path, SAFE, Query(EVERY))
    assert len(seen) >= 73


def test_packed_mpeg4_comes_in_order(folder: Path, clip: ClipMaker, child: Child) -> None:
    """DivX files pack two pictures into one packet, and FFmpeg guesses their times wrong."""
    path = folder / "packed.avi"
    ffmpeg("-i IN -c:v libxvid -bf 2 -g 25 -q:v 3", path, source=clip("h264.mp4").path)
    (seen,) = child.call(observe.frames, path, AUTO, Query(EVERY))
    numbers = [frame.number for frame in seen]
    assert len(numbers) >= 70
    assert numbers == sorted(set(numbers))
