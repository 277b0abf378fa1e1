"""Times in answers, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retake_core.videollm.evidence import Citation
from retake_core.videollm.written_times import written_times

CITED = [Citation(200.0, 198.0, 202.0, 1.0)]


def found(answer: str) -> list[tuple[str, float]]:
    return [(time.text, time.seconds) for time in written_times(answer, CITED, duration=9000.0, tolerance=4.0)]


def test_times_in_an_answer_are_found_and_checked() -> None:
    answer = "At 0:12 he waves, from 12.5 seconds to 1:02:03; the cake (2 minutes) has 3 candles, ratio 16:9."
    times = written_times(answer, [Citation(12.0, 11.0, 13.0, 1.0)], duration=100.0, tolerance=1.0)
    assert [(time.text, time.seconds, time.supported) for time in times] == [
        ("0:12", 12.0, True),
        ("12.5 seconds", 12.5, True),
        ("1:02:03", 3723.0, False),
        ("2 minutes", 120.0, False),
    ]


@given(st.integers(0, 35_999))
def test_every_clock_time_is_read_back(seconds: int) -> None:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    (time,) = written_times(f"See {text}.", [], 1e9, 1.0)
    assert (time.text, time.seconds) == (text, seconds)


@given(st.text(max_size=60))
def test_any_answer_can_be_searched(answer: str) -> None:
    for time in written_times(answer, [], 10.0, 1.0):
        assert time.seconds >= 0
        assert time.text in answer


@pytest.mark.parametrize(
    ("answer", "text", "seconds"),
    [
        ("It happens at 3 minutes and 20 seconds.", "3 minutes and 20 seconds", 200.0),
        ("at 3 min 20 s", "3 min 20 s", 200.0),
        ("at 3m20s", "3m20s", 200.0),
        ("at 00:03:20", "00:03:20", 200.0),
        ("at the 3:20 mark", "3:20", 200.0),
        ("around the 20-second mark", "20-second", 20.0),
        ("the 80s mark", "80s", 80.0),
        ("at 3'20\"", "3'20\"", 200.0),
        ("at 1 hour 2 minutes", "1 hour 2 minutes", 3720.0),
        ("at 1 hour, 2 minutes and 3.5 seconds", "1 hour, 2 minutes and 3.5 seconds", 3723.5),
        ("at 1h02m03s", "1h02m03s", 3723.0),
        ("at 1,200 seconds", "1,200 seconds", 1200.0),
        ("from 198 to 202 seconds", "198 to 202 seconds", 198.0),
        ("5 seconds into the video", "5 seconds", 5.0),
        ("他在3分20秒挥手", "3分20秒", 200.0),
        ("在第200秒出现", "200秒", 200.0),
        ("在1小时2分钟处", "1小时2分钟", 3720.0),
        ("在 3：20 处", "3：20", 200.0),
        ("bei 3 Minuten und 20 Sekunden", "3 Minuten und 20 Sekunden", 200.0),
        ("nach 12,5 Sekunden", "12,5 Sekunden", 12.5),
        ("bei 1 Std. 2 Min. zu sehen", "1 Std. 2 Min", 3720.0),
        ("The watch falls at 3:20.", "3:20", 200.0),
        ("He can watch it from 3:20 on.", "3:20", 200.0),
    ],
)
def test_a_time_is_read_as_people_write_it(answer: str, text: str, seconds: float) -> None:
    assert found(answer) == [(text, seconds)]


@pytest.mark.parametrize(
    "answer",
    [
        "It lasts 5 seconds.",
        "It takes about 2 minutes and 5 seconds.",
        "He waits for 3:20.",
        "The first 20 seconds are dark.",
        "He comes back 5 seconds later.",
        "It is a 5-second clip.",
        "The video is 2 minutes long.",
        "The video is about 2 minutes and 3 seconds in all.",
        "持续5秒",
        "5秒后他离开",
        "视频时长是3分20秒",
        "Es dauert etwa 5 Sekunden.",
        "Er wartet 5 Sekunden lang.",
    ],
)
def test_how_long_something_takes_is_no_moment(answer: str) -> None:
    assert found(answer) == []


@pytest.mark.parametrize(
    "answer",
    [
        "The clock on the wall shows 9:45.",
        "It is 9:45 on the wall clock.",
        "Her watch reads about 9:45",
        "The train leaves at 9:45 pm.",
        "Die Uhr zeigt 9:45.",
        "um 9:45 Uhr",
        "墙上的钟显示9:45",
        "现在是9点45分30秒",
        "the camera wrote 2024-05-01 09:45:12",
        "an aspect ratio of 16:10",
    ],
)
def test_what_a_clock_in_the_picture_shows_is_no_moment(answer: str) -> None:
    assert found(answer) == []


@pytest.mark.parametrize("answer", ["5 m away", "得了3分", "music of the 1980s", "in the 90s", "he is 6'2\" tall"])
def test_other_numbers_are_no_times(answer: str) -> None:
    assert found(answer) == []


def test_a_duration_beside_a_moment_leaves_the_moment() -> None:
    assert found("It lasts 5 seconds, at 3:20.") == [("3:20", 200.0)]
    assert found("It lasts from 0:10 to 0:20.") == [("0:10", 10.0), ("0:20", 20.0)]
    assert found("From 0:10 to 0:20 he sits for 10 seconds; 3:20-3:25 he dances.") == [
        ("0:10", 10.0), ("0:20", 20.0), ("3:20", 200.0), ("3:25", 205.0),
    ]  # fmt: skip
