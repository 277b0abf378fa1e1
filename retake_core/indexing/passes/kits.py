"""What the passes that come last work with: it looks at pictures and listens, and knows nothing of the library."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.errors import MediaError, UserError
from retake_core.indexing.passes.crew import Kit, Piece
from retake_core.indexing.passes.hearing import ListenKit, listeners_that_fit
from retake_core.media.process.decode_process import DecoderDiedError
from retake_core.media.process.lasting_decoder import LastingDecoder
from retake_core.media.process.tasks import Task
from retake_core.ocr.models import INSTALL_HINT, find_models
from retake_core.ocr.reader import EngineError
from retake_core.ocr.screen_task import CannotRead, ReaderLoaded, ScreenRead, ScreenTask
from retake_core.people.faces_task import CannotSee, FacesSeen, FacesTask
from retake_core.people.model import FaceModelError
from retake_core.people.registry import InstalledFaces, find_face_model
from retake_core.protocol.indexing_events import PassName
from retake_core.settings import Settings
from retake_core.speech.model import speech_model, stamp_of
from retake_core.system.processor import usable_cores

MAX_FAILURES = 2  # crashes on one piece
AT_KEYFRAME = 0.02  # seconds within which a keyframe's frame is looked for
BETWEEN = 2  # frames that are looked at between a keyframe with a face and the next one, at most
APART = 1.0  # seconds from one of them to the next, at least
WITHIN = 0.5  # seconds from a time between keyframes on, in which its frame is looked for


@dataclass(frozen=True, slots=True)
class ScreenPiece(Piece):
    """Keyframes whose text is to be read: yields `ReaderLoaded` and `ScreenRead`.

    Attributes:
        times: of the keyframes, in order: seconds.
        thumbnails: theirs.
    """

    times: tuple[float, ...]
    thumbnails: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class FacesPiece(Piece):
    """Keyframes in which faces are looked for, and behind those that show one: yields `FacesSeen`.

    Attributes:
        times: of the keyframes, in order: seconds.
        end: seconds; until there, what is behind the last one is looked at.
    """

    times: tuple[float, ...]
    end: float


class _PicturesKit(ABC):
    """Looks at pictures in the process that decodes them.

    Args:
        id_: see `Kit`.
        threads: that may look.
        log: gets what its libraries print.
        memory: bytes that the process may take; None is what a lone one may.
    """

    def __init__(self, id_: str, threads: int, log: Path | None = None, memory: int | None = None) -> None:
        self.id = id_
        self._threads = threads
        self._decoder = LastingDecoder(log, memory)
        self._has_looked = False  # at anything

    @abstractmethod
    def _given_up(self, error: DecoderDiedError) -> UserError:
        """Tell whether a video ends the process that looks, or anything would."""

    def close(self) -> None:
        """See `Kit`."""
        self._decoder.close()

    def _messages(self, task: Callable[[], Task | None], cancel: CancelToken) -> Iterator[object]:
        """Yield what a task sends; where one ends the process, what `task` then gives is tried, once more.

        Raises:
            MediaError: nothing can be decoded.
            UserError: the process ended again; see `_given_up`.
        """
        for failures in range(1, MAX_FAILURES + 1):
            if (wanted := task()) is None:
                return
            try:
                yield from self._decoder.messages(wanted, cancel)
            except DecoderDiedError as error:
                if failures == MAX_FAILURES:
                    raise self._given_up(error) from error
            else:
                return


class ScreenKit(_PicturesKit):
    """Reads the text in keyframes; see `ScreenPiece`."""

    def work(self, piece: Piece, cancel: CancelToken) -> Iterator[object]:
        """See `Kit`."""
        assert isinstance(piece, ScreenPiece)
        read: set[float] = set()

        def task() -> ScreenTask:
            left = [
                (time, picture)
                for time, picture in zip(piece.times, piece.thumbnails, strict=True)
                if time not in read
            ]
            times, pictures = tuple(time for time, _ in left), tuple(picture for _, picture in left)
            return ScreenTask(piece.path, times, pictures, self._threads)

        for message in self._messages(task, cancel):
            match message:
                case CannotRead(reason):
                    raise EngineError(reason)
                case ScreenRead(time):
                    read.add(time)
                    self._has_looked = True
                    yield message
                case ReaderLoaded():
                    yield message

    def _given_up(self, error: DecoderDiedError) -> UserError:
        if self._has_looked:
            return MediaError(f"The text on screen of a part of it cannot be read: {error}")
        return EngineError(f"What reads text on screen crashes on this computer. Install it again: {INSTALL_HINT}")


class FacesKit(_PicturesKit):
    """Finds the faces at keyframes, then between those that show one and the next; see `FacesPiece`.

    Args:
        model: that finds them.
        threads, log, memory: as those of other kits.
    """

    def __init__(
        self, model: InstalledFaces, threads: int, log: Path | None = None, memory: int | None = None
    ) -> None:
        super().__init__(model.id, threads, log, memory)
        self._model = model

    def work(self, piece: Piece, cancel: CancelToken) -> Iterator[object]:
        """See `Kit`."""
        assert isinstance(piece, FacesPiece)
        shown: set[float] = set()
        for seen in self._seen(piece.path, piece.times, AT_KEYFRAME, cancel):
            if seen.faces:
                shown.add(seen.time)
            yield seen
        between = [
            time
            for start, end in zip(piece.times, [*piece.times[1:], piece.end], strict=True)
            if start in shown
            for time in between_keyframes(start, end)
        ]
        for seen in self._seen(piece.path, between, WITHIN, cancel):
            yield replace(seen, faces=tuple(replace(face, picture=None) for face in seen.faces))

    def _seen(self, path: Path, times: Sequence[float], within: float, cancel: CancelToken) -> Iterator[FacesSeen]:
        """Yield the faces at some times."""
        left = list(times)

        def task() -> FacesTask | None:
            return FacesTask(path, tuple(left), within, self._model, self._threads) if left else None

        for message in self._messages(task, cancel):
            if isinstance(message, CannotSee):
                raise FaceModelError(message.reason)
            if isinstance(message, FacesSeen):
                self._has_looked = True
                left[:] = [time for time in left if time > message.asked]
                yield message

    def _given_up(self, error: DecoderDiedError) -> UserError:
        if self._has_looked:
            return MediaError(f"The faces in a part of it cannot be found: {error}")
        return FaceModelError(f"What finds faces crashes on this computer ({self._model.kind}); install it again.")


def threads_of(cores: int) -> int:
    """Return how many threads look here, of so many cores, 0 for all: half stays for players and decoders."""
    return max(1, (cores or usable_cores()) // 2)


def between_keyframes(start: float, end: float) -> list[float]:
    """Return the times to look at between two keyframes, evenly spread."""
    count = min(BETWEEN, int((end - start) // APART) - 1)
    return [start + (end - start) * number / (count + 1) for number in range(1, count + 1)]


@dataclass(frozen=True, slots=True)
class KitPlan:
    """The kits that a computer of some cores has for a pass.

    Attributes:
        id: of each; see `Kit`.
        count: how many can be used at once.
        make: makes one.
    """

    id: str
    count: int
    make: Callable[[], Kit]


def plan_kits(name: PassName, settings: Settings, cores: int, cards: int, memory: int) -> KitPlan:
    """Return what a computer can do for a pass with all of its cores.

    Args:
        name: of the pass.
        settings: name the models.
        cores: that it offers.
        cards: graphics cards that it offers.
        memory: bytes that the process of a kit may take.

    Raises:
        UserError: it lacks the models, or what they run on.
    """
    match name:
        case PassName.SCREEN:
            models = find_models()
            if models is None:
                raise EngineError(f"Text on screen cannot be read; install what reads it with: {INSTALL_HINT}")
            return KitPlan(models.id, cores, lambda: ScreenKit(models.id, 1, memory=memory))
        case PassName.FACES:
            faces = find_face_model(settings.face_model)
            faces.check()
            return KitPlan(faces.id, cores, lambda: FacesKit(faces, 1, memory=memory))
        case PassName.SPEECH if (model := speech_model(settings)) is not None:
            stamp, count = stamp_of(model, settings), listeners_that_fit(model, cards or cores)
            each = 2 * max(1, cores // count)  # a listener takes half of what it has
            return KitPlan(stamp, count, lambda: ListenKit(model, stamp, each, memory=memory))
    raise ValueError(name)
