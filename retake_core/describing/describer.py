"""Who describes videos: a model on this computer, or one that another computer lends."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from retake_core.cancel import CancelToken
from retake_core.describing.one_video import PLAIN, Described, Descriptions
from retake_core.errors import Cancelled, UserError
from retake_core.library.catalog import video_by_id
from retake_core.library.keyframes import keyframes
from retake_core.questions.answerer import LocalAnswerer, ModelChoice, ModelFacts
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.words import FoundWords, find_words
from retake_core.settings import load_settings
from retake_core.videollm.describing.describe import FormError
from retake_core.videollm.describing.form import MOST_PICTURES
from retake_core.videollm.events import VideoLLMEvent
from retake_core.videollm.machine import is_out_of_memory
from retake_core.videollm.model import VideoLLM
from retake_core.videollm.planner import Recording

OUT_OF_MEMORY = (
    "The memory ran out while it was described; close other programs and retry, or use a smaller model."
)
NO_ROOM = "The memory ran out, so that nothing is described; close other programs, or choose a smaller model."


class UnusableError(UserError):
    """The model can describe nothing on its computer."""


@dataclass(frozen=True)
class VideoToDescribe:
    """A video with all that the library knows for its description: what it takes, here or on another computer.

    Attributes:
        video: it.
        times: seconds, of the keyframes that get a line each.
        words: what is said and written in it, spread over it: no question says what of it matters.
    """

    video: AskedVideo
    times: Sequence[float]
    words: FoundWords

    @classmethod
    def of(cls, connection: Connection, video_id: int) -> "VideoToDescribe":
        """Return what the library knows of a video.

        Raises:
            UserError: it is not indexed, or its file is no longer the one that was indexed.
        """
        video = AskedVideo.of(connection, video_by_id(connection, video_id))
        prominent = keyframes(connection, video_id, MOST_PICTURES)
        words = find_words(connection, "", [(video, 0.0, math.inf)])
        return cls(video, [entry.time for entry in prominent], words)

    @property
    def videos(self) -> Sequence[AskedVideo]:
        """See `VideoQuestion.videos`."""
        return [self.video]

    def seen_by(self, see: Callable[[AskedVideo], AskedVideo]) -> "VideoToDescribe":
        """See `VideoQuestion.seen_by`."""
        return replace(self, video=see(self.video), words=self.words.found())


@dataclass(frozen=True, slots=True)
class ModelReady:
    """There is a plan and the model is loaded; what comes now is the work on the video.

    Attributes:
        computer: the name of the one that has it; "" is this one.
    """

    computer: str = ""


class ExpectedReading(NamedTuple):
    """What it takes to read a video: seconds, None while that computer has not read any, and bytes of memory."""

    seconds: float | None
    size: int


DescribingEvent = VideoLLMEvent | ModelReady | Described


class VideoDescriber(Protocol):
    """Describes videos with a model that is open."""

    def describe(self, wanted: VideoToDescribe, cancel: CancelToken) -> Iterator[DescribingEvent]:
        """Describe a video with the open model, from its memory where there is one.

        Yields:
            What happens: first `ModelReady`, at last `Described`.

        Raises:
            DoesNotFitError: it needs more memory than is free there; told before anything else.
            UnusableError: the model can describe nothing there.
            AnswererLostError: its computer is gone.
            UserError: the video cannot be read.
            Cancelled: it is to stop; nothing is left half-written but a whole memory.
        """
        ...

    def forget(self, fingerprint: str) -> None:
        """Delete the memories of a video."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Desk:
    """Where one video at a time is described.

    Attributes:
        computer: its name; "" is this one.
        describer: has the model there.
    """

    computer: str
    describer: VideoDescriber


class Describer(VideoDescriber, Protocol):
    """Describes videos with one model at a time."""

    def open(self, choice: ModelChoice, cancel: CancelToken) -> tuple[ModelFacts | None, str]:
        """See `Answerer`."""
        ...

    def expect(self, recordings: Sequence[Recording]) -> list[ExpectedReading | None]:
        """Return what reading some videos takes; None for those that do not fit its computer.

        Raises:
            AnswererLostError: its computer is gone.
        """
        ...

    def desks(self, cancel: CancelToken) -> Sequence[Desk]:
        """Return the computers that have the open model and describe side by side; none where one does it alone.

        Each of them raises `DoesNotFitError` for what does not fit it, which this describer may know a place for.
        """
        ...

    def let_go(self) -> None:
        """See `Answerer`."""
        ...


class LocalDescriber(LocalAnswerer):
    """Describes on this computer, and answers questions with the same model; see `Describer`."""

    _last: Descriptions | None = None

    def expect(self, recordings: Sequence[Recording]) -> list[ExpectedReading | None]:
        """See `Describer`."""
        expected: list[ExpectedReading | None] = []
        for recording in recordings:
            expected.append(None)
            with suppress(UserError):  # it will be told of that video
                expected[-1] = ExpectedReading(*self._descriptions.estimate(recording))
        return expected

    def describe(self, wanted: VideoToDescribe, cancel: CancelToken) -> Iterator[DescribingEvent]:
        """See `Describer`."""
        descriptions = self._descriptions
        plan, _ = descriptions.plan_video(wanted.video, PLAIN)
        _load(descriptions.model)
        yield ModelReady()
        try:
            yield (yield from descriptions.describe(wanted.video, plan, wanted.times, wanted.words, cancel))
        except Cancelled:
            raise
        except Exception as error:
            descriptions.model.last.let_go()  # it may have been what left too little room
            if isinstance(error, FormError):
                raise UnusableError(str(error)) from error
            if is_out_of_memory(error):
                raise UserError(OUT_OF_MEMORY) from error
            raise

    def desks(self, cancel: CancelToken) -> Sequence[Desk]:  # noqa: ARG002
        """See `Describer`."""
        return ()

    def forget(self, fingerprint: str) -> None:
        """See `Describer`."""
        self._descriptions.store.evict(fingerprint)

    @property
    def _descriptions(self) -> Descriptions:
        """Those of the open model, which keep the vocabulary that they have read."""
        assert self.model is not None
        if self._last is None or self._last.model is not self.model:
            self._last = Descriptions(self._data_dir, self.model, load_settings(self._data_dir.settings))
        return self._last


def alone(problem: str) -> str:
    """Return the sentence that this computer describes, and why no other does."""
    return str(UserError(f"This computer describes alone: {problem}"))


def _load(model: VideoLLM) -> None:
    try:
        model.load()
    except UserError as error:
        raise UnusableError(str(error)) from error
    except Exception as error:
        if is_out_of_memory(error):
            raise UnusableError(NO_ROOM) from error
        raise
