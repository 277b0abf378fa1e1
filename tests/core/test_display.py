"""What people read: sizes, times, and names that would steer a terminal."""

import pytest

from retake_core.display import clock, data_size, printable, time_left


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (99_960, "100.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (35_240_000, "35.2 MB"),
        (999_960_000, "1.0 GB"),
        (1_840_000_000, "1.8 GB"),
        (5_200_000_000_000, "5,200.0 GB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert data_size(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.9, "0:00"), (61, "1:01"), (3_599.9, "59:59"), (3_661, "1:01:01")]
)
def test_times(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a minute left"),
        (44, "less than a minute left"),
        (70, "about a minute left"),
        (185, "about 3 minutes left"),
        (13 * 60, "about 15 minutes left"),
        (3_400, "about 55 minutes left"),
        (3_590, "about an hour left"),
        (5_300, "about 1.5 hours left"),
        (20_000, "about 5 hours left"),
        (90_000, "about 25 hours left"),
        (200_000, "about 2 days left"),
    ],
)
def test_the_time_left_is_told_as_exactly_as_it_can_be_known(seconds: float, text: str) -> None:
    assert time_left(seconds) == text
    assert time_left(seconds, lambda sentence: sentence.replace("left", "noch")) == text.replace("left", "noch")


def test_names_cannot_steer_a_terminal() -> None:
    assert printable("a\x1b[2Jb\u202e") == "a\\x1b[2Jb\\u202e"
    assert printable("one\ntwo\r", keep="\n") == "one\ntwo\\r"
