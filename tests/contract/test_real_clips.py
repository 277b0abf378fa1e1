"""The contract on real videos, of which only what decoders agree on is known.

They lie in the folder that the variable RETAKE_DEMO_CLIPS names.
"""

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from retake_core.errors import MediaError
from retake_core.media.decoders.registry import DECODERS, SAFE
from retake_core.media.ffmpeg.probe import probe
from retake_core.media.frames import in_span
from tests.contract import observe
from tests.contract.child import Child
from tests.contract.observe import EVERY, Query

_ENDINGS = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".ts", ".ogg", ".ogv", ".wmv", ".flv", ".3gp"}
_EFFORT = 4e6  # pixels of a frame times seconds that are decoded of each clip


def _clips() -> list[Path]:
    folder = os.environ.get("RETAKE_DEMO_CLIPS")
    found = sorted(Path(folder).rglob("*")) if folder else []
    return [path for path in found if path.suffix.lower() in _ENDINGS and _is_video(path)]


def _is_video(path: Path) -> bool:
    try:
        return probe(path).duration > 0
    except MediaError:
        return False


@pytest.mark.parametrize("path", _clips(), ids=lambda path: path.name)
def test_a_real_clip_keeps_the_contract(path: Path, child: Child) -> None:
    info = probe(path)
    end = min(info.duration, _EFFORT / (info.width * info.height))
    spans = [(end / 3, end / 2), (end * 0.8, end)]
    head = Query(EVERY, [(0.0, end)])
    full, part = child.call(observe.frames, path, SAFE, head, Query(EVERY, spans))
    assert all(before.time < after.time for before, after in pairwise(full))
    assert 0 <= full[0].time < 0.5
    assert end - 1 < full[-1].time < end
    assert len({frame.shape for frame in full}) == 1
    assert part == [frame for frame in full if any(in_span(frame.time, span) for span in spans)]
    keys, packets = child.call(observe.key_frames, path, 2.0)
    assert {key for key in keys if key.time < end - 0.01} <= set(full)
    assert np.nanmax(packets.times) == pytest.approx(info.duration, abs=1)
    for decoder in DECODERS:
        if child.call(observe.reads, path, decoder.name):
            (others,) = child.call(observe.frames, path, decoder.name, head)
            assert [frame.time for frame in others] == [frame.time for frame in full]
