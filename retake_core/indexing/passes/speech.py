"""Listening to videos: what is said is stored stretch by stretch, so that a stop costs minutes at most."""

import logging
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.display import readable
from retake_core.errors import MediaError, UserError
from retake_core.hub.local_models import SPEECH_WEIGHTS
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
from retake_core.media.ffmpeg.sound import RATE, SoundPart
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import SoundTask
from retake_core.media.video_file import FileChangedError, check_unchanged, is_unchanged
from retake_core.protocol.indexing_events import (
    IndexingEvent,
    PassName,
    Remarked,
    TextRead,
    VideoDeferred,
)
from retake_core.settings import Settings
from retake_core.speech.model import speech_model, stamp_of
from retake_core.speech.process import HeldError, ListenerDiedError, ListenProcess, ModelFailedError
from retake_core.speech.stretch import Heard, Loaded, Moved, Reached, SoundStretch
from retake_core.system.processor import usable_cores

log = logging.getLogger(__name__)

STRETCH = 120.0  # seconds that are listened to at once, and that a crash may cost
MAX_FAILURES = 2
# Seconds that a byte of the weights takes for a second of sound on a usual processor: of the tiny, the base and
# the small model's shapes 1.8, 1.7 and 1.5e-9.
OF_A_BYTE = 1.6e-9
MOVED = "The graphics card cannot run the speech model, so that listening is slower; the log tells why."
UNUSABLE = "The speech model cannot be used; choose another one, or download it again. The log tells why."
GIVEN_UP = "The speech model stopped twice while it listened; the rest of what is said is not found."


@dataclass(slots=True)
class _ListenedVideo:
    """A video that is listened to.

    Attributes:
        resume: seconds that earlier runs have listened to.
        position: seconds up to which everything is stored.
        votes: for the language.
        pace: how far it is.
        complete: whether nothing is left.
    """

    due: DueSpeech
    resume: float
    position: float
    votes: Votes
    pace: VideoPace
    complete: bool = False

    def reach(self, seconds: float) -> None:
        """Note how far the model has come."""
        duration = self.due.duration
        self.pace.advance(seconds / duration if duration else 0.0, seconds - self.resume)


class SpeechPass:
    """Listens to videos, one after another; use it once.

    Args:
        database: the library.
        settings: name the model, if there is one.
        cancel: stops it within a second.
        log_file: gets what libraries print.
    """

    name: Final = PassName.SPEECH
    after: Final = PassName.QUICK

    def __init__(
        self, database: Database, settings: Settings, cancel: CancelToken, log_file: Path | None = None
    ) -> None:
        self._database = database
        self._settings = settings
        self._cancel = cancel
        self._log_file = log_file
        self._decoder = LastingDecoder(log_file)
        self._process: ListenProcess | None = None
        self._card = True  # whether the model may run on a graphics card
        self._proved = False  # whether the model has heard anything
        self._deaths = 0  # of its process, before it had
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
            stamp = stamp_of(model, self._settings)
        except UserError as error:
            yield Remarked("", str(error))
            return
        with self._database.reading() as connection:
            videos = due_speech(connection, stamp)
        if not videos:
            return
        self._give_way = give_way or self._give_way
        videos.sort(key=lambda due: due.video_id not in first)
        yield self.pace.start([due.audible for due in videos])
        try:
            for due in videos:
                yield from self._listen_to(due, model, due.stamp(stamp))
                if self._give_way():
                    break
        except ModelFailedError as error:
            log.warning("the speech model cannot be used: %s", error)
            yield Remarked("", UNUSABLE)
        finally:
            self._decoder.close()
            self._end_process()

    def _listen_to(self, due: DueSpeech, model: Path, stamp: str) -> Iterator[IndexingEvent]:
        path = readable(due.file.path)
        with self._database.writing() as connection:
            state = begin_listening(connection, due.video_id, stamp)
        before = state.resume / due.duration if due.duration else 0.0
        pace = self.pace.begin(due.file.path, before)
        listening = _ListenedVideo(due, state.resume, state.resume, state.votes, pace)
        yield from self.pace.tell()
        try:
            while not listening.complete:
                yield from self._step(listening, model)
                if self._give_way() and not listening.complete:
                    return
            pace.advance(1.0, pace.seconds)  # silence at the end, or all through, is listened to at no cost
        except (MediaError, FileChangedError) as error:
            if not is_unchanged(due.file):
                self.pace.end(pace)
                yield VideoDeferred(path)
                return
            yield Remarked(path, str(error))
        with self._database.writing() as connection:
            texts = finish_listening(connection, due.video_id, stamp)
        self.pace.end(pace)
        yield TextRead(path, PassName.SPEECH, texts)

    def _step(self, listening: _ListenedVideo, model: Path) -> Iterator[IndexingEvent]:
        """Listen to the next stretch, and store what was heard; or leave it for another try."""
        due = listening.due
        self._cancel.check()
        sound = self._sound(due, listening.position)
        check_unchanged(due.file)
        if sound is None:
            listening.complete = True
            return
        last = len(sound.samples) < round(STRETCH * RATE)
        stretch = SoundStretch(sound.samples, last, self._settings.speech_language, listening.votes)
        try:
            heard = yield from self._heard(model, stretch, sound.time, listening)
        except HeldError:
            self._end_process()
            return
        except ListenerDiedError:
            self._end_process()
            self._count_death(due)
            return
        until = sound.time + heard.until
        new = [
            NewText(line.text, sound.time + line.start, sound.time + line.end, heard.language)
            for line in heard.lines
        ]
        with self._database.writing() as connection:
            store_heard(connection, due.video_id, new, until, heard.votes)
        listening.position, listening.votes, listening.complete = until, heard.votes, last
        listening.reach(until)
        yield from self.pace.tell()

    def _sound(self, due: DueSpeech, start: float) -> SoundPart | None:
        """Return what is heard from a time on, or None where that is nothing."""
        task = SoundTask(due.file.path, start, STRETCH, due.sound_track)
        for tries_left in reversed(range(MAX_FAILURES)):
            try:
                parts = [
                    part for part in self._decoder.messages(task, self._cancel) if isinstance(part, SoundPart)
                ]
            except DecoderDiedError as error:
                if not tries_left:
                    raise MediaError(str(error)) from error
            else:
                break
        return SoundPart(parts[0].time, np.concatenate([part.samples for part in parts])) if parts else None

    def _heard(
        self, model: Path, stretch: SoundStretch, start: float, listening: _ListenedVideo
    ) -> Generator[IndexingEvent, None, Heard]:
        """Have the model listen, and tell how far it has come."""
        cores = usable_cores(self._settings.processor_share)
        self._process = self._process or ListenProcess(model, self._log_file, card=self._card, cores=cores)
        for message in self._process.listen(stretch, self._cancel):
            match message:
                case Moved(reason):
                    log.warning("the graphics card cannot run the speech model: %s", reason)
                    yield Remarked("", MOVED)
                case Loaded():
                    listening.pace.loaded()
                case Reached(seconds):
                    listening.reach(start + seconds)
                    yield from self.pace.tell()
                case Heard():
                    self._proved = True
                    return message
        raise AssertionError

    def _count_death(self, due: DueSpeech) -> None:
        """Decide what becomes of a video on which the model's process died.

        Raises:
            MediaError: it has died on it too often.
            ModelFailedError: it dies whatever it hears.
        """
        if self._card:
            self._card = False  # its libraries may end the process without a word
            return
        if not self._proved:
            self._deaths += 1
            if self._deaths >= MAX_FAILURES:
                raise ModelFailedError("its process dies")
            return
        with self._database.writing() as connection:
            failures = count_failure(connection, due.video_id)
        if failures >= MAX_FAILURES:
            raise MediaError(GIVEN_UP)

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None
