"""Listening to videos: what is said is stored stretch by stretch, so that a stop costs minutes at most."""

import logging
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.hub.local_models import SPEECH_WEIGHTS
from retake_core.indexing.passes.crew import Crew, Hire, KitUnusable, LocalCrew, PieceDone, PieceFailed, PieceLost
from retake_core.indexing.passes.hearing import HeardPart, ListenKit, ListenPiece, ModelDied
from retake_core.indexing.passes.pace import Pace, VideoPace
from retake_core.indexing.passes.speeds import PassSpeed
from retake_core.library.database import Database
from retake_core.library.indexing import DueVideo
from retake_core.library.listening import (
    DueSpeech,
    Votes,
    begin_listening,
    count_failure,
    due_speech,
    finish_listening,
    heard_seconds,
    store_heard,
)
from retake_core.library.texts import NewText
from retake_core.library.typical import TypicalVideo
from retake_core.media.video_file import is_unchanged
from retake_core.protocol.indexing_events import (
    IndexingEvent,
    PassName,
    Remarked,
    TextRead,
    VideoDeferred,
)
from retake_core.settings import Settings
from retake_core.speech.model import speech_model, stamp_of
from retake_core.speech.stretch import Loaded, Moved, Reached
from retake_core.system.processor import usable_cores

log = logging.getLogger(__name__)

MAX_FAILURES = 2
# Seconds that a byte of the weights takes for a second of sound on a usual processor: of the tiny, the base and
# the small model's shapes 1.8, 1.7 and 1.5e-9.
OF_A_BYTE = 1.6e-9
MOVED = "The graphics card cannot run the speech model, so that listening is slower; the log tells why."
GIVEN_UP = "The speech model stopped twice while it listened; the rest of what is said is not found."


@dataclass(slots=True, eq=False)
class _ListenedVideo:
    """A video that is listened to.

    Attributes:
        resume: seconds that earlier runs have listened to.
        position: seconds up to which everything is stored.
        votes: for the language.
        pace: how far it is.
    """

    due: DueSpeech
    resume: float
    position: float
    votes: Votes
    pace: VideoPace

    def reach(self, seconds: float) -> None:
        """Note how far the model has come."""
        duration = self.due.duration
        self.pace.advance(seconds / duration if duration else 0.0, seconds - self.resume)


class SpeechPass:
    """Listens to videos; use it once.

    Args:
        database: the library.
        settings: name the model, if there is one.
        cancel: stops it within a second.
        log_file: gets what libraries print.
        hire: returns who listens.
    """

    name: Final = PassName.SPEECH
    after: Final = PassName.QUICK

    def __init__(
        self,
        database: Database,
        settings: Settings,
        cancel: CancelToken,
        log_file: Path | None = None,
        hire: Hire = LocalCrew,
    ) -> None:
        self._database = database
        self._settings = settings
        self._cancel = cancel
        self._log_file = log_file
        self._hire = hire
        self._crew: Crew
        self._waiting: deque[DueSpeech | _ListenedVideo] = deque()  # those of the second kind were lost
        self._under_way: dict[int, _ListenedVideo] = {}
        self._stamp = ""
        self._has_moved = False  # whether that was told
        self.pace = Pace(PassName.SPEECH, cancel)
        self._give_way: Callable[[], bool] = lambda: False

    @property
    def pass_speed(self) -> PassSpeed | None:
        """What is known of its speed; None where no model can listen."""
        try:
            model = speech_model(self._settings)
            if model is None:
                return None
            usual = (model / SPEECH_WEIGHTS).stat().st_size * OF_A_BYTE
            return PassSpeed(f"{self.name} {stamp_of(model, self._settings)}", usual)
        except (UserError, OSError):  # running it tells of that
            return None

    def due_work(self, connection: Connection) -> dict[int, float]:
        """Return how many seconds are still to be listened to in the videos that are due, by their ids."""
        model = speech_model(self._settings)
        if model is None:
            return {}
        due, heard = due_speech(connection, stamp_of(model, self._settings)), heard_seconds(connection)
        return {video.video_id: max(video.audible - heard.get(video.video_id, 0.0), 0.0) for video in due}

    def work_in(self, video: DueVideo, typical: TypicalVideo) -> float:
        """Return how many seconds are to be listened to in a video of which that is not known."""
        return video.duration * typical.audible

    def run(
        self, first: Collection[int] = (), give_way: Callable[[], bool] | None = None
    ) -> Iterator[IndexingEvent]:
        """Listen to all videos that are due, and yield what happens; nothing without a model.

        Args:
            first: ids of videos that come before the others.
            give_way: asked after every stretch: whether something else is more urgent; then it ends early.

        Raises:
            Cancelled: what was heard by then is stored, but for the last minutes; the next run goes on from there.
        """
        try:
            model = speech_model(self._settings)
            if model is None:
                return
            self._stamp = stamp_of(model, self._settings)
        except UserError as error:
            yield Remarked("", str(error))
            return
        with self._database.reading() as connection:
            videos = due_speech(connection, self._stamp)
        if not videos:
            return
        self._give_way = give_way or self._give_way
        videos.sort(key=lambda due: due.video_id not in first)
        self._waiting.extend(videos)
        cores = usable_cores(self._settings.processor_share)
        self._crew = self._hire(ListenKit(model, self._stamp, cores, self._log_file), self._cancel)
        self.pace.lanes = self._crew.count
        yield self.pace.start([due.audible for due in videos])
        try:
            yield from self._listen()
        finally:
            self.pace.worked_here = self._crew.worked_here
            self._crew.close()

    def _listen(self) -> Iterator[IndexingEvent]:
        while self._waiting or self._under_way:
            self._cancel.check()
            while self._waiting and self._crew.is_free:
                self._begin(self._waiting.popleft())
                yield from self.pace.tell()
            for number, word in self._crew.hear():
                if number not in self._under_way:
                    continue  # it was stopped since
                if isinstance(word, KitUnusable):
                    yield Remarked("", word.reason)
                    return
                yield from self._take(number, self._under_way[number], word)
                if isinstance(word, HeardPart | PieceDone | PieceFailed) and self._give_way():
                    return
            for remark in self._crew.remarks():
                yield Remarked("", remark)

    def _begin(self, video: DueSpeech | _ListenedVideo) -> None:
        if isinstance(video, DueSpeech):
            with self._database.writing() as connection:
                state = begin_listening(connection, video.video_id, video.stamp(self._stamp))
            before = state.resume / video.duration if video.duration else 0.0
            pace = self.pace.begin(video.file.path, before)
            video = _ListenedVideo(video, state.resume, state.resume, state.votes, pace)
        due, language = video.due, self._settings.speech_language
        piece = ListenPiece(
            due.video_id, due.file.path, due.fingerprint, video.position, video.votes, language, due.sound_track
        )
        self._under_way[self._crew.begin(piece)] = video

    def _take(self, number: int, video: _ListenedVideo, word: object) -> Iterator[IndexingEvent]:
        match word:
            case Loaded():
                video.pace.loaded()
            case Moved(reason):
                log.warning("the graphics card cannot run the speech model: %s", reason)
                if not self._has_moved:
                    yield Remarked("", MOVED)
                self._has_moved = True
            case Reached(seconds):
                video.reach(seconds)
                yield from self.pace.tell()
            case HeardPart():
                if is_unchanged(video.due.file):
                    self._store(video, word)
                    yield from self.pace.tell()
                else:
                    yield from self._leave(number)
            case ModelDied():
                with self._database.writing() as connection:
                    failures = count_failure(connection, video.due.video_id)
                if failures >= MAX_FAILURES:
                    yield from self._leave(number, GIVEN_UP)
            case PieceLost() | PieceFailed() | PieceDone():
                yield from self._ended(number, video, word)

    def _ended(
        self, number: int, video: _ListenedVideo, end: PieceLost | PieceFailed | PieceDone
    ) -> Iterator[IndexingEvent]:
        match end:
            case PieceLost():
                self._waiting.appendleft(self._under_way.pop(number))
            case PieceFailed(reason):
                yield from self._finish(number, reason)
            case PieceDone():
                video.pace.advance(1.0, video.pace.seconds)  # silence at the end, or all through, costs nothing
                yield from self._finish(number)

    def _store(self, video: _ListenedVideo, part: HeardPart) -> None:
        start, heard = part.start, part.heard
        until = start + heard.until
        new = [NewText(line.text, start + line.start, start + line.end, heard.language) for line in heard.lines]
        with self._database.writing() as connection:
            store_heard(connection, video.due.video_id, new, until, heard.votes)
        video.position, video.votes = until, heard.votes
        video.reach(until)

    def _leave(self, number: int, problem: str = "") -> Iterator[IndexingEvent]:
        """Be done with a video that is still listened to."""
        self._crew.stop([number])
        yield from self._finish(number, problem)

    def _finish(self, number: int, problem: str = "") -> Iterator[IndexingEvent]:
        """Be done with a video; of one whose file is another one now, or gone, the next run sees what is left."""
        video = self._under_way.pop(number)
        due, path = video.due, readable(video.due.file.path)
        if not is_unchanged(due.file):
            self.pace.end(video.pace)
            yield VideoDeferred(path)
            return
        if problem:
            yield Remarked(path, problem)
        with self._database.writing() as connection:
            texts = finish_listening(connection, due.video_id, due.stamp(self._stamp))
        self.pace.end(video.pace)
        yield TextRead(path, PassName.SPEECH, texts)
