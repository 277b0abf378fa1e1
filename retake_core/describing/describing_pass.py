"""The pass that describes one video after another; it gives way to everything, and gives its memory back."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import closing
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.describing.describer import (
    Describer,
    DescribingEvent,
    ModelReady,
    UnusableError,
    VideoToDescribe,
    alone,
)
from retake_core.describing.estimate import Work, estimate
from retake_core.describing.giving_way import ConsiderateToken, GaveWayError
from retake_core.describing.one_video import Described
from retake_core.describing.work import whole_speed, work_of
from retake_core.display import readable
from retake_core.errors import Cancelled, StorageError, UserError
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.indexing.passes.speeds import Speeds
from retake_core.library.database import Database
from retake_core.library.described import (
    begin_describing,
    due_descriptions,
    fail_description,
    leave_describing,
    store_told,
)
from retake_core.library.settled import SettledVideo
from retake_core.media.video_file import FileChangedError, is_unchanged
from retake_core.protocol.indexing_events import (
    DescribingFailed,
    IndexingEvent,
    PassName,
    PassProgress,
    Remarked,
    VideoDeferred,
    VideoDescribed,
)
from retake_core.questions.answerer import AnswererLostError, ModelChoice, ModelFacts
from retake_core.settings import Settings
from retake_core.videollm.events import AnswerPiece, Notice, ReadProgress
from retake_core.videollm.memory.index import model_name

PIECES = 200  # of an answer, about
NOTHING_SAID = "The model said nothing that can be used; retry, or choose another model."
MOST_LOSSES = 2
LOST = (
    "The computer that described it stopped twice; close other programs there and retry, or use a smaller model."
)


class DescribingPass:
    """Describes all videos that are due; use it once.

    Args:
        database: the library.
        describer: has the model; it is let go when something else is more urgent.
        settings: name the model.
        speeds: remember how long it takes.
        cancel: stops it.
    """

    def __init__(
        self, database: Database, describer: Describer, settings: Settings, speeds: Speeds, cancel: CancelToken
    ) -> None:
        assert settings.model is not None
        self._database, self._describer, self._cancel = database, describer, cancel
        self._choice = ModelChoice(None, settings.model, settings.precision)
        self._model = model_name(settings.model)  # as the library knows it, whatever another computer calls it
        self._pace = Pace(PassName.DESCRIBE, cancel)
        self._speeds = speeds
        self._described = 0.0  # seconds of video: see `work_of`
        self._written, self._writing = 0, 0.0  # descriptions, and the seconds that it took to write them
        self._noticed: set[str] = set()
        self._losses: Counter[int] = Counter()  # by the videos that were described when a computer went
        self._computers: set[str] = set()  # names of those that have described
        self._token: CancelToken = cancel

    def run(
        self,
        folders: Collection[Path] | None = None,
        also: Collection[int] = (),
        first: Collection[int] = (),
        give_way: Callable[[], bool] = lambda: False,
    ) -> Iterator[IndexingEvent]:
        """Describe, and yield what happens.

        Args:
            folders: whose videos are described; None is all of them.
            also: videos to describe wherever they lie.
            first: ids of videos that come before the others.
            give_way: whether something else is more urgent; then it ends early.

        Raises:
            Cancelled: what was described by then is stored; the next run goes on from there.
        """
        with self._database.reading() as connection:
            due = due_descriptions(connection, self._model, folders, also)
        if not due:
            return
        self._token = ConsiderateToken(self._cancel, give_way)
        due = sorted(due, key=lambda entry: entry.video_id not in {*first, *also})
        try:
            model = yield from self._open()
            expected = estimate(
                self._database, self._describer, model, due, self._speeds.per_unit(self._speed(model.computer))
            )
            yield expected.planned
            per_unit = None if expected.planned.seconds is None else 1.0
            yield self._pace.start([work.whole for work in expected.works], per_unit)
            yield self._pace.progress()  # what loads takes long, and tells nothing
            queue = deque(zip(due, expected.works, strict=True))
            while queue:
                try:
                    yield from self._take_up(*queue[0], model)
                except GaveWayError:
                    self._describer.let_go()
                    if give_way():
                        return
                    self._cancel.check()  # waits as long as the run is held back
                    model = yield from self._open()
                except AnswererLostError as error:
                    yield Remarked("", f"{error.computer} is gone; its video is described anew.")
                    model = yield from self._open()
                else:
                    queue.popleft()
                    if give_way():
                        return
        except UnusableError as error:
            yield Remarked("", str(error))
        finally:
            self._learn()
            self._describer.let_go()

    def _open(self) -> Generator[Remarked, None, ModelFacts]:
        """Open the model, and say if this is not done where it was wanted.

        Raises:
            UnusableError: it cannot be opened.
        """
        model, reason = self._describer.open(self._choice, self._cancel)
        if model is None:
            raise UnusableError(reason)
        if model.alone:
            yield from self._remark("", alone(model.alone))
        return model

    def _take_up(self, due: SettledVideo, work: Work, model: ModelFacts) -> Iterator[IndexingEvent]:
        """Describe a video; where something else is more urgent or the computer goes, count nothing of it."""
        self._token.check()
        video = self._pace.begin(due.file.path)
        video.computer = model.computer
        try:
            yield from self._describe(due, work, video)
        except (GaveWayError, AnswererLostError):
            self._pace.withdraw(video)
            raise
        self._pace.end(video)

    def _describe(self, due: SettledVideo, work: Work, video: VideoPace) -> Iterator[IndexingEvent]:
        path = readable(due.file.path)
        if self._losses[due.video_id] >= MOST_LOSSES:
            yield self._failed(due, LOST)
            return
        if not is_unchanged(due.file):
            yield VideoDeferred(path)  # the next run describes what it holds then, if it is there
            return
        with self._database.writing() as connection:
            begin_describing(connection, due.video_id)
        try:
            described = yield from self._hear(due, work, video)
        except (Cancelled, UnusableError):
            with self._database.writing() as connection:
                leave_describing(connection, due.video_id)
            raise
        except AnswererLostError:
            self._losses[due.video_id] += 1
            raise
        except StorageError:  # nothing is wrong with the video
            raise
        except FileChangedError:
            yield VideoDeferred(path)
        except UserError as error:
            if is_unchanged(due.file):
                yield self._failed(due, str(error))
            else:  # what it ran into may be of the file as it is now
                yield VideoDeferred(path)
        else:
            yield self._store(due, described)

    def _hear(
        self, due: SettledVideo, work: Work, video: VideoPace
    ) -> Generator[PassProgress | Remarked, None, Described]:
        """Have a video described, telling the progress; the generator's value is what was told.

        What goes less well than planned is told of the first video that it happens to.

        Raises:
            FileChangedError: its file is not what it was.
            UserError: it cannot be described.
        """
        with self._database.reading() as connection:
            wanted = VideoToDescribe.of(connection, due.video_id)
        pieces, described = 0, None
        with closing(_generator(self._describer.describe(wanted, self._token))) as events:
            for event in events:
                match event:
                    case ModelReady(computer):
                        self._computers.add(computer)
                        video.computer = computer
                        video.loaded()
                    case Described():
                        described = event
                    case Notice(text):
                        yield from self._remark(readable(due.file.path), text)
                pieces += isinstance(event, AnswerPiece)
                if (fraction := _fraction(event, pieces, work)) is not None:
                    video.advance(fraction, fraction * due.duration)
                yield from self._pace.tell()
        assert described is not None
        self._written, self._writing = self._written + 1, self._writing + described.writing
        self._described += work_of(due.duration)
        if not is_unchanged(due.file):
            self._describer.forget(wanted.video.entry.fingerprint)  # it may be of what the file holds now
            raise FileChangedError
        return described

    def _store(self, due: SettledVideo, described: Described) -> IndexingEvent:
        told = described.told
        if not (told.title or told.summary or told.chapters or told.pictures):
            return self._failed(due, NOTHING_SAID)
        with self._database.writing() as connection:
            store_told(connection, due.video_id, self._model, described.settings, told)
        return VideoDescribed(readable(due.file.path), told.title, len(told.chapters), described.unsupported)

    def _failed(self, due: SettledVideo, reason: str) -> DescribingFailed:
        with self._database.writing() as connection:
            fail_description(connection, due.video_id, self._model, reason)
        return DescribingFailed(readable(due.file.path), reason)

    def _learn(self) -> None:
        if len(self._computers) == 1:  # what several took says nothing of one
            (computer,) = self._computers
            self._speeds.learn(self._speed(computer), self._writing, self._written)
            self._speeds.learn(whole_speed(self._where(computer)).name, self._pace.measured[0], self._described)

    def _remark(self, path: str, text: str) -> Iterator[Remarked]:
        """Tell something, but only once."""
        if text not in self._noticed:
            self._noticed.add(text)
            yield Remarked(path, text)

    def _speed(self, computer: str) -> str:
        """Return under which name it is remembered how long it takes a computer to write a description."""
        return f"{PassName.DESCRIBE} {self._where(computer)}"

    def _where(self, computer: str) -> str:
        return f"{self._model} on {computer}" if computer else self._model


def _fraction(event: DescribingEvent, pieces: int, work: Work) -> float | None:
    """Return how much of a video's description is done: reading by frames, writing as long as it usually is."""
    if isinstance(event, ReadProgress):
        return work.reading / work.whole * event.frames / max(1, event.total)
    return (work.reading + work.writing * pieces / (pieces + PIECES)) / work.whole if pieces else None


def _generator(events: Iterator[DescribingEvent]) -> Generator[DescribingEvent, None, None]:
    assert isinstance(events, Generator)
    return events
