"""Pictures that no other refers to are left out, and nobody can tell."""

import random
from pathlib import Path

import pytest

from retake_core.media.ffmpeg.skipping import CellBeginnings, MissedPictureError
from tests.contract import observe
from tests.contract.child import Child
from tests.contract.conftest import ClipMaker
from tests.contract.observe import Query, Seen
from tests.contract.special_clips import ALL

QUERIES = (Query(2.0), Query(7.0), Query(3.0, [(0.4, 1.1), (1.9, 2.6)]), Query(1.0, [(1.5, 100.0)]))
CLIPS = (
    *("h264.mp4", "h264_pyramid.mp4", "h264.ts", "h264_one_group.mp4", "irregular.mp4", "h264.mov"),
    *("h264_open_pyramid.mp4", "h264_intra.mp4", "hevc.mp4", "hevc.mkv", "hevc.ts", "hevc_10bit.mp4"),
    *("hevc_pyramid.mp4", "hevc_open_pyramid.ts", "hevc_layers.mp4", "hevc_layers.ts"),
)


assert set(CLIPS) <= set(ALL)


@pytest.mark.parametrize("name", CLIPS)
def test_what_is_left_out_changes_nothing(name: str, clip: ClipMaker, child: Child) -> None:
    path = clip(name).path
    frugal, whole = child.call(observe.skipping, path, *QUERIES), child.call(observe.decoding_all, path, *QUERIES)
    assert frugal.seen == whole.seen
    assert frugal.decoded < 0.8 * whole.decoded


@pytest.mark.parametrize("seed", range(14))
def test_in_a_damaged_file_it_costs_no_frame(seed: int, clip: ClipMaker, child: Child, folder: Path) -> None:
    """Wherever the damage is: in a picture that is wanted, one that others need, or one that was left out.

    What covers it up may look different: it is made of what was decoded before.
    """
    content = bytearray(clip("h264_pyramid.mp4" if seed % 2 else "h264.ts").path.read_bytes())
    chance = random.Random(seed)
    for _ in range(3):
        at = chance.randrange(len(content) // 10, len(content) * 7 // 10)
        content[at : at + 12] = chance.randbytes(12)
    path = folder / f"damaged.{'mp4' if seed % 2 else 'ts'}"
    path.write_bytes(content)
    frugal, whole = child.call(observe.skipping, path, *QUERIES), child.call(observe.decoding_all, path, *QUERIES)
    assert [_times(seen) for seen in frugal.seen] == [_times(seen) for seen in whole.seen]


def _times(seen: list[Seen] | str) -> list[float] | str:
    return seen if isinstance(seen, str) else [frame.time for frame in seen]


def test_a_picture_is_wanted_while_none_before_it_in_its_cell_is_known() -> None:
    wanted = CellBeginnings(2.0, [(0.0, 1.0), (3.2, 9.0)])
    asked = (0.6, 0.4, 0.5, 0.55, 1.2, 3.1, 3.3, 3.4)
    assert [time for time in asked if wanted.may_begin(time)] == [0.6, 0.4, 0.5, 3.3]


def test_a_wanted_picture_that_does_not_come_is_missed() -> None:
    wanted = CellBeginnings(2.0, None)
    assert wanted.may_begin(0.0)
    with pytest.raises(MissedPictureError):
        wanted.end()
    wanted.take(0.0)
    wanted.end()
