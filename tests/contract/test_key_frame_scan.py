"""The quick pass gives codec key frames at exactly the times that a full pass gives them."""

import math
from pathlib import Path

import numpy as np
import pytest

from retake_core.media.decoders.registry import SAFE
from tests.contract import observe
from tests.contract.child import Child
from tests.contract.clips import ffmpeg
from tests.contract.conftest import ClipMaker
from tests.contract.observe import EVERY, Query
from tests.contract.special_clips import ALL

SPLIT_PACKETS = {"vp8.webm", "irregular.webm"}  # with packets that show nothing
NO_TIMES = {"h264.h264"}


@pytest.mark.parametrize("name", ALL)
def test_key_frames_are_frames_of_the_full_pass(name: str, clip: ClipMaker, child: Child) -> None:
    truth = clip(name)
    keys, packets = child.call(observe.key_frames, truth.path, EVERY)
    (every,) = child.call(observe.frames, truth.path, SAFE, Query(EVERY))
    assert keys
    assert set(keys) <= set(every)
    assert [key.time for key in keys] == sorted({key.time for key in keys})
    assert len(packets.times) == len(packets.sizes) == len(packets.keys) >= len(every)
    assert packets.keys[0]
    assert (packets.sizes > 0).all()
    if name not in NO_TIMES:
        shown = packets.times[packets.times >= 0]
        assert set(np.round(shown, 6)) >= {frame.time for frame in every}


@pytest.mark.parametrize("name", ["h264_intra.mp4", "mjpeg.avi", "prores.mov", "h264.mp4", "long.mkv"])
def test_at_most_one_key_frame_comes_from_each_cell(name: str, clip: ClipMaker, child: Child) -> None:
    rate = 3.0
    every, _ = child.call(observe.key_frames, clip(name).path, EVERY)
    sampled, _ = child.call(observe.key_frames, clip(name).path, rate)
    cells: dict[int, observe.Seen] = {}
    for frame in every:
        cells.setdefault(math.floor((frame.time + 0.001) * rate), frame)
    assert sampled == list(cells.values())


def test_a_file_that_begins_without_a_key_frame_gives_its_first_frame(clip: ClipMaker, child: Child) -> None:
    """What is left of a cut recording may have no key packet that is shown."""
    path = clip("cut.mp4").path
    keys, _ = child.call(observe.key_frames, path, EVERY)
    (every,) = child.call(observe.frames, path, SAFE, Query(EVERY))
    assert keys[0] in every


def test_a_cut_just_behind_a_key_frame_does_not_hide_how_far_they_are_apart(tmp_path: Path) -> None:
    path = tmp_path / "moves.mp4"
    keys = "0,1,1.2,2.2,3.2,4.2,5.2,6.2,7.2,8.2,9.2"
    ffmpeg(
        "-f lavfi -i testsrc2=size=64x48:rate=25:duration=10,rotate=t*2 -an -c:v libx264 -preset ultrafast "
        f"-g 250 -sc_threshold 0 -force_key_frames {keys}",
        path,
    )
    frames, packets = observe.key_frames(path, 2.0)
    assert [frame.time for frame in frames] == [0, 1, 2.2]
    assert packets.moving.tolist() == [3.2, 4.2, 5.2, 6.2, 7.2, 8.2, 9.2]
