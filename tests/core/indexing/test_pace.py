"""How far a pass says that it is, how fast, and how long it will still take."""

from pathlib import Path

import pytest

from retake_core.cancel import CancelToken, Gate
from retake_core.indexing.passes.estimate import Estimate, makespan
from retake_core.indexing.passes.pace import Pace
from retake_core.protocol.indexing_events import PassName, PassStarted, VideoProgress
from tests.support.clock import Clock

FIRST, SECOND = Path("first.mp4"), Path("second.mp4")


@pytest.fixture
def pace(clock: Clock) -> Pace:  # noqa: ARG001
    """Return the pace of a pass over two videos: 300 and 100 units of work."""
    pace = Pace(PassName.REFINED, CancelToken())
    assert pace.start([300.0, 100.0]) == PassStarted(PassName.REFINED, 2)
    return pace


def test_work_is_done_at_one_pace(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST)
    clock.seconds += 10
    video.advance(0.5, 60.0)
    progress = pace.progress()
    assert (progress.name, progress.done, progress.videos) == (PassName.REFINED, 0, 2)
    assert (progress.fraction, progress.speed) == (150 / 400, 6.0)
    assert progress.time_left == pytest.approx(10 * 250 / 150)
    assert progress.working == (VideoProgress("first.mp4", 0.5, 6.0),)


def test_what_earlier_runs_did_is_done_but_says_nothing_of_the_pace(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST, before=0.5)
    clock.seconds += 10
    video.advance(0.75, 30.0)
    progress = pace.progress()
    assert progress.fraction == 225 / 400
    assert progress.time_left == pytest.approx(10 * 175 / 75)


def test_a_video_is_measured_from_when_it_was_taken_up(pace: Pace, clock: Clock) -> None:
    pace.end(pace.begin(FIRST))
    clock.seconds += 30
    video = pace.begin(SECOND)
    clock.seconds += 10
    video.advance(0.5, 20.0)
    (working,) = pace.progress().working
    assert working.speed == 2.0


def test_what_came_since_the_last_word_is_not_known_to_be_slow(pace: Pace, clock: Clock) -> None:
    """A speech model tells of half a minute at once, when it is through with it."""
    video = pace.begin(FIRST)
    clock.seconds += 10
    video.advance(0.5, 60.0)
    clock.seconds += 9
    assert pace.rest == pytest.approx(10 * 250 / 150)
    assert pace.measured == (10, 150)


def test_a_long_rest_is_not_told_from_next_to_nothing(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST)
    clock.seconds += 3
    video.advance(0.01, 1.0)
    assert pace.progress().time_left is None
    clock.seconds += 3
    video.advance(0.1, 10.0)
    assert pace.progress().time_left == pytest.approx(6 * 370 / 30)


def test_a_rest_of_hours_is_told_after_some_seconds(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST)
    clock.seconds += 10
    video.advance(0.001, 1.0)
    assert pace.progress().time_left == pytest.approx(10 * 399.7 / 0.3)


def test_what_is_loaded_first_is_no_part_of_the_pace(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST)
    clock.seconds += 60
    video.loaded()
    clock.seconds += 10
    video.advance(0.5, 60.0)
    assert pace.progress().time_left == pytest.approx(10 * 250 / 150)


def test_loading_again_in_the_middle_is(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST)
    clock.seconds += 10
    video.advance(0.25, 30.0)
    video.loaded()
    clock.seconds += 10
    video.advance(0.5, 60.0)
    assert pace.progress().time_left == pytest.approx(20 * 250 / 150)


def test_a_video_that_ends_early_is_done_whatever_came_of_it(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST)
    clock.seconds += 10
    video.advance(0.1, 12.0)
    pace.end(video)
    progress = pace.progress()
    assert (progress.done, progress.fraction, progress.working) == (1, 0.75, ())
    assert progress.time_left == pytest.approx(10 * 100 / 30)
    assert pace.seconds == 12.0


def test_a_video_that_comes_to_nothing_says_nothing_of_the_pace(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST)
    clock.seconds += 100
    pace.end(video)
    video = pace.begin(SECOND)
    clock.seconds += 10
    video.advance(0.5, 12.0)
    assert pace.progress().time_left == pytest.approx(10)


def test_a_video_that_is_tried_again_is_not_counted_twice(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST)
    clock.seconds += 10
    video.advance(0.9, 100.0)
    pace.withdraw(video)
    assert (pace.progress().fraction, pace.seconds) == (0.0, 0.0)
    pace.end(pace.begin(FIRST))
    pace.end(pace.begin(SECOND))
    assert (pace.progress().fraction, pace.progress().time_left) == (1.0, 0.0)


def test_what_is_held_up_is_no_work(clock: Clock) -> None:
    gate = Gate()

    class Token(CancelToken):
        def sleep(self, seconds: float) -> None:
            if seconds and self.held:
                clock.seconds += 1000
                gate.release("user")

    token = Token(gate)
    pace = Pace(PassName.SPEECH, token)
    pace.start([100.0])
    video = pace.begin(FIRST)
    clock.seconds += 5
    gate.hold("user")
    token.check()
    clock.seconds += 5
    video.advance(0.5, 50.0)
    progress = pace.progress()
    assert (progress.speed, progress.time_left) == (5.0, 10.0)
    assert progress.working[0].speed == 5.0


def test_nothing_is_told_of_the_time_before_there_is_something_to_tell(pace: Pace, clock: Clock) -> None:
    video = pace.begin(FIRST)
    clock.seconds += 1
    video.advance(0.01, 1.0)
    assert pace.progress().time_left is None
    clock.seconds += 60
    assert pace.progress().time_left is not None


def test_unknown_work_is_no_reason_to_fail(clock: Clock) -> None:
    pace = Pace(PassName.SPEECH, CancelToken())
    pace.start([0.0])
    video = pace.begin(FIRST)
    clock.seconds += 10
    video.advance(0.0, 30.0)
    progress = pace.progress()
    assert (progress.fraction, progress.speed, progress.time_left) == (0.0, 3.0, None)


def test_it_is_told_at_once_and_then_ten_times_a_second(pace: Pace, clock: Clock) -> None:
    told = 0
    for _ in range(100):
        told += len(list(pace.tell()))
        clock.seconds += 0.01
    assert told == 10


def test_what_is_known_of_the_first_videos_tells_of_those_that_wait(clock: Clock) -> None:
    pace = Pace(PassName.QUICK, CancelToken(), lanes=1)
    pace.start([100.0, 100.0])
    video = pace.begin(FIRST)
    clock.seconds += 50  # a process starts
    pace.correct(video, 300.0)
    clock.seconds += 10
    video.advance(0.5, 60.0)
    assert pace.progress().fraction == pytest.approx(150 / 600)
    assert pace.progress().time_left == pytest.approx(10 * 450 / 150)


@pytest.mark.parametrize(
    ("waited", "left"),
    [
        (10, 350 / 5),  # it has a lane for itself, which is as fast as ever
        (2, 0.8 * 400 / 10 + 0.2 * 350 / 5),  # where lanes wait for their turn, one that is left alone is faster
    ],
)
def test_the_last_long_video_is_left_alone(clock: Clock, waited: float, left: float) -> None:
    pace = Pace(PassName.REFINED, CancelToken(), lanes=2)
    pace.start([100.0, 400.0])
    short, long = pace.begin(FIRST), pace.begin(SECOND)
    with pace.waiting():
        clock.seconds += waited
    clock.seconds += 10 - waited
    short.advance(0.5, 10.0)
    long.advance(0.125, 10.0)
    assert pace.progress().time_left == pytest.approx(left)


def test_a_video_that_is_not_open_yet_counts_as_those_before_it(clock: Clock) -> None:
    pace = Pace(PassName.QUICK, CancelToken())
    pace.start([100.0, 100.0])
    first = pace.begin(FIRST)
    pace.correct(first, 300.0)
    clock.seconds += 10
    first.advance(1.0, 60.0)
    pace.end(first)
    pace.begin(SECOND)
    assert pace.progress().fraction == pytest.approx(0.5)


def test_lanes_take_the_queue_as_they_become_free() -> None:
    assert makespan([], [3, 3, 4], 2) == 7
    assert makespan([5.0], [1, 1, 1], 2) == 5
    assert makespan([], [], 3) == 0


def test_what_is_known_before_is_told_at_once_and_corrected_by_how_it_goes(clock: Clock) -> None:
    pace = Pace(PassName.DESCRIBE, CancelToken())
    pace.start([300.0, 100.0], per_unit=1.0)
    assert pace.progress().time_left == pytest.approx(400)
    video = pace.begin(FIRST)
    clock.seconds += 10
    assert pace.progress().time_left == pytest.approx(400, abs=11), "nothing is done, so nothing is known better"
    left: list[float] = []
    for done in range(1, 301):  # at half of the pace
        clock.seconds += 2
        video.advance(done / 300, done)
        left.append(pace.progress().time_left or 0.0)
    assert left[-1] == pytest.approx(200, rel=0.15)
    assert max(left) < 800
    assert pace.rest == pytest.approx(610 / 300 * 100), "what others are told from is only what was measured"


def test_an_estimate_leans_towards_what_is_measured_and_does_not_jump(clock: Clock) -> None:
    estimate = Estimate(CancelToken())
    clock.seconds += 100
    assert estimate.left(60.0) == 60.0
    clock.seconds += 1
    told = estimate.left(120.0)
    assert told is not None
    assert 59 < told < 70
    for _ in range(100):
        clock.seconds += 1
        told = estimate.left(120.0)
    assert told is not None
    assert 95 < told < 120  # behind by as long as it remembers
    assert estimate.left(0.0) == 0.0
