"""The pass that describes one video after another; it gives way to everything, and gives its memory back."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.describing.describer import (
    Describer,
    DescribingEvent,
    Desk,
    ModelReady,
    UnusableError,
    VideoToDescribe,
    alone,
)
from retake_core.describing.estimate import Work, estimate
from retake_core.describing.giving_way import GaveWayError
from retake_core.describing.one_video import Described
from retake_core.describing.team import Team, Word
from retake_core.describing.work import whole_speed, work_of
from retake_core.display import readable
from retake_core.errors import Cancelled, DoesNotFitError, StorageError, UserError
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


@dataclass(slots=True)
class _UnderWay:
    """A video that is described.

    Attributes:
        due: it.
        work: that it takes.
        pace: how far it is.
        pieces: of its description that were written.
    """

    due: SettledVideo
    work: Work
    pace: VideoPace
    pieces: int = 0


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
        self._queue: deque[tuple[SettledVideo, Work]] = deque()
        self._under_way: dict[Desk, _UnderWay] = {}
        self._shared: list[Desk] = []  # those who describe side by side now
        self._unusable: set[str] = set()  # names of computers whose model can describe nothing
        self._large: set[int] = set()  # ids of videos that did not fit one of those

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
        due = sorted(due, key=lambda entry: entry.video_id not in {*first, *also})
        try:
            model = yield from self._open()
            desks = self._desks(model)
            writing = self._speeds.per_unit(self._speed(model.computer))
            expected = estimate(self._database, self._describer, model, due, writing, len(desks))
            yield expected.planned
            per_unit = None if expected.planned.seconds is None else 1.0
            self._pace.lanes = len(desks)
            yield self._pace.start([work.whole for work in expected.works], per_unit)
            yield self._pace.progress()  # what loads takes long, and tells nothing
            self._queue = deque(zip(due, expected.works, strict=True))
            while True:
                try:
                    yield from self._work(desks, give_way)
                except GaveWayError:
                    self._describer.let_go()
                    if give_way():
                        return
                    self._cancel.check()  # waits as long as the run is held back
                if not self._queue:
                    return
                model = yield from self._open()
                desks = self._desks(model)
                self._pace.lanes = len(desks)
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

    def _desks(self, model: ModelFacts) -> list[Desk]:
        """Return who describes next: side by side, while there is what was not too large for one of them."""
        if not self._queue or any(due.video_id not in self._large for due, _ in self._queue):
            desks = self._describer.desks(self._cancel)
            self._shared = [desk for desk in desks if desk.computer not in self._unusable]
            if self._shared and len(desks) > 1:
                return self._shared
        self._shared = []
        return [Desk(model.computer, self._describer)]

    def _work(self, desks: Sequence[Desk], give_way: Callable[[], bool]) -> Iterator[IndexingEvent]:
        """Describe until nothing is left that these desks can do, or none of them.

        Raises:
            GaveWayError: something else is more urgent.
        """
        with Team(desks, self._cancel, give_way) as team:
            try:
                while True:
                    yield from self._begin_some(team)
                    if not self._under_way:
                        return
                    if (said := team.hear(list(self._under_way))) is not None:
                        yield from self._take(team, *said)
                    yield from self._pace.tell()
            except Cancelled:  # what ends the process is counted: such videos come last
                for at in self._under_way.values():
                    self._give_back(at)
                self._under_way.clear()
                raise

    def _begin_some(self, team: Team) -> Iterator[IndexingEvent]:
        """Give videos to those who are free."""
        for _ in range(len(self._queue)):
            if not team.free:
                return
            team.token.check()
            if self._shared and self._queue[0][0].video_id in self._large:
                self._postpone()
            else:
                yield from self._begin(team, *self._queue.popleft())

    def _begin(self, team: Team, due: SettledVideo, work: Work) -> Iterator[IndexingEvent]:
        desk, path = team.free[0], readable(due.file.path)
        at = _UnderWay(due, work, self._pace.begin(due.file.path))
        at.pace.computer = desk.computer
        if self._losses[due.video_id] >= MOST_LOSSES:
            self._pace.end(at.pace)
            yield self._failed(due, LOST)
        elif not is_unchanged(due.file):
            self._pace.end(at.pace)
            yield VideoDeferred(path)  # the next run describes what it holds then, if it is there
        else:
            with self._database.writing() as connection:
                begin_describing(connection, due.video_id)
            try:
                with self._database.reading() as connection:
                    wanted = VideoToDescribe.of(connection, due.video_id)
            except UserError as error:
                yield from self._settle(at, error)
            else:
                self._under_way[desk] = at
                team.begin(desk, wanted)

    def _take(self, team: Team, desk: Desk, word: Word) -> Iterator[IndexingEvent]:
        """Take note of what is heard of a video."""
        at = self._under_way[desk]
        if isinstance(word, BaseException):
            del self._under_way[desk]
            if isinstance(word, UnusableError):
                self._unusable.add(desk.computer)
            if isinstance(word, UnusableError | AnswererLostError):
                team.drop(desk)
            yield from self._settle(at, word)
        elif isinstance(word, Described):
            del self._under_way[desk]
            yield self._keep(desk, at, word)
        else:
            yield from self._hear(at, word)

    def _hear(self, at: _UnderWay, event: DescribingEvent) -> Iterator[Remarked]:
        """Count the progress; what goes less well than planned is told once."""
        match event:
            case ModelReady(computer):
                self._computers.add(computer)
                at.pace.computer = computer
                at.pace.loaded()
            case Notice(text):
                yield from self._remark(readable(at.due.file.path), text)
        at.pieces += isinstance(event, AnswerPiece)
        if (fraction := _fraction(event, at.pieces, at.work)) is not None:
            at.pace.advance(fraction, fraction * at.due.duration)

    def _settle(self, at: _UnderWay, error: BaseException) -> Iterator[IndexingEvent]:
        """Take note of why a video is not described: its desk, another desk, or the video itself may be why."""
        due = at.due
        if isinstance(error, AnswererLostError):
            self._losses[due.video_id] += 1
            self._withdraw(at)
            yield Remarked("", f"{error.computer} is gone; its video is described anew.")
        elif isinstance(error, UnusableError) and self._shared:
            self._give_back(at)
            yield from self._remark("", str(error))
        elif isinstance(error, DoesNotFitError) and self._shared:
            self._large.add(due.video_id)
            self._give_back(at)
            self._postpone()
        elif isinstance(error, UserError) and not isinstance(error, UnusableError | StorageError):
            self._pace.end(at.pace)
            # What it ran into may be of the file as it is now.
            is_its_own = is_unchanged(due.file) and not isinstance(error, FileChangedError)
            yield self._failed(due, str(error)) if is_its_own else VideoDeferred(readable(due.file.path))
        else:
            if isinstance(error, Cancelled | UnusableError):
                self._give_back(at)
            raise error

    def _keep(self, desk: Desk, at: _UnderWay, described: Described) -> IndexingEvent:
        """Store what was told of a video, unless its file is not what it was."""
        due = at.due
        self._written, self._writing = self._written + 1, self._writing + described.writing
        self._described += work_of(due.duration)
        self._pace.end(at.pace)
        if not is_unchanged(due.file):
            desk.describer.forget(due.fingerprint)  # it may be of what the file holds now
            return VideoDeferred(readable(due.file.path))
        return self._store(due, described)

    def _give_back(self, at: _UnderWay) -> None:
        """Count nothing of a video, not even that it was begun with."""
        with suppress(StorageError), self._database.writing() as connection:
            leave_describing(connection, at.due.video_id)
        self._withdraw(at)

    def _withdraw(self, at: _UnderWay) -> None:
        """Let a video be the next one."""
        self._pace.withdraw(at.pace)
        self._queue.appendleft((at.due, at.work))

    def _postpone(self) -> None:
        """Let the next video be the last one."""
        self._queue.rotate(-1)
        self._pace.postpone()

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
