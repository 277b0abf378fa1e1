"""A moment as an argument of a command: VIDEO@TIME."""

import math

from retake_core.errors import UserError


def parse_moment(text: str) -> tuple[str, float]:
    """Return the video and the seconds that `VIDEO@TIME` names; the time as 65, 1:05 or 0:01:05.

    Raises:
        UserError: it names none.
    """
    name, _, time = text.rpartition("@")
    try:
        seconds = 0.0
        for part in time.split(":"):
            seconds = seconds * 60 + float(part)
    except ValueError:
        seconds = -1.0
    if not name or not 0 <= seconds < math.inf:
        raise UserError(f"{text} names no moment; write it as party.mp4@1:05.")
    return name, seconds
