"""Looking at the keyframes of one video after another: what is the same whatever is looked for in them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Final, Generic, TypeVar

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import MediaError, UserError
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.indexing.passes.speeds import PassSpeed
from retake_core.library.database import Database
from retake_core.library.indexing import DueVideo
from retake_core.library.keyframes import keyframes
from retake_core.library.settled import KeyframeStretch, SettledVideo, stretches
from retake_core.library.typical import TypicalVideo
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import Task
from retake_core.media.video_file import is_unchanged
from retake_core.protocol.indexing_events import IndexingEvent, PassName, PassProgress, Remarked
from retake_core.system.processor import usable_cores

STRETCH = 24  # keyframes; what a stop may cost
MAX_FAILURES = 2  # crashes on one stretch, or stretches of a video that fail


Found = TypeVar("Found")


class StretchPass(ABC, Generic[Found]):
    """Looks at all settled videos that were not looked at yet, a stretch of keyframes at a time; use it once.

    `Found` gathers what a stretch shows; what it holds is stored, also where looking failed halfway.

    Args:
        database: the library.
        name: of the pass.
        engine: names what looks, and its version.
        cancel: stops it within a second.
        log: gets what its libraries print.
        cores: that may be used; 0 is all.
    """

    unusable: ClassVar[type[UserError]]
    """What ends the pass: nothing can be found on this computer."""
    usual: ClassVar[float]
    """Seconds that a keyframe of usual cost takes on a computer that is neither fast nor slow."""
    after: Final = PassName.REFINED

    def __init__(
        self, database: Database, name: PassName, engine: str, cancel: CancelToken, log: Path | None, cores: int
    ) -> None:
        self._database, self._engine, self._cancel = database, engine, cancel
        self._decoder = LastingDecoder(log)
        self._threads = max(1, (cores or usable_cores()) // 2)
        self.pace = Pace(name, cancel)
        self.name: Final = name
        self._has_looked = False  # at anything
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
    def _look_at_stretch(
        self, due: SettledVideo, video: VideoPace, part: KeyframeStretch, found: Found
    ) -> Iterator[PassProgress]:
        """Look at a stretch.

        Raises:
            MediaError: nothing can be decoded, or looking ends the process again.
            UserError: as `unusable`, nothing can be found on this computer.
        """

    @abstractmethod
    def _store(self, connection: Connection, due: SettledVideo, part: KeyframeStretch, found: Found) -> None:
        """Store what a stretch shows."""

    @abstractmethod
    def _finish(self, due: SettledVideo, parts: Sequence[KeyframeStretch]) -> IndexingEvent:
        """Note that a whole video was looked at, and return what is told of it."""

    @abstractmethod
    def _given_up(self, error: DecoderDiedError) -> UserError:
        """Tell whether a video ends the process that looks, or anything would."""

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
        yield self.pace.start([self._work(due) for due in videos])
        try:
            for due in videos:
                yield from self._look_at_video(due)
                if self._give_way():
                    return
        except self.unusable as error:
            yield Remarked("", str(error))
        finally:
            self._decoder.close()

    def _look_at_video(self, due: SettledVideo) -> Iterator[IndexingEvent]:
        with self._database.reading() as connection:
            parts = stretches(due.duration, keyframes(connection, due.video_id), self._engine, STRETCH)
            unseen = self._unseen(connection, due, parts)
        seen_before = 1 - sum(len(part.keyframes) for part in unseen) / due.keyframes
        video = self.pace.begin(due.file.path, seen_before)
        problems = 0
        for part in unseen:
            self._cancel.check()
            found = self._nothing()
            try:
                yield from self._look_at_stretch(due, video, part, found)
            except MediaError as error:
                problems += 1
                if problems == 1 and is_unchanged(due.file):
                    yield Remarked(readable(due.file.path), str(error))
            if not is_unchanged(due.file):
                self.pace.end(video)
                return  # the next run looks at what it holds then, if it is there
            with self._database.writing() as connection:
                self._store(connection, due, part, found)
            if problems == MAX_FAILURES:
                break
            if part is not unseen[-1] and self._give_way():
                return
        told = self._finish(due, parts)
        self.pace.end(video)
        yield told

    def _messages(self, task: Callable[[], Task | None]) -> Iterator[object]:
        """Yield what a task sends; where one ends the process, what `task` then gives is tried, once more.

        Raises:
            MediaError: nothing can be decoded.
            UserError: the process ended again; see `_given_up`.
        """
        for failures in range(1, MAX_FAILURES + 1):
            if (wanted := task()) is None:
                return
            try:
                yield from self._decoder.messages(wanted, self._cancel)
            except DecoderDiedError as error:
                if failures == MAX_FAILURES:
                    raise self._given_up(error) from error
            else:
                return

    def _step(self, due: SettledVideo, video: VideoPace) -> Iterator[PassProgress]:
        """Count one keyframe as looked at, and tell of the progress where it is time."""
        share = 1 / due.keyframes
        video.advance(video.fraction + share, video.seconds + due.duration * share)
        yield from self.pace.tell()
