"""Describing several videos at once: each on a computer of its own."""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from queue import Empty, SimpleQueue
from types import TracebackType

from retake_core.cancel import CancelToken
from retake_core.describing.describer import DescribingEvent, Desk, VideoToDescribe
from retake_core.describing.giving_way import ConsiderateToken
from retake_core.describing.one_video import Described

POLL = 0.1  # seconds

Word = DescribingEvent | BaseException
"""What is heard of a video; the last is `Described`, or why it is not described."""

_Stream = Generator[DescribingEvent, None, None]


class Team:
    """Has videos described until the end of the block.

    One desk alone works step by step, whenever it is heard; several work in threads of their own.

    Args:
        desks: each has one video at a time.
        cancel: stops them.
        is_urgent: whether something else is to be done first; looked at all the time, in any thread.

    Attributes:
        free: the desks that have no video.
        token: that they look at; see `ConsiderateToken`.
    """

    def __init__(self, desks: Sequence[Desk], cancel: CancelToken, is_urgent: Callable[[], bool]) -> None:
        self.free = list(desks)
        self._over = False
        self.token = ConsiderateToken(cancel, lambda: self._over or is_urgent())
        self._is_alone = len(desks) == 1
        self._stream: _Stream | None = None  # of the one that is alone
        self._threads: dict[Desk, threading.Thread] = {}
        self._said: SimpleQueue[tuple[Desk, Word]] = SimpleQueue()

    def __enter__(self) -> "Team":
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what is under way; nothing more is heard of it."""
        self._over = True
        if self._stream is not None:
            self._stream.close()
        for thread in self._threads.values():
            thread.join()

    def begin(self, desk: Desk, wanted: VideoToDescribe) -> None:
        """Let a desk that is free describe a video."""
        self.free.remove(desk)
        stream = _generator(desk.describer.describe(wanted, self.token))
        if self._is_alone:
            self._stream = stream
        else:
            thread = self._threads[desk] = threading.Thread(target=self._work, args=(desk, stream), daemon=True)
            thread.start()

    def hear(self, desks: Sequence[Desk]) -> tuple[Desk, Word] | None:
        """Return the next word of one of the desks that have a video; None where none comes for a moment."""
        if self._is_alone:
            desk, word = desks[0], self._next()
        else:
            try:
                desk, word = self._said.get(timeout=POLL)
            except Empty:
                return None
        if isinstance(word, Described | BaseException):
            self.free.append(desk)
        return desk, word

    def drop(self, desk: Desk) -> None:
        """Give a desk that is free no more videos."""
        self.free.remove(desk)

    def _next(self) -> Word:
        assert self._stream is not None
        try:
            word = next(self._stream)
        except Exception as error:
            return error
        if isinstance(word, Described):
            next(self._stream, None)  # so that it ends by itself
        return word

    def _work(self, desk: Desk, stream: _Stream) -> None:
        try:
            with closing(stream):
                for word in stream:
                    self._said.put((desk, word))
        except BaseException as error:  # raised again where it is heard
            self._said.put((desk, error))


def _generator(events: Iterator[DescribingEvent]) -> _Stream:
    assert isinstance(events, Generator)
    return events
