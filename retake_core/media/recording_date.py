"""Which dates a recording may have: one rule for what is read from files and for what is kept."""

import re
from datetime import UTC, datetime, timedelta

FIRST_YEAR = 1980  # cameras without a clock write 1904 or 1970
YEAR = re.compile(r"\d{4}")
_CAMERAS_OWN = re.compile(r"(\d{4})[:/](\d\d)[:/](\d\d)(?=$|[ T])")  # as in pictures, and in the AVI of cameras
_AHEAD = timedelta(days=2)  # clocks go wrong, and places are a day apart


def normal(text: str) -> str | None:
    """Return a date that a file tells in the form that is kept, or None where it is no date or not plausible."""
    text = _CAMERAS_OWN.sub(r"\1-\2-\3", text.strip())
    if YEAR.fullmatch(text):
        return text if FIRST_YEAR <= int(text) <= datetime.now(UTC).year + 1 else None
    try:
        told = datetime.fromisoformat(text)
        plausible = told.year >= FIRST_YEAR and with_offset(told) <= datetime.now(UTC) + _AHEAD
    except (ValueError, OverflowError, OSError):
        return None
    return told.isoformat() if plausible else None


def with_offset(told: datetime) -> datetime:
    """Return a time with its offset, this computer's where it has none."""
    return told if told.tzinfo is not None else told.astimezone()
