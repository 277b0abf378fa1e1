"""Reading the text on screen: at the keyframes of one video after another, when these are settled."""

import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import MediaError, UserError
from retake_core.library.catalog import keyframes, thumbnails
from retake_core.library.database import Database
from retake_core.library.screen_texts import (
    DueScreen,
    KeyframeStretch,
    due_screens,
    finish_screen,
    read_stretches,
    store_stretch,
    stretches,
)
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.video_file import is_unchanged
from retake_core.ocr.lasting import ScreenReading, lasting_texts
from retake_core.ocr.models import INSTALL_HINT, Models
from retake_core.ocr.reader import EngineError, ScreenLine
from retake_core.ocr.screen_task import CannotRead, ScreenRead, ScreenTask
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import PassProgress, PassStarted, Remarked, TextRead, VideoProgress

DEPTH = "screen"  # what the pass is called among those that find keyframes
VERSION = "1"  # part of every stamp: raise it when the same pictures would give other texts
STRETCH = 24  # keyframes; what a stop may cost
MAX_FAILURES = 2  # crashes on one stretch, or stretches of a video that fail
TELL_EVERY = 0.1  # seconds between two events of progress
_LONGEST_STEP = 5.0  # seconds from one keyframe to the next that count as work: for longer, it was held up


class ScreenPass:
    """Reads the text of all videos that were not read yet; use it once.

    Args:
        database: the library.
        models: what reads.
        cancel: stops it within a second.
        log: gets what its libraries print.
    """

    def __init__(self, database: Database, models: Models, cancel: CancelToken, log: Path | None = None) -> None:
        self._database = database
        self._engine = f"{VERSION} {models.id}"
        self._cancel = cancel
        self._process = LastingDecoder(log)
        self._threads = max(1, (os.cpu_count() or 1) // 2)
        self._pace = _Pace([])
        self._give_way: Callable[[], bool] = lambda: False

    def run(self, first: Collection[int] = (), give_way: Callable[[], bool] | None = None) -> Iterator[Event]:
        """Read, and yield what happens.

        Args:
            first: ids of videos that come before the others.
            give_way: asked after every stretch: whether something else is more urgent; then it ends early.

        Raises:
            Cancelled: what was read by then is stored; the next run goes on from there.
        """
        with self._database.reading() as connection:
            due = due_screens(connection, self._engine)
        if not due:
            return
        self._give_way = give_way or self._give_way
        due.sort(key=lambda entry: entry.video_id not in first)
        self._pace = _Pace(due)
        yield PassStarted(DEPTH, len(due))
        try:
            for entry in due:
                self._pace.begin(entry)
                yield from self._read_video(entry)
                if self._give_way():
                    return
        except EngineError as error:
            yield Remarked("", str(error))
        finally:
            self._process.close()

    def _read_video(self, due: DueScreen) -> Iterator[Event]:
        with self._database.reading() as connection:
            parts = stretches(due, keyframes(connection, due.video_id), self._engine, STRETCH)
            stored = read_stretches(connection, due.video_id)
        problems = 0
        for part in parts:
            self._cancel.check()
            if stored.get(part.source) == part.stamp:
                self._pace.skip(len(part.keyframes))
                continue
            found: dict[float, tuple[ScreenLine, ...]] = {}
            try:
                yield from self._read_stretch(due, part, found)
            except MediaError as error:
                problems += 1
                if problems == 1 and is_unchanged(due.file):
                    yield Remarked(readable(due.file.path), str(error))
            if not is_unchanged(due.file):
                return  # the next run looks at what it holds then, if it is there
            texts = lasting_texts([ScreenReading(at, found[at]) for at in sorted(found)], part.end)
            with self._database.writing() as connection:
                store_stretch(connection, due.video_id, part, texts)
            if problems == MAX_FAILURES:
                break
            if part is not parts[-1] and self._give_way():
                return
        with self._database.writing() as connection:
            count = finish_screen(connection, due, parts)
        yield TextRead(readable(due.file.path), DEPTH, count)

    def _read_stretch(
        self, due: DueScreen, part: KeyframeStretch, found: dict[float, tuple[ScreenLine, ...]]
    ) -> Iterator[PassProgress]:
        """Read a stretch into `found`, by time; what ends the process that reads is tried once more.

        Raises:
            MediaError: nothing can be decoded, or reading ends the process again.
            EngineError: no text can be read on this computer.
        """
        with self._database.reading() as connection:
            pictures = thumbnails(connection, [entry.id for entry in part.keyframes])
        for failures in range(1, MAX_FAILURES + 1):
            left = [entry for entry in part.keyframes if entry.time not in found]
            times = tuple(entry.time for entry in left)
            task = ScreenTask(due.file.path, times, tuple(pictures[entry.id] for entry in left), self._threads)
            try:
                for message in self._process.messages(task, self._cancel):
                    if isinstance(message, CannotRead):
                        raise EngineError(message.reason)
                    if isinstance(message, ScreenRead):
                        found[message.time] = message.lines
                        yield from self._pace.step()
            except DecoderDiedError as error:
                if failures == MAX_FAILURES:
                    raise self._given_up(error) from error
            else:
                return

    def _given_up(self, error: DecoderDiedError) -> UserError:
        """Tell whether a video ends the process that reads, or anything would."""
        if self._pace.has_read:
            return MediaError(f"The text on screen of a part of it cannot be read: {error}")
        return EngineError(f"What reads text on screen crashes on this computer. Install it again: {INSTALL_HINT}")


class _Pace:
    """How far the pass has come, and how long the rest takes."""

    def __init__(self, due: Sequence[DueScreen]) -> None:
        self._videos = len(due)
        self._total = sum(entry.keyframes for entry in due)
        self._ended: list[DueScreen] = []
        self._due: DueScreen | None = None  # what is being read
        self._here = 0  # keyframes of it that are done
        self._read = 0  # keyframes in this run
        self._worked, self._looked = 0.0, time.monotonic()
        self._told = -TELL_EVERY

    @property
    def has_read(self) -> bool:
        """Whether anything could be read."""
        return self._read > 0

    def begin(self, due: DueScreen) -> None:
        """Go over to a video."""
        if self._due is not None:
            self._ended.append(self._due)
        self._due, self._here = due, 0

    def skip(self, keyframes: int) -> None:
        """Count keyframes of the video that an earlier run has read."""
        self._here += keyframes

    def step(self) -> Iterator[PassProgress]:
        """Count a keyframe of the video that was read, and tell of it if it is time to."""
        self._here += 1
        self._read += 1
        now = time.monotonic()
        self._worked += min(now - self._looked, _LONGEST_STEP)
        self._looked = now
        if now - self._told >= TELL_EVERY:
            self._told = now
            yield self._progress()

    def _progress(self) -> PassProgress:
        due = self._due
        assert due is not None
        each = self._worked / max(self._read, 1)  # seconds
        here = self._here / due.keyframes
        seconds = sum(entry.duration for entry in self._ended) + here * due.duration
        done = sum(entry.keyframes for entry in self._ended) + self._here
        return PassProgress(
            depth=DEPTH,
            done=len(self._ended),
            videos=self._videos,
            fraction=done / self._total,
            speed=seconds / done / max(each, 1e-3),
            time_left=each * (self._total - done),
            working=(
                VideoProgress(
                    path=readable(due.file.path),
                    fraction=here,
                    speed=due.duration / due.keyframes / max(each, 1e-3),
                    time_left=each * (due.keyframes - self._here),
                ),
            ),
        )
