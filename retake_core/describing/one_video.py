"""Describing one video with a model on this computer: its plan, and what is kept of what the model tells."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cached_property

from retake_core.cancel import CancelToken
from retake_core.library.described import ModelTold
from retake_core.library.description import Chapter, arranged
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.planning import QuestionOptions, QuestionPlans
from retake_core.questions.words import FoundWords
from retake_core.videollm.costs import words_room
from retake_core.videollm.describing.describe import LIMITS, describe
from retake_core.videollm.describing.held import Vocabulary
from retake_core.videollm.describing.told import Told
from retake_core.videollm.events import VideoLLMEvent
from retake_core.videollm.planner import Material, ReadingPlan
from retake_core.videollm.stopping import stoppable_events
from retake_core.videollm.words import NO_WORDS

PLAIN = QuestionOptions()
"""As a question reads a video, so that the memory serves both."""


@dataclass(frozen=True)
class Described:
    """What a model told of a video, ready to be stored.

    Attributes:
        told: see `ModelTold`.
        unsupported: lines that were left out because nothing in the video supports them, or no time is left.
        settings: of the reading, and the model's revision.
        writing: seconds that it took to write.
    """

    told: ModelTold
    unsupported: int
    settings: dict[str, str | int | float]
    writing: float


class Descriptions(QuestionPlans):
    """Describes videos with one model; a plan does not need its weights. See `QuestionPlans`."""

    def describe(
        self,
        video: AskedVideo,
        plan: ReadingPlan,
        times: Sequence[float],
        found: FoundWords,
        cancel: CancelToken,
    ) -> Generator[VideoLLMEvent, None, Described]:
        """Describe a video, from its memory where there is one; the generator's value is what was told.

        Args:
            video: it.
            plan: of its reading, as a question reads it: see `PLAIN`.
            times: seconds, of the keyframes that get a line each.
            found: what is said and written in it.
            cancel: looked at all the time.

        Raises:
            FormError: the model can describe nothing.
            UserError: the video cannot be read.
            Cancelled: it is to stop; nothing is left half-written but a whole memory.
        """
        words = NO_WORDS
        if self.model.about.words:
            room = words_room(self._family, plan.counts, self.model.weight_bytes, self._available())
            words = found.write(self._family.prompt, room)
        source = self._source(video, plan.reading, cancel)
        events = describe(
            self._family,
            self.model.id,
            self._vocabulary,
            source,
            times,
            plan.reading,
            self.store,
            cancel,
            words,
            LIMITS,
        )
        result = yield from stoppable_events(events, self._family, cancel)
        self._learn(plan, result.stats)
        read = result.stats.reading or plan.reading
        settings: dict[str, str | int | float] = {
            "revision": self.model.id.revision,
            "frames": read.frames,
            "rate": round(read.rate, 3),
            "keep_ratio": round(read.keep_ratio, 3),
            "long_side": read.long_side,
        }
        told = model_told(result.told, video.material.duration)
        outside = len(result.told.happenings) - len(told.chapters)
        writing = sum(result.stats.seconds.get(phase, 0.0) for phase in ("first_token", "answer"))
        return Described(told, result.unsupported + outside, settings, writing)

    def estimate(self, material: Material) -> tuple[float | None, int]:
        """Return about how many seconds reading takes, None while this machine has not run, and bytes of memory.

        Raises:
            UserError: no reading fits this machine.
        """
        plan = self.plan(material, PLAIN)
        return (sum(plan.seconds.values()) if plan.seconds else None), self._planned_bytes(plan)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary.of(self._family)


def model_told(told: Told, duration: float) -> ModelTold:
    """Return what is stored of what a model told of a video of so many seconds."""
    chapters = [Chapter(each.start, each.end, each.title, each.text) for each in told.happenings]
    kept, _ = arranged(chapters, duration)
    return ModelTold(told.title, told.summary, kept, told.pictures)
