"""Copies for the player show the same frames at the same times as the originals, whatever these are."""

from array import array
from pathlib import Path

import av
import pytest

import tests.contract.special_clips  # noqa: F401 - it adds its clips
from retake_core.cancel import CancelToken
from retake_core.media.decoders.pyav import PyAVSource
from retake_core.playback.copy import frame_times, make_copy
from tests.contract import barcode
from tests.contract.clips import Clip
from tests.contract.conftest import ClipMaker

COPIED = (
    "h264.ts",
    "h264.flv",
    "h264_open_group.ts",
    "h264_refresh.ts",
    "late_start.ts",
    "irregular.mp4",
    "late_video.mkv",
)
ENCODED = (
    "av1.mp4",
    "mpeg2.mpg",
    "mpeg2.ts",
    "theora.ogv",
    "h264.h264",
    "vp9_odd.webm",
    "gif.gif",
)


def microseconds(some: Clip) -> list[float]:
    return [time * 1e6 for time, _ in some.frames]


@pytest.mark.parametrize("name", ["h264.mp4", "irregular.mkv", "cut.mp4", "late_video.mp4", "cover.mkv"])
def test_frame_times_are_read_from_packets(name: str, clip: ClipMaker) -> None:
    made_of = clip(name)
    assert list(frame_times(made_of.path)) == pytest.approx(microseconds(made_of), abs=1000)


@pytest.mark.parametrize("name", [*COPIED, *ENCODED, "turned_90.mp4"])
def test_a_copy_shows_the_same_frames_at_the_same_times(name: str, clip: ClipMaker, tmp_path: Path) -> None:
    made_of = clip(name)
    told: list[float] = []
    target = tmp_path / "copy.mp4"
    made = make_copy(made_of.path, target, 1080, CancelToken(), told.append, encode=name.startswith("turned"))
    assert made.encoded == (name not in COPIED)
    assert list(made.times) == pytest.approx(microseconds(made_of), abs=1000)
    source = PyAVSource(target, short_side=1080)
    frames = list(source.frames(1000.0))
    source.close()
    assert [barcode.read(frame.image) for frame in frames] == [number for _, number in made_of.frames]
    times = array("q", (round(frame.time * 1e6) + made.shift for frame in frames))
    assert list(times) == pytest.approx(list(made.times), abs=1000)
    assert told == sorted(told)


@pytest.mark.parametrize("encode", [False, True])
def test_sound_keeps_its_place(clip: ClipMaker, tmp_path: Path, encode: bool) -> None:
    target = tmp_path / "copy.mp4"
    make_copy(clip("late_video.mkv").path, target, 1080, CancelToken(), lambda _: None, encode=encode)
    with av.open(str(target)) as container:
        (sound,) = container.streams.audio
        times = [frame.time for frame in container.decode(sound) if frame.time is not None]
    assert times[0] < 0.1  # the picture begins 0.8 s later
    assert times[-1] > 2.8
