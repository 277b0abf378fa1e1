"""Which pictures are of use only where others refer to them: no sampling cell begins with them.

Packets' times tell that, before anything is decoded.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence

from retake_core.media.ffmpeg.picture import Picture
from retake_core.media.frames import SAME_TIME, TOLERANCE, in_span, sample_cell
from retake_core.media.video_info import Span

_REMEMBERED = 256  # cells: more than lie between a packet and the picture that it gives


class MissedPictureError(Exception):
    """The picture with which a cell begins did not come: what was left out might have stood in for it."""


class EveryPicture:
    """Wants every picture."""

    def may_begin(self, time: float) -> bool:  # noqa: ARG002
        """Return whether a picture may be the first of its cell, as far as packets tell by now; asked once."""
        return True

    def is_outside(self, time: float) -> bool:  # noqa: ARG002
        """Return whether no picture is wanted at a time."""
        return False

    def shown(self, picture: Picture) -> None:
        """Take note that a picture came, after all that are shown before it.

        Raises:
            MissedPictureError: one before it should have come, and has not.
        """

    def take(self, time: float) -> None:
        """Take note that a picture stands for its cell."""

    def end(self) -> None:
        """Take note that there are no more pictures.

        Raises:
            MissedPictureError: there should have been.
        """


EVERY_PICTURE = EveryPicture()


class CellBeginnings(EveryPicture):
    """Knows by packets' times which pictures may be the first of their sampling cell.

    Args:
        rate: cells per second.
        spans: only pictures inside these sorted, disjoint spans count; None is the whole video.
    """

    def __init__(self, rate: float, spans: Sequence[Span] | None) -> None:
        self._rate = rate
        self._spans = [(0.0, math.inf)] if spans is None else list(spans)
        self._starts = [start for start, _ in self._spans]
        self._first: dict[int, float] = {}  # the least time of each cell that was not taken yet
        self._taken = -1

    def may_begin(self, time: float) -> bool:
        """Return whether a picture may be the first of its cell; see `EveryPicture`."""
        cell = sample_cell(time, self._rate)
        if self.is_outside(time) or cell <= self._taken:
            return False
        if time >= self._first.get(cell, math.inf):
            return False
        self._first[cell] = time
        if len(self._first) > _REMEMBERED:
            raise MissedPictureError
        return True

    def is_outside(self, time: float) -> bool:
        """Return whether no picture is wanted at a time; see `EveryPicture`."""
        span = bisect_right(self._starts, time + TOLERANCE) - 1
        return span < 0 or not in_span(time, self._spans[span])

    def shown(self, picture: Picture) -> None:
        """Take note that a picture came; see `EveryPicture`."""
        time, coded = picture
        # Of interlaced pictures, each field may have a packet of its own, which cannot be left out alone; and what
        # covers up damage is taken from the picture before, whichever that is.
        missed = any(first < time - SAME_TIME for first in self._first.values())
        if missed or coded.interlaced_frame or coded.is_corrupt:
            raise MissedPictureError

    def take(self, time: float) -> None:
        """Take note that a picture stands for its cell."""
        self._taken = sample_cell(time, self._rate)
        self._first.pop(self._taken, None)

    def end(self) -> None:
        """Take note that there are no more pictures; see `EveryPicture`."""
        if self._first:
            raise MissedPictureError
