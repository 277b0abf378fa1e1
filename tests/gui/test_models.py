from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from retake_core.library.catalog import KeyframeEntry, VideoEntry
from retake_core.library.videos import Depth
from retake_core.protocol import Hit
from retake_desktop.reel import Reel, most_prominent
from retake_desktop.search_model import group

TIMES = st.lists(st.floats(0, 100), min_size=1, max_size=40, unique=True)


def keyframes(times: list[float]) -> list[KeyframeEntry]:
    return [KeyframeEntry(i, 1, t, (i * 7919 % 101) / 101) for i, t in enumerate(sorted(times))]


def video(number: int) -> VideoEntry:
    path = Path(f"/clips/{number}.mp4")
    return VideoEntry(
        id=number,
        fingerprint=str(number),
        paths=(path,),
        offline=False,
        duration=60.0,
        width=64,
        height=48,
        codec="h264",
        recorded=None,
        keyframes=5,
        depth=Depth.REFINED,
        error=None,
        modified=0.0,
    )


@given(TIMES, st.integers(1, 12))
def test_the_strip_holds_the_most_prominent_in_order(times: list[float], capacity: int) -> None:
    entries = keyframes(times)
    shown = most_prominent(entries, 20.0, 80.0, capacity)
    inside = [e for e in entries if 20.0 <= e.time <= 80.0]
    assert shown == sorted(shown, key=lambda e: e.time)
    assert len(shown) == min(capacity, len(inside))
    hidden = [e for e in inside if e not in shown]
    assert all(h.prominence <= s.prominence for h in hidden for s in shown)


@given(TIMES, st.lists(st.tuples(st.floats(-4, 4), st.floats(0, 100)), max_size=8))
def test_the_range_stays_inside_the_video(times: list[float], steps: list[tuple[float, float]]) -> None:
    reel = Reel()
    reel.load(keyframes(times), 100.0)
    for step, around in steps:
        reel.zoom(step, around)
        reel.set_time(around)
        assert -1e-6 <= reel.start < reel.end <= reel.duration + 1e-6
        assert reel.start - 1e-6 <= around <= reel.end + 1e-6 or around > reel.duration


def test_neighbours_are_found_from_anywhere() -> None:
    reel = Reel()
    reel.load(keyframes([1.0, 2.0, 3.0]), 4.0)
    reel.set_time(2.0)
    before, after = reel.neighbour(-1), reel.neighbour(1)
    assert before is not None
    assert after is not None
    assert (before.time, after.time) == (1.0, 3.0)
    reel.set_time(3.5)
    assert reel.neighbour(1) is None


def test_results_are_grouped_by_video_in_order_of_the_best() -> None:
    hits = [Hit(2, 20, 1, 1, 2, 0.9), Hit(1, 10, 5, 5, 6, 0.8), Hit(2, 21, 3, 3, 4, 0.7), Hit(9, 90, 0, 0, 1, 0.6)]
    rows = group(hits, {1: video(1), 2: video(2)})
    assert [(row.video.id, row.hit and row.hit.keyframe_id) for row in rows] == [
        (2, None),
        (2, 20),
        (2, 21),
        (1, None),
        (1, 10),
    ]
    assert rows[0].count == 2
