"""Looking at the keyframes of one video after another: what is the same whatever is looked for in them."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, TypeVar

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.indexing.passes.crew import (
    Crew,
    End,
    Hire,
    Kit,
    KitUnusable,
    Piece,
    PieceDone,
    PieceFailed,
    PieceLost,
)
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.indexing.passes.speeds import PassSpeed
from retake_core.library.database import Database
from retake_core.library.indexing import DueVideo
from retake_core.library.keyframes import keyframes
from retake_core.library.settled import KeyframeStretch, SettledVideo, stretches
from retake_core.library.typical import TypicalVideo
from retake_core.media.video_file import is_unchanged
from retake_core.protocol.indexing_events import IndexingEvent, PassName, PassProgress, Remarked

STRETCH = 24  # keyframes; what a stop may cost
MAX_FAILURES = 2  # stretches of a video that fail
_AHEAD = 3  # stretches for each that is looked at at once, which may wait for one before them to be stored


Found = TypeVar("Found")


@dataclass(slots=True, eq=False)
class LookedAt:
    """A video that is looked at.

    Attributes:
        due: the video.
        parts: its keyframes.
        pace: how far it is.
        problems: stretches that failed.
        is_over: whether nothing more of it is wanted.
    """

    due: SettledVideo
    parts: Sequence[KeyframeStretch]
    pace: VideoPace
    problems: int = 0
    is_over: bool = False

    def step(self, keyframes: int) -> None:
        """Count keyframes as looked at; or, where they are less than none, as not."""
        share = keyframes / self.due.keyframes
        self.pace.advance(self.pace.fraction + share, self.pace.seconds + self.due.duration * share)


@dataclass(slots=True, eq=False)
class Stretch(Generic[Found]):
    """Keyframes that are looked at.

    Attributes:
        video: whose they are.
        part: which they are; None where all of the video was looked at before.
        found: what they show, so far.
        is_last: whether nothing of the video comes after them.
        steps: how many are done.
        end: the last word on them.
    """

    video: LookedAt
    part: KeyframeStretch | None
    found: Found
    is_last: bool
    steps: int = 0
    end: End | None = None


class StretchPass(ABC, Generic[Found]):
    """Looks at all settled videos that were not looked at yet, a stretch of keyframes at a time; use it once.

    Several stretches may be looked at at once; they are stored in the order of their videos and times, so that the
    library becomes the same wherever that is done.
    `Found` gathers what a stretch shows; what it holds is stored, also where looking failed halfway.

    Args:
        database: the library.
        name: of the pass.
        version: of it, for its stamps.
        kit: to look with.
        cancel: stops it within a second.
        hire: returns who looks.
    """

    unusable: ClassVar[type[UserError]]
    """What ends the pass: nothing can be found on this computer."""
    usual: ClassVar[float]
    """Seconds that a keyframe of usual cost takes on a computer that is neither fast nor slow."""
    after: Final = PassName.REFINED

    def __init__(
        self, database: Database, name: PassName, version: str, kit: Kit, cancel: CancelToken, hire: Hire
    ) -> None:
        self._database, self._kit, self._cancel, self._hire = database, kit, cancel, hire
        self._engine = f"{version} {kit.id}"
        self._crew: Crew
        self.pace = Pace(name, cancel)
        self.name: Final = name
        self._line: deque[Stretch[Found]] = deque()  # those that are begun and not stored, in order
        self._lost: deque[Stretch[Found]] = deque()  # those of them that are to be begun again
        self._under_way: dict[int, Stretch[Found]] = {}
        self._give_way: Callable[[], bool] = lambda: False

    @abstractmethod
    def _due(self, connection: Connection) -> list[SettledVideo]:
        """Return the videos that are to be looked at."""

    @abstractmethod
    def _unseen(
        self, connection: Connection, due: SettledVideo, parts: Sequence[KeyframeStretch]
    ) -> list[KeyframeStretch]:
        """Return the stretches of a video that an interrupted run has not stored."""

    @abstractmethod
    def _nothing(self) -> Found:
        """Return what gathers what a stretch shows."""

    @abstractmethod
    def _piece(self, due: SettledVideo, part: KeyframeStretch) -> Piece:
        """Return the work on a stretch."""

    @abstractmethod
    def _take(self, stretch: Stretch[Found], part: KeyframeStretch, word: object) -> Iterator[PassProgress]:
        """Take note of what comes of a stretch."""

    @abstractmethod
    def _store(self, connection: Connection, due: SettledVideo, part: KeyframeStretch, found: Found) -> None:
        """Store what a stretch shows."""

    @abstractmethod
    def _finish(self, due: SettledVideo, parts: Sequence[KeyframeStretch]) -> IndexingEvent:
        """Note that a whole video was looked at, and return what is told of it."""

    @property
    def pass_speed(self) -> PassSpeed:
        """What is known of its speed."""
        return PassSpeed(f"{self.name} {self._engine}", self.usual)

    def due_work(self, connection: Connection) -> dict[int, float]:
        """Return what the keyframes of the videos cost that are due, by their ids."""
        return {due.video_id: self._work(due) for due in self._due(connection)}

    def work_in(self, video: DueVideo, typical: TypicalVideo) -> float:
        """Return what the keyframes of a video cost that are not found yet."""
        return typical.keyframes_in(video) * self._cost(video.pixels)

    def _work(self, due: SettledVideo) -> float:
        return due.keyframes * self._cost(due.pixels)

    def _cost(self, pixels: int) -> float:  # noqa: ARG002
        """Return what a keyframe of so many pixels costs, as a multiple of the usual."""
        return 1.0

    def run(
        self, first: Collection[int] = (), give_way: Callable[[], bool] | None = None
    ) -> Iterator[IndexingEvent]:
        """Look, and yield what happens.

        Args:
            first: ids of videos that come before the others.
            give_way: asked after every stretch: whether something else is more urgent; then it ends early.

        Raises:
            Cancelled: what was found by then is stored; the next run goes on from there.
        """
        with self._database.reading() as connection:
            videos = self._due(connection)
        if not videos:
            return
        self._give_way = give_way or self._give_way
        videos.sort(key=lambda due: due.video_id not in first)
        self._crew = self._hire(self._kit, self._cancel)
        self.pace.lanes = self._crew.count
        yield self.pace.start([self._work(due) for due in videos])
        try:
            yield from self._look_at(self._stretches(videos))
        except self.unusable as error:
            yield Remarked("", str(error))
        finally:
            self.pace.worked_here = self._crew.worked_here
            self._crew.close()

    def _stretches(self, videos: Sequence[SettledVideo]) -> Iterator[Stretch[Found]]:
        """Begin with one video after another, and yield what is to be looked at."""
        for due in videos:
            with self._database.reading() as connection:
                parts = stretches(due.duration, keyframes(connection, due.video_id), self._engine, STRETCH)
                unseen = self._unseen(connection, due, parts)
            seen_before = 1 - sum(len(part.keyframes) for part in unseen) / due.keyframes
            video = LookedAt(due, parts, self.pace.begin(due.file.path, seen_before))
            if not unseen:
                yield Stretch(video, None, self._nothing(), is_last=True, end=PieceDone())
            for part in unseen:
                if video.is_over:
                    break
                yield Stretch(video, part, self._nothing(), is_last=part is unseen[-1])

    def _look_at(self, ahead: Iterator[Stretch[Found]]) -> Iterator[IndexingEvent]:
        while True:
            self._cancel.check()
            self._begin(ahead)
            if not self._line:
                return
            if self._line[0].end is None:
                yield from self._hear()
            while self._line and self._line[0].end is not None:
                stretch = self._line.popleft()
                if not stretch.video.is_over:
                    yield from self._settle(stretch)
                    if self._give_way():
                        return

    def _begin(self, ahead: Iterator[Stretch[Found]]) -> None:
        """Begin with as many stretches as there is room for; those that were lost come first."""
        while self._crew.is_free and (self._lost or len(self._line) < _AHEAD * self._crew.count):
            if self._lost:
                stretch: Stretch[Found] | None = self._lost.popleft()
            elif (stretch := next(ahead, None)) is not None:
                self._line.append(stretch)
            if stretch is None:
                return
            if stretch.part is not None:
                self._under_way[self._crew.begin(self._piece(stretch.video.due, stretch.part))] = stretch

    def _hear(self) -> Iterator[IndexingEvent]:
        for number, word in self._crew.hear():
            stretch = self._under_way[number]
            assert stretch.part is not None
            if isinstance(word, PieceLost):
                stretch.video.step(-stretch.steps)
                stretch.steps, stretch.found = 0, self._nothing()
                self._lost.append(self._under_way.pop(number))
            elif isinstance(word, End):
                self._under_way.pop(number).end = word
            else:
                yield from self._take(stretch, stretch.part, word)
        for remark in self._crew.remarks():
            yield Remarked("", remark)

    def _settle(self, stretch: Stretch[Found]) -> Iterator[IndexingEvent]:
        """Store what a stretch shows, and finish its video after the last."""
        video, due = stretch.video, stretch.video.due
        match stretch.end:
            case KitUnusable(reason):
                raise self.unusable(reason)
            case PieceFailed(reason):
                video.problems += 1
                if video.problems == 1 and is_unchanged(due.file):
                    yield Remarked(readable(due.file.path), reason)
        if stretch.part is not None:
            if not is_unchanged(due.file):
                self._leave(video)
                return  # the next run looks at what it holds then, if it is there
            with self._database.writing() as connection:
                self._store(connection, due, stretch.part, stretch.found)
        if stretch.is_last or video.problems == MAX_FAILURES:
            told = self._finish(due, video.parts)
            self._leave(video)
            yield told

    def _leave(self, video: LookedAt) -> None:
        """Be done with a video, whatever is under way of it."""
        video.is_over = True
        self.pace.end(video.pace)
        numbers = [number for number, stretch in self._under_way.items() if stretch.video is video]
        self._crew.stop(numbers)
        for number in numbers:
            del self._under_way[number]
        self._line = deque(stretch for stretch in self._line if stretch.video is not video)
        self._lost = deque(stretch for stretch in self._lost if stretch.video is not video)

    def _step(self, stretch: Stretch[Found]) -> Iterator[PassProgress]:
        """Count one keyframe as looked at, and tell of the progress where it is time."""
        stretch.steps += 1
        stretch.video.step(1)
        yield from self.pace.tell()
