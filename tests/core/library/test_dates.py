"""When recordings were made: one instant and one day, whatever tells it."""

import time
from collections.abc import Iterator
from datetime import date

import pytest

from retake_core.library.dates import day, in_name, instant_us, of_timestamp
from retake_core.media.recording_date import normal


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


LOS_ANGELES = pytest.mark.parametrize("place", ["America/Los_Angeles"], indirect=True)


@LOS_ANGELES
@pytest.mark.usefixtures("place")
def test_a_time_in_utc_has_the_day_of_this_computer() -> None:
    assert day("2024-01-01T04:30:00+00:00") == date(2023, 12, 31)
    assert day("2024-01-01T04:30:00") == date(2024, 1, 1)
    assert day("2024-01-01T04:30:00+09:00") == date(2024, 1, 1), "the day of its place"


@pytest.mark.parametrize("place", ["UTC"], indirect=True)
@pytest.mark.usefixtures("place")
def test_in_utc_it_is_the_other_way_round() -> None:
    assert day("2024-01-01T04:30:00+00:00") == date(2024, 1, 1)


def test_order_is_by_instant() -> None:
    assert instant_us("2024-06-01T15:23:00+03:00") < instant_us("2024-06-01T12:37:00+00:00")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("VID-20190714-WA0003", "2019-07-14"),
        ("PXL_20190714_153000123", "2019-07-14T15:30:00+00:00"),
        ("2019-07-14 15-30-00", "2019-07-14T15:30:00"),
        ("VID_20180203_101112", "2018-02-03T10:11:12"),
        ("WhatsApp Video 2019-07-14 at 15.30.00", "2019-07-14T15:30:00"),
        ("Screen Recording 2019-07-14 at 15.30.00 (2)", "2019-07-14T15:30:00"),
        ("Screen Recording 2019-07-14 at 3.30.00\u202fPM", "2019-07-14T15:30:00"),
        ("WhatsApp Video 2019-07-14 at 12.30.00 AM", "2019-07-14T00:30:00"),
        ("20190714_153000_HDR", "2019-07-14T15:30:00"),
        ("2019_0714_153000_001", "2019-07-14T15:30:00"),
        ("signal-2019-07-14-153000", "2019-07-14T15:30:00"),
        ("20190714153000", "2019-07-14T15:30:00"),
        ("2019-07-14 15.30", "2019-07-14T15:30:00"),
        ("20190714_1530", "2019-07-14"),
        ("IMG_20190714_153012345", "2019-07-14T15:30:12"),
        ("14.07.2019", "2019-07-14"),
        ("Garten 03.04.2019 15h30", "2019-04-03T15:30:00"),
        ("14-07-2019 15-30-12", "2019-07-14T15:30:12"),
        ("07-14-2019", "2019-07-14"),
        ("07_04_2019", None),
        ("14-07.2019", None),
        ("mmexport1563118200123", "2019-07-14T15:30:00+00:00"),
        ("1563118200123", "2019-07-14T15:30:00+00:00"),
        ("15631182001234", None),
        ("1963118200123", None),
        ("IMG_20191399_101112", None),
        ("call 0041201907141530001", None),
        ("film 1080p 20fps", None),
        ("20990101_101112", None),
    ],
)
def test_names_tell_dates(name: str, expected: str | None) -> None:
    found = in_name(name)
    assert (found or "").startswith(expected or "")
    assert (found is None) == (expected is None)


def test_what_no_calendar_holds_is_unknown() -> None:
    assert of_timestamp(1e18) is None
    assert of_timestamp(10_413_792_000) is None, "the year 2300"
    assert normal("1970-01-01T00:00:00") is None
    assert normal("2019") == "2019"
    assert normal("2019:07:14 15:30:00") == normal("2019/07/14 15:30:00") == "2019-07-14T15:30:00"
    assert day("2019") == date(2019, 1, 1)
    assert normal("0000") is None
    assert normal("soon") is None
