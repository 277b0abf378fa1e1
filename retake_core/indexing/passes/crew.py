"""Who does the work of the passes that come last: here one piece at a time, on a cluster many.

A piece of work knows nothing of the library. What comes of it is stored by the pass that ordered it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError, UserError
from retake_core.indexing.passes.lanes import Lanes
from retake_core.protocol.indexing_events import PassName
from retake_core.settings import Settings


@dataclass(frozen=True, slots=True)
class Piece:
    """Work on one video, which any computer can do that sees it.

    Attributes:
        video_id: of the video.
        path: of its file.
        fingerprint: of its content.
    """

    video_id: int
    path: Path
    fingerprint: str


@dataclass(frozen=True, slots=True)
class PieceDone:
    """All of a piece is done."""


@dataclass(frozen=True, slots=True)
class PieceFailed:
    """The rest of a piece cannot be done, with the reason for the user: the video is why."""

    reason: str


@dataclass(frozen=True, slots=True)
class KitUnusable:
    """No piece can be done with this kit, with the reason for the user."""

    reason: str


@dataclass(frozen=True, slots=True)
class PieceLost:
    """Who worked on a piece is gone, or does not see its file: it is to be begun again."""


End = PieceDone | PieceFailed | KitUnusable | PieceLost
"""The last word of a piece."""


class Kit(Protocol):
    """What a pass works with on a computer: models, and the processes that they run in."""

    @property
    def id(self) -> str:
        """Names what decides what comes out of a piece; only what is equal may work on one library."""
        ...

    def work(self, piece: Piece, cancel: CancelToken) -> Iterator[object]:
        """Do a piece, and yield what comes of it: whatever can be pickled.

        Raises:
            MediaError: the rest cannot be done; the video is why.
            UserError: nothing can be done with this kit.
            Cancelled: a stop was asked for.
        """
        ...

    def close(self) -> None:
        """End its processes at once, whatever they do."""
        ...


class Crew(Protocol):
    """Works on pieces; each has a number, which `begin` returns."""

    @property
    def count(self) -> int:
        """How many pieces it works on at once."""
        ...

    @property
    def is_free(self) -> bool:
        """Whether it takes one more piece now."""
        ...

    @property
    def worked_here(self) -> bool:
        """Whether this computer has begun with a piece."""
        ...

    def begin(self, piece: Piece) -> int:
        """Begin with a piece, while it is free."""
        ...

    def hear(self) -> Sequence[tuple[int, object]]:
        """Wait a moment, and return what came of pieces; the last of each is an `End`.

        Raises:
            Cancelled: a stop was asked for.
        """
        ...

    def stop(self, numbers: Collection[int]) -> None:
        """Work on some pieces no longer; nothing more is heard of them."""
        ...

    def remarks(self) -> Iterator[str]:
        """Yield what the user should know of it and was not told yet, each in one sentence."""
        ...

    def close(self) -> None:
        """End all work: the pass is over."""
        ...


class Elsewhere(Lanes, Protocol):
    """Other computers that work on a run."""

    def crew(self, name: PassName, settings: Settings, kit: Kit, cancel: CancelToken) -> Crew:
        """Return who does the work of a pass; what none of the others can do is done with a kit here."""
        ...


Hire = Callable[[Kit, CancelToken], Crew]
"""Returns who works with a kit; see `LocalCrew`."""


def words(kit: Kit, piece: Piece, cancel: CancelToken) -> Iterator[object]:
    """Yield what comes of a piece; the last is an `End`, unless a stop was asked for."""
    try:
        yield from kit.work(piece, cancel)
    except MediaError as error:
        yield PieceFailed(str(error))
    except UserError as error:
        yield KitUnusable(str(error))
    else:
        yield PieceDone()


class LocalCrew:
    """Works on this computer, on one piece at a time.

    Args:
        kit: to work with.
        cancel: stops it within a second.
    """

    count = 1

    def __init__(self, kit: Kit, cancel: CancelToken) -> None:
        self._kit, self._cancel = kit, cancel
        self.number = 0  # of the last piece
        self._words: Iterator[object] | None = None

    @property
    def is_free(self) -> bool:
        """See `Crew`."""
        return self._words is None

    @property
    def worked_here(self) -> bool:
        """See `Crew`."""
        return self.number > 0

    def begin(self, piece: Piece) -> int:
        """See `Crew`."""
        self.number += 1
        self._words = words(self._kit, piece, self._cancel)
        return self.number

    def hear(self) -> Sequence[tuple[int, object]]:
        """See `Crew`: it waits until something comes of the piece."""
        if self._words is None:
            return []
        word = next(self._words)
        if isinstance(word, End):
            self._words = None
        return [(self.number, word)]

    def stop(self, numbers: Collection[int]) -> None:
        """See `Crew`."""
        if self.number in numbers:
            self._words = None

    def remarks(self) -> Iterator[str]:
        """See `Crew`."""
        return iter(())

    def close(self) -> None:
        """See `Crew`."""
        self._words = None
        self._kit.close()
