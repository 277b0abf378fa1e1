"""What an answer on another computer wants of the one with the library, and how it gets it."""

import itertools
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from retake_core.cancel import CancelToken
from retake_core.media.video_info import Span

AHEAD = 4  # items that may wait to be used
_POLL = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class SpansWanted:
    """Which frames of a video are worth reading at a rate; one item is given, as `Guide.spans` returns it.

    Attributes:
        fingerprint: of the video.
        rate: frames a second.
        feed: where it is to be given.
    """

    fingerprint: str
    rate: float
    feed: int = 0


@dataclass(frozen=True, slots=True)
class FramesWanted:
    """Frames of a video; items are lists of `SentFrame`, then None, or a sentence that says why there are no more.

    Attributes:
        fingerprint: of the video.
        rate: frames a second.
        spans: in which they lie; None is the whole video.
        short_side: pixels of their shorter side, at most.
        feed: where they are to be given.
    """

    fingerprint: str
    rate: float
    spans: Sequence[Span] | None
    short_side: int
    feed: int = 0


Wanted = SpansWanted | FramesWanted


@dataclass(frozen=True, slots=True)
class SentFrame:
    """A frame on its way: its time in seconds, and its picture as JPEG."""

    time: float
    picture: bytes


class Feed:
    """Takes what is given in one thread, and yields it in another; who gives waits while much is not used yet."""

    def __init__(self, token: CancelToken) -> None:
        self._token = token
        self._items: queue.Queue[Any] = queue.Queue(AHEAD)
        self._closed = threading.Event()

    def give(self, item: Any) -> bool:
        """Give the next item; returns whether more are wanted."""
        while not (self._closed.is_set() or self._token.cancelled):
            try:
                self._items.put(item, timeout=_POLL)
            except queue.Full:
                continue
            return True
        return False

    def __iter__(self) -> Iterator[Any]:
        """Wait for items; the caller knows which is the last.

        Raises:
            Cancelled: a stop was asked for.
        """
        while True:
            self._token.check()
            try:
                item = self._items.get(timeout=_POLL)
            except queue.Empty:
                continue
            yield item

    def close(self) -> None:
        """Want no more."""
        self._closed.set()


class Owner:
    """The computer with the library, as an answer on another one knows it.

    Args:
        tell: passes on what is wanted.
        token: ends all waiting.
    """

    def __init__(self, tell: Callable[[Wanted], None], token: CancelToken) -> None:
        self._tell, self._token = tell, token
        self._feeds: dict[int, Feed] = {}
        self._numbers = itertools.count(1)

    def want(self, wanted: Wanted) -> Feed:
        """Ask for something; what is given comes out of the feed."""
        number = next(self._numbers)
        feed = self._feeds[number] = Feed(self._token)
        self._tell(replace(wanted, feed=number))
        return feed

    def give(self, number: int, item: Any) -> bool:
        """Take what a feed is given; returns whether it wants more."""
        return self._feeds[number].give(item)
