"""What is given to an answer on another computer: in order, no more than is wanted, and not for ever."""

from threading import Thread
from typing import Any

import numpy as np
import pytest

from retake_core.cancel import CancelToken
from retake_core.cluster.far_video import FarGuide, SentFrames
from retake_core.cluster.feed import AHEAD, FramesWanted, Owner, SentFrame, SpansWanted, Wanted
from retake_core.errors import Cancelled, MediaError
from retake_core.media.thumbnails import encode_thumbnail

PICTURE = encode_thumbnail(np.full((16, 24, 3), 200, dtype=np.uint8))


class Library:
    """Gives what is wanted of it, in a thread."""

    def __init__(self, *items: Any) -> None:
        self.wanted: list[Wanted] = []
        self.taken: list[bool] = []
        self.token = CancelToken()
        self.owner = Owner(self._give, self.token)
        self._items = items

    def _give(self, wanted: Wanted) -> None:
        self.wanted.append(wanted)
        self._thread = Thread(target=self._work, args=(wanted.feed,))
        self._thread.start()

    def _work(self, feed: int) -> None:
        for item in self._items:
            self.taken.append(self.owner.give(feed, item))

    def join(self) -> None:
        self._thread.join()


def batches(number: int) -> list[list[SentFrame]]:
    return [[SentFrame(2.0 * index, PICTURE), SentFrame(2.0 * index + 1, PICTURE)] for index in range(number)]


def test_frames_come_in_their_order() -> None:
    library = Library(*batches(2 * AHEAD), None)
    frames = list(SentFrames("clip", 16, library.owner).frames(1.0, [(0.0, 99.0)]))
    assert [frame.time for frame in frames] == [float(time) for time in range(4 * AHEAD)]
    assert frames[0].image.shape == (16, 24, 3)
    assert library.wanted == [FramesWanted("clip", 1.0, [(0.0, 99.0)], 16, feed=1)]


def test_why_there_are_none_is_told() -> None:
    library = Library(*batches(1), "The decoder crashes or hangs on it.")
    frames = SentFrames("clip", 16, library.owner).frames(1.0)
    assert [next(frames).time, next(frames).time] == [0.0, 1.0]
    with pytest.raises(MediaError, match="crashes or hangs"):
        next(frames)


def test_who_gives_is_told_when_no_more_is_wanted() -> None:
    library = Library(*batches(3 * AHEAD))
    reader = SentFrames("clip", 16, library.owner)
    next(reader.frames(1.0))
    reader.close()
    library.join()
    assert library.taken[0]
    assert not library.taken[-1]


def test_a_stop_ends_both_sides() -> None:
    library = Library(*batches(3 * AHEAD))
    frames = SentFrames("clip", 16, library.owner).frames(1.0)
    next(frames)
    library.token.cancel()
    library.join()
    with pytest.raises(Cancelled):
        list(frames)


def test_the_library_says_which_frames_to_read() -> None:
    library = Library([(0.0, 2.0), (3.0, 4.0)])
    assert FarGuide(fingerprint="clip", owner=library.owner).spans(0.5) == [(0.0, 2.0), (3.0, 4.0)]
    assert library.wanted == [SpansWanted("clip", 0.5, feed=1)]
