"""Reading the text on screen: at the keyframes of one video after another, when these are settled."""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import MediaError, UserError
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.library.database import Database
from retake_core.library.keyframes import keyframes, thumbnails
from retake_core.library.screen_texts import (
    due_screens,
    finish_screen,
    read_stretches,
    source_of,
    store_stretch,
    stretch_texts,
)
from retake_core.library.settled import KeyframeStretch, SettledVideo, stretches
from retake_core.library.texts import NewText
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.video_file import is_unchanged
from retake_core.ocr.lasting import LastingText, ScreenReading, joined, lasting_texts
from retake_core.ocr.models import INSTALL_HINT, Models
from retake_core.ocr.reader import EngineError, ScreenLine
from retake_core.ocr.screen_task import CannotRead, ReaderLoaded, ScreenRead, ScreenTask
from retake_core.protocol.indexing_events import IndexingEvent, PassName, PassProgress, Remarked, TextRead
from retake_core.system.processor import usable_cores

VERSION = "1"  # part of every stamp: raise it when the same pictures would give other texts
STRETCH = 24  # keyframes; what a stop may cost
MAX_FAILURES = 2  # crashes on one stretch, or stretches of a video that fail


class ScreenPass:
    """Reads the text of all videos that were not read yet; use it once.

    Args:
        database: the library.
        models: what reads.
        cancel: stops it within a second.
        log: gets what its libraries print.
        cores: that may be used; 0 is all.
    """

    def __init__(
        self, database: Database, models: Models, cancel: CancelToken, log: Path | None = None, cores: int = 0
    ) -> None:
        self._database = database
        self._engine = f"{VERSION} {models.id}"
        self._cancel = cancel
        self._decoder = LastingDecoder(log)
        self._threads = max(1, (cores or usable_cores()) // 2)
        self._pace = Pace(PassName.SCREEN, cancel)
        self._has_read = False  # anything
        self._give_way: Callable[[], bool] = lambda: False

    def run(
        self, first: Collection[int] = (), give_way: Callable[[], bool] | None = None
    ) -> Iterator[IndexingEvent]:
        """Read, and yield what happens.

        Args:
            first: ids of videos that come before the others.
            give_way: asked after every stretch: whether something else is more urgent; then it ends early.

        Raises:
            Cancelled: what was read by then is stored; the next run goes on from there.
        """
        with self._database.reading() as connection:
            videos = due_screens(connection, self._engine)
        if not videos:
            return
        self._give_way = give_way or self._give_way
        videos.sort(key=lambda due: due.video_id not in first)
        yield self._pace.start([due.keyframes for due in videos])
        try:
            for due in videos:
                yield from self._read_video(due)
                if self._give_way():
                    return
        except EngineError as error:
            yield Remarked("", str(error))
        finally:
            self._decoder.close()

    def _read_video(self, due: SettledVideo) -> Iterator[IndexingEvent]:
        with self._database.reading() as connection:
            parts = stretches(due.duration, keyframes(connection, due.video_id), self._engine, STRETCH)
            stamps = read_stretches(connection, due.video_id)
        unread = [part for part in parts if stamps.get(source_of(part)) != part.stamp]
        read_before = 1 - sum(len(part.keyframes) for part in unread) / due.keyframes
        video = self._pace.begin(due.file.path, read_before)
        problems = 0
        for part in unread:
            self._cancel.check()
            lines: dict[float, tuple[ScreenLine, ...]] = {}
            try:
                yield from self._read_stretch(due, video, part, lines)
            except MediaError as error:
                problems += 1
                if problems == 1 and is_unchanged(due.file):
                    yield Remarked(readable(due.file.path), str(error))
            if not is_unchanged(due.file):
                self._pace.end(video)
                return  # the next run looks at what it holds then, if it is there
            texts = lasting_texts([ScreenReading(time, lines[time]) for time in sorted(lines)], part.end)
            with self._database.writing() as connection:
                store_stretch(connection, due.video_id, part, _new(texts))
            if problems == MAX_FAILURES:
                break
            if part is not unread[-1] and self._give_way():
                return
        count = self._finish(due, parts)
        self._pace.end(video)
        yield TextRead(readable(due.file.path), PassName.SCREEN, count)

    def _finish(self, due: SettledVideo, parts: Sequence[KeyframeStretch]) -> int:
        """Join what was read over the ends of stretches. Returns how many texts there are."""
        with self._database.writing() as connection:
            stored = [stretch_texts(connection, due.video_id, part) for part in parts]
            texts = joined([[_lasting(entry) for entry in part] for part in stored])
            finish_screen(connection, due, _new(texts))
        return len(texts)

    def _read_stretch(
        self,
        due: SettledVideo,
        video: VideoPace,
        part: KeyframeStretch,
        lines: dict[float, tuple[ScreenLine, ...]],
    ) -> Iterator[PassProgress]:
        """Read a stretch into `lines`, by time; what ends the process that reads is tried once more.

        Raises:
            MediaError: nothing can be decoded, or reading ends the process again.
            EngineError: no text can be read on this computer.
        """
        with self._database.reading() as connection:
            pictures = thumbnails(connection, [entry.id for entry in part.keyframes])
        for failures in range(1, MAX_FAILURES + 1):
            left = [entry for entry in part.keyframes if entry.time not in lines]
            times = tuple(entry.time for entry in left)
            task = ScreenTask(due.file.path, times, tuple(pictures[entry.id] for entry in left), self._threads)
            try:
                for message in self._decoder.messages(task, self._cancel):
                    if isinstance(message, CannotRead):
                        raise EngineError(message.reason)
                    if isinstance(message, ReaderLoaded):
                        video.loaded()
                    if isinstance(message, ScreenRead):
                        lines[message.time] = message.lines
                        self._has_read = True
                        video.advance(
                            video.fraction + 1 / due.keyframes, video.seconds + due.duration / due.keyframes
                        )
                        yield from self._pace.tell()
            except DecoderDiedError as error:
                if failures == MAX_FAILURES:
                    raise self._given_up(error) from error
            else:
                return

    def _given_up(self, error: DecoderDiedError) -> UserError:
        """Tell whether a video ends the process that reads, or anything would."""
        if self._has_read:
            return MediaError(f"The text on screen of a part of it cannot be read: {error}")
        return EngineError(f"What reads text on screen crashes on this computer. Install it again: {INSTALL_HINT}")


def _new(texts: Sequence[LastingText]) -> list[NewText]:
    return [NewText(entry.content, *entry.span) for entry in texts]


def _lasting(entry: NewText) -> LastingText:
    assert entry.start is not None
    assert entry.end is not None
    return LastingText(entry.content, (entry.start, entry.end))
