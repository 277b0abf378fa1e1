from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex

from retake_core.encoders.attributes import NAMES
from retake_core.library.catalog import VideoEntry, VideoRow
from retake_core.library.indexing import Depth
from retake_core.library.keyframes import KeyframeEntry
from retake_core.protocol.search_events import FoundMoment
from retake_desktop.library.edits import compare
from retake_desktop.library.model import Arrangement, GridContents, VideoGridModel, arrange
from retake_desktop.library.sorting import Sort
from retake_desktop.player.timeline_model import Reel, most_prominent
from retake_desktop.search.results_model import describe, group, reasons

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
    hits = [
        FoundMoment(2, 20, 1, 1, 2, 0.9),
        FoundMoment(1, 10, 5, 5, 6, 0.8),
        FoundMoment(2, 21, 3, 3, 4, 0.7),
        FoundMoment(9, 90, 0, 0, 1, 0.6),
    ]
    rows = group(hits, {1: video(1), 2: video(2)})
    assert [(row.video and row.video.id, row.hit and row.hit.keyframe_id) for row in rows] == [
        (2, None),
        (2, 20),
        (2, 21),
        (1, None),
        (1, 10),
    ]
    assert rows[0].count == 2


def test_what_is_said_in_other_words_is_told_so() -> None:
    hit = FoundMoment(1, 10, 5, 5, 6, 0.8, ("picture", "said"), "We can't afford it.", by_meaning=True)
    shown = group([hit], {1: video(1)})[1]
    assert reasons(hit) == ["Picture", "Said, in other words"]
    assert describe(shown).endswith("Picture, Said, in other words, We can't afford it.")


def test_a_result_says_what_its_picture_has() -> None:
    hit = FoundMoment(1, 10, 5, 5, 6, 0.8, ("picture",), shows=("red circle", "dark"))
    assert reasons(hit) == ["Picture: red circle, dark"]
    for name in NAMES:
        hit = FoundMoment(1, 10, 5, 5, 6, 0.8, ("picture",), shows=(name,))
        assert reasons(hit) == [f"Picture: {name}"]


def row(number: int, keyframes: int = 5) -> VideoRow:
    path = f"/clips/{number * 7919 % 101:03}.mp4".encode()
    return VideoRow(number, str(number), path, 0, 0, number, 64, 48, "h264", None, keyframes, 2, None, None)


SHELVES = st.dictionaries(st.integers(0, 100), st.integers(0, 2), max_size=60)


@given(SHELVES, SHELVES, st.frozensets(st.integers(0, 100).map(str)))
def test_a_changed_library_comes_to_the_same_rows_as_a_new_one(
    before: dict[int, int], after: dict[int, int], ready: frozenset[str]
) -> None:
    first = GridContents(shown=arrange([row(*pair) for pair in before.items()], Arrangement()))
    shown = arrange([row(*pair) for pair in after.items()], Arrangement())
    model = VideoGridModel()
    model.show(first)
    model.show(GridContents(shown=shown, ready=ready, edits=compare(first.shown, shown, ready)))
    whole = VideoGridModel()
    whole.show(GridContents(shown=shown, ready=ready))
    assert model.items == whole.items
    assert model.rowCount() == len(after)


def test_what_stays_in_the_grid_keeps_its_place() -> None:
    rows = [row(number) for number in range(60)]
    model = VideoGridModel()
    model.show(GridContents(shown=rows))
    kept = QPersistentModelIndex(model.index(30))
    shown = [row(200), *rows[10:50], row(201), row(55, keyframes=9)]
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    model.show(GridContents(shown=shown, edits=compare(rows, shown)))
    assert kept.isValid()
    assert kept.data(VideoGridModel.ITEM).entry.id == 30
    assert changed == [(42, 42)]


def test_many_videos_are_sorted_like_few() -> None:
    rows = [row(number) for number in range(5000)]
    names = [r.path for r in arrange(rows, Arrangement())]
    assert names == sorted(names)
    dated = [r._replace(dated=f"{1990 + r.id % 30}-02-03", mtime_ns=0) for r in rows[:90]]
    newest = [r.dated for r in arrange(dated, Arrangement(sort=Sort.DATE))]
    assert newest == sorted(newest, reverse=True, key=str)
    assert [r.dated for r in arrange(dated, Arrangement(sort=Sort.DATE, backwards=True))] == newest[::-1]
    longest = [r.duration_us for r in arrange(rows, Arrangement(sort=Sort.LENGTH))]
    assert longest == list(range(4999, -1, -1))
