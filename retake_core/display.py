"""How times, sizes, names and texts are written for people."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

_STEERING: Final = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f"  # controls
    "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"  # direction of writing
    "\\u2028\\u2029\\ufeff\\ud800-\\udfff]"
)


def printable(text: str, keep: str = "") -> str:
    """Return a text in which what would steer a terminal, or turn other text around, is written out.

    File names may hold line breaks, escape sequences and marks of writing direction; a name is only ever shown.

    Args:
        text: anything.
        keep: characters to leave as they are, such as line breaks.
    """
    return _STEERING.sub(lambda match: match[0] if match[0] in keep else ascii(match[0])[1:-1], text)


def one_line(text: str, most: int) -> str:
    """Return a text on one line of so many characters at most, without what would steer or turn others around."""
    line = " ".join(_STEERING.sub(" ", text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def readable(path: str | Path) -> str:
    """Return a path as text that can be shown and encoded, whatever bytes are in it."""
    return os.fsencode(path).decode(errors="backslashreplace")


def clock(seconds: float) -> str:
    """Return a time as people write it: m:ss, or h:mm:ss from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


TIME_LEFT: Final = (
    "less than a minute left",
    "about a minute left",
    "about {count} minutes left",
    "about an hour left",
    "about {count} hours left",
    "about {count} days left",
)
"""What `time_left` says; the window translates them."""


def time_left(seconds: float, say: Callable[[str], str] = str) -> str:
    """Return how long work still takes, as exactly as anybody can know it.

    Args:
        seconds: as they are estimated.
        say: translates one of `TIME_LEFT`.
    """
    below, minute, minutes, hour, hours, days = TIME_LEFT
    count = seconds / 60
    if count < 0.75:
        return say(below)
    if count < 57.5:
        rounded = round(count) if count < 10.5 else 5 * round(count / 5)
        return say(minutes).format(count=rounded) if rounded > 1 else say(minute)
    halves = round(count / 30)
    if halves <= 2:
        return say(hour)
    if halves < 96:
        return say(hours).format(count=f"{halves / 2:g}" if halves < 10 else halves // 2)
    return say(days).format(count=round(count / 60 / 24))


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number of things as English says it: 1 video, 1,200 videos."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def data_size(count: float) -> str:
    """Return a number of bytes as people write it: 812 B, 1.5 kB, 20.0 MB, 3.2 GB."""
    if count < 999.5:
        return f"{count:.0f} B"
    for unit in ("kB", "MB"):
        count /= 1000
        if count < 999.95:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:,.1f} GB"
