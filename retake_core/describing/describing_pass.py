"""The pass that describes one video after another; it gives way to everything, and gives its memory back."""

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import closing
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.describing.ahead import whole_speed, work_of
from retake_core.describing.estimate import Work, estimate
from retake_core.describing.giving_way import ConsiderateToken, GaveWayError
from retake_core.describing.one_video import Described, Descriptions
from retake_core.display import readable
from retake_core.errors import Cancelled, StorageError, UserError
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.indexing.passes.speeds import Speeds
from retake_core.library.catalog import video_by_id
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
from retake_core.questions.asked_video import AskedVideo
from retake_core.settings import Settings
from retake_core.videollm.describing.describe import FormError
from retake_core.videollm.events import AnswerPiece, Notice, ReadProgress, VideoLLMEvent
from retake_core.videollm.machine import is_out_of_memory
from retake_core.videollm.model import VideoLLM

PIECES = 200  # of an answer, about
NOTHING_SAID = "The model said nothing that can be used; retry, or choose another model."
OUT_OF_MEMORY = (
    "The memory ran out while it was described; close other programs and retry, or use a smaller model."
)
NO_ROOM = "The memory ran out, so that nothing is described; close other programs, or choose a smaller model."


class UnusableError(UserError):
    """The model can describe nothing on this computer."""


class DescribingPass:
    """Describes all videos that are due; use it once.

    Args:
        database: the library.
        data_dir: where memories and speeds lie.
        model: opened; it is loaded for the first video, and unloaded when something else is more urgent.
        settings: say how memories are kept.
        cancel: stops it.
    """

    def __init__(
        self, database: Database, data_dir: DataDir, model: VideoLLM, settings: Settings, cancel: CancelToken
    ) -> None:
        self._database, self._model, self._cancel = database, model, cancel
        self._descriptions = Descriptions(database, data_dir, model, settings)
        self._pace = Pace(PassName.DESCRIBE, cancel)
        self._speeds, self._speed = Speeds(data_dir.indexing_speeds), f"{PassName.DESCRIBE} {model.id.name}"
        self._described = 0.0  # seconds of video: see `work_of`
        self._written, self._writing = 0, 0.0  # descriptions, and the seconds that it took to write them
        self._noticed: set[str] = set()
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
            due = due_descriptions(connection, self._model.id.name, folders, also)
        if not due:
            return
        self._token = ConsiderateToken(self._cancel, give_way)
        due = sorted(due, key=lambda entry: entry.video_id not in {*first, *also})
        expected = estimate(self._database, self._descriptions, due, self._speeds.per_unit(self._speed))
        yield expected.planned
        per_unit = None if expected.planned.seconds is None else 1.0
        yield self._pace.start([work.whole for work in expected.works], per_unit)
        yield self._pace.progress()  # what loads takes long, and tells nothing
        queue = deque(zip(due, expected.works, strict=True))
        try:
            while queue:
                try:
                    yield from self._take_up(*queue[0])
                except GaveWayError:
                    self._model.unload()
                    if give_way():
                        return
                    self._cancel.check()  # waits as long as the run is held back
                else:
                    queue.popleft()
                    if give_way():
                        return
        except UnusableError as error:
            yield Remarked("", str(error))
        finally:
            self._speeds.learn(self._speed, self._writing, self._written)
            self._speeds.learn(whole_speed(self._model.id.name).name, self._pace.measured[0], self._described)
            self._model.unload()

    def _take_up(self, due: SettledVideo, work: Work) -> Iterator[IndexingEvent]:
        """Describe a video; where something else is more urgent, count nothing of it."""
        self._token.check()
        video = self._pace.begin(due.file.path)
        try:
            yield from self._describe(due, work, video)
        except GaveWayError:
            self._pace.withdraw(video)
            raise
        self._pace.end(video)

    def _describe(self, due: SettledVideo, work: Work, video: VideoPace) -> Iterator[IndexingEvent]:
        path = readable(due.file.path)
        if not is_unchanged(due.file):
            yield VideoDeferred(path)  # the next run describes what it holds then, if it is there
            return
        self._load()
        video.loaded()
        with self._database.writing() as connection:
            begin_describing(connection, due.video_id)
        try:
            described = yield from self._told(due, work, video)
        except (Cancelled, FormError) as error:
            with self._database.writing() as connection:
                leave_describing(connection, due.video_id)
            raise UnusableError(str(error)) if isinstance(error, FormError) else error from None
        except StorageError:  # nothing is wrong with the video
            raise
        except FileChangedError:
            yield VideoDeferred(path)
        except Exception as error:
            if not (isinstance(error, UserError) or is_out_of_memory(error)):
                raise
            if is_unchanged(due.file):
                yield self._failed(due, str(error) if isinstance(error, UserError) else OUT_OF_MEMORY)
            else:  # what it ran into may be of the file as it is now
                yield VideoDeferred(path)
        else:
            yield self._store(due, described)

    def _told(
        self, due: SettledVideo, work: Work, video: VideoPace
    ) -> Generator[PassProgress | Remarked, None, Described]:
        """Have a video described, telling the progress; the generator's value is what was told.

        What goes less well than planned is told of the first video that it happens to.

        Raises:
            FileChangedError: its file is not what it was.
            UserError: it cannot be described.
        """
        with self._database.reading() as connection:
            asked = AskedVideo.of(connection, video_by_id(connection, due.video_id))
        pieces = 0
        events = self._descriptions.describe(asked, self._token)
        with closing(events):
            while True:
                try:
                    event = next(events)
                except StopIteration as end:
                    described: Described = end.value
                    break
                if isinstance(event, Notice) and event.text not in self._noticed:
                    self._noticed.add(event.text)
                    yield Remarked(readable(due.file.path), event.text)
                pieces += isinstance(event, AnswerPiece)
                if (fraction := _fraction(event, pieces, work)) is not None:
                    video.advance(fraction, fraction * due.duration)
                yield from self._pace.tell()
        self._written, self._writing = self._written + 1, self._writing + described.writing
        self._described += work_of(due.duration)
        if not is_unchanged(due.file):
            self._descriptions.store.evict(asked.entry.fingerprint)  # it may be of what the file holds now
            raise FileChangedError
        return described

    def _store(self, due: SettledVideo, described: Described) -> IndexingEvent:
        told = described.told
        if not (told.title or told.summary or told.chapters or told.pictures):
            return self._failed(due, NOTHING_SAID)
        with self._database.writing() as connection:
            store_told(connection, due.video_id, self._model.id.name, described.settings, told)
        return VideoDescribed(readable(due.file.path), told.title, len(told.chapters), described.unsupported)

    def _failed(self, due: SettledVideo, reason: str) -> DescribingFailed:
        self._model.last.let_go()  # it may have been what left too little room
        with self._database.writing() as connection:
            fail_description(connection, due.video_id, self._model.id.name, reason)
        return DescribingFailed(readable(due.file.path), reason)

    def _load(self) -> None:
        try:
            self._model.load()
        except UserError as error:
            raise UnusableError(str(error)) from error
        except Exception as error:
            if is_out_of_memory(error):
                raise UnusableError(NO_ROOM) from error
            raise


def _fraction(event: VideoLLMEvent, pieces: int, work: Work) -> float | None:
    """Return how much of a video's description is done: reading by frames, writing as long as it usually is."""
    if isinstance(event, ReadProgress):
        return work.reading / work.whole * event.frames / max(1, event.total)
    return (work.reading + work.writing * pieces / (pieces + PIECES)) / work.whole if pieces else None
