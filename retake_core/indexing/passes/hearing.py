"""Listening to the rest of one video, stretch by stretch; it stores nothing."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError, UserError
from retake_core.hub.local_models import SPEECH_WEIGHTS
from retake_core.indexing.passes.crew import Piece
from retake_core.media.ffmpeg.sound import RATE, SoundPart
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import SoundTask
from retake_core.speech.process import HeldError, ListenerDiedError, ListenProcess, ModelFailedError
from retake_core.speech.stretch import Heard, Loaded, Moved, Reached, SoundStretch

log = logging.getLogger(__name__)

STRETCH = 120.0  # seconds that are listened to at once, and that a crash may cost
MAX_FAILURES = 2
UNUSABLE = "The speech model cannot be used; choose another one, or download it again. The log tells why."
_MEMORY = 4  # times its file, that a model may take while it listens


@dataclass(frozen=True, slots=True)
class ListenPiece(Piece):
    """The rest of a video: yields `HeardPart`, and what tells of the way there.

    That is `Loaded`, `Moved`, `Reached` (in seconds of the video) and `ModelDied`.

    Attributes:
        start: seconds from which on it is listened to.
        votes: for the language, of what came before.
        language: as a code, or None to find out.
        sound_track: that a person chose, counted from 1.
    """

    start: float
    votes: dict[str, float]
    language: str | None
    sound_track: int | None


@dataclass(frozen=True, slots=True)
class HeardPart:
    """What was heard from `start` seconds on, and whether nothing follows."""

    start: float
    heard: Heard
    last: bool


@dataclass(frozen=True, slots=True)
class ModelDied:
    """The model's process ended on the video without a word; it is tried again."""


class ModelUnusableError(UserError):
    """The speech model cannot be used on this computer."""


class ListenKit:
    """Listens to videos, one after another.

    Args:
        model: its folder.
        id_: see `Kit`.
        cores: that it may take for its own.
        log_file: gets what libraries print.
        memory: bytes that the decoder may take; None is what a lone one may.
    """

    def __init__(
        self, model: Path, id_: str, cores: int, log_file: Path | None = None, memory: int | None = None
    ) -> None:
        self.id = id_
        self._model, self._cores, self._log_file = model, cores, log_file
        self._decoder = LastingDecoder(log_file, memory)
        self._process: ListenProcess | None = None
        self._card = True  # whether the model may run on a graphics card
        self._proved = False  # whether the model has heard anything
        self._deaths = 0  # of its process, before it had

    def work(self, piece: Piece, cancel: CancelToken) -> Iterator[object]:
        """See `Kit`."""
        assert isinstance(piece, ListenPiece)
        position, votes = piece.start, piece.votes
        while True:
            cancel.check()
            sound = self._sound(piece, position, cancel)
            if sound is None:
                return
            last = len(sound.samples) < round(STRETCH * RATE)
            stretch = SoundStretch(sound.samples, last, piece.language, votes)
            try:
                for message in self._listen(stretch, cancel):
                    match message:
                        case Heard():
                            heard = message
                        case Reached(seconds):
                            yield Reached(sound.time + seconds)
                        case _:
                            yield message
            except HeldError:
                self._end_process()
                continue
            except ListenerDiedError:
                self._end_process()
                if self._blames_video():
                    yield ModelDied()
                continue
            self._proved = True
            yield HeardPart(sound.time, heard, last)
            if last:
                return
            position, votes = sound.time + heard.until, heard.votes

    def close(self) -> None:
        """See `Kit`."""
        self._decoder.close()
        self._end_process()

    def _sound(self, piece: ListenPiece, start: float, cancel: CancelToken) -> SoundPart | None:
        """Return what is heard from a time on, or None where that is nothing."""
        task = SoundTask(piece.path, start, STRETCH, piece.sound_track)
        for tries_left in reversed(range(MAX_FAILURES)):
            try:
                parts = [part for part in self._decoder.messages(task, cancel) if isinstance(part, SoundPart)]
            except DecoderDiedError as error:
                if not tries_left:
                    raise MediaError(str(error)) from error
            else:
                break
        return SoundPart(parts[0].time, np.concatenate([part.samples for part in parts])) if parts else None

    def _listen(self, stretch: SoundStretch, cancel: CancelToken) -> Iterator[Loaded | Reached | Moved | Heard]:
        """Have the model listen.

        Raises:
            ModelUnusableError: it cannot be used on this computer.
        """
        self._process = self._process or ListenProcess(
            self._model, self._log_file, card=self._card, cores=self._cores
        )
        try:
            yield from self._process.listen(stretch, cancel)
        except ModelFailedError as error:
            raise _unusable(str(error)) from error

    def _blames_video(self) -> bool:
        """Return, when the model's process died, whether the video may be why.

        Raises:
            ModelUnusableError: it dies whatever it hears.
        """
        if self._card:
            self._card = False  # its libraries may end the process without a word
            return False
        if self._proved:
            return True
        self._deaths += 1
        if self._deaths >= MAX_FAILURES:
            raise _unusable("its process dies")
        return False

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None


def listeners_that_fit(model: Path, cores: int) -> int:
    """Return how many processes can listen at once with so many cores: the memory may not hold as many models."""
    size = (model / SPEECH_WEIGHTS).stat().st_size
    return max(1, min(cores, int(psutil.virtual_memory().available // (_MEMORY * size))))


def _unusable(reason: str) -> ModelUnusableError:
    log.warning("the speech model cannot be used: %s", reason)
    return ModelUnusableError(UNUSABLE)
