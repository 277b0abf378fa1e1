"""When a recording was made: one instant, and one day, for filters, lists and exports alike.

A date is kept as text: a year alone, or ISO 8601. Where an offset was recorded, the day is that of the place; a
time in UTC says nothing of the place, so its day is this computer's.
"""

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from retake_core.media.recording_date import YEAR, normal, with_offset

_YEAR, _MONTH, _DAY = r"(?P<year>19[89]\d|20\d\d)", r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12]\d|3[01])"
_TIME = (  # without seconds only where a sign parts hour and minute: 1530 may be a number
    r"(?:(?:[-_ .T]|,?\s|\sat\s|\sum\s)?(?P<hour>[01]\d|2[0-3]|(?<=\sat\s)\d)"
    r"(?:[-_.:h]?(?P<minute>[0-5]\d)[-_.:m]?(?P<second>[0-5]\d)|[-.:h](?P<only_minute>[0-5]\d))"
    r"(?:\s(?P<half>[AP])M|[-_.]?\d{3})?)?(?!\d)"
)
# 03.04.2019 is of April; 03-04-2019 may be of April or of March, so only days after the 12th tell.
_IN_NAME = tuple(
    re.compile(rf"(?<!\d){day}{_TIME}")
    for day in (
        rf"{_YEAR}[-_. ]?{_MONTH}[-_. ]?{_DAY}",
        rf"{_DAY}\.{_MONTH}\.{_YEAR}",
        rf"(?!(?:0\d|1[0-2])[-_](?:0\d|1[0-2])){_DAY}(?P<by>[-_]){_MONTH}(?P=by){_YEAR}",
        rf"{_MONTH}(?P<by>[-_])(?P<day>1[3-9]|2\d|3[01])(?P=by){_YEAR}",
    )
)
_MILLISECONDS = re.compile(r"(?<!\d)1[0-9]\d{11}(?!\d)")  # since 1970, as messengers name what they keep
_UTC_NAMES = ("PXL_",)  # these cameras name files by UTC


class DateSource(StrEnum):
    """What told when a recording was made, the most trustworthy first."""

    HAND = "hand"
    FILE = "file"
    NAME = "name"
    TAKEOUT = "takeout"
    CHANGE = "change"


def in_name(name: str) -> str | None:
    """Return the date that a file's name tells in one of the usual forms, such as VID_20180203_101112, or None."""
    for match in (match for form in _IN_NAME for match in form.finditer(name)):
        parts = [int(match[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")]
        parts[4] = int(match["only_minute"] or parts[4])
        if match["half"] is not None:
            parts[3] = parts[3] % 12 + (12 if match["half"] == "P" else 0)
        try:
            told = datetime(*parts)  # type: ignore[arg-type]
        except ValueError:
            continue
        if match["hour"] is None:
            found = normal(told.date().isoformat())
        else:
            found = normal((told.replace(tzinfo=UTC) if name.startswith(_UTC_NAMES) else told).isoformat())
        if found is not None:
            return found
    counted = _MILLISECONDS.search(name)
    return None if counted is None else of_timestamp(int(counted[0]) // 1000)


def of_timestamp(seconds: float) -> str | None:
    """Return a date of so many seconds since 1970, or None where no calendar here holds it."""
    try:
        return normal(datetime.fromtimestamp(seconds, UTC).isoformat())
    except (ValueError, OverflowError, OSError):
        return None


def when(text: str) -> datetime:
    """Return a kept date as a time with the offset of its place, or of this computer."""
    if YEAR.fullmatch(text):
        return with_offset(datetime(int(text), 1, 1))
    told = datetime.fromisoformat(text)
    return told.astimezone() if told.utcoffset() == timedelta(0) else with_offset(told)


def day(text: str) -> date:
    """Return the one day of a kept date."""
    return when(text).date()


def instant_us(text: str) -> int:
    """Return the instant of a kept date in microseconds since 1970."""
    return round(when(text).timestamp() * 1_000_000)
