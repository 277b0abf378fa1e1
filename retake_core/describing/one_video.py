"""Describing one video with a model: its plan, its words, and what is kept of what the model tells."""

import math
from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.described import ModelTold
from retake_core.library.description import Chapter, arranged
from retake_core.library.keyframes import keyframes
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.planning import QuestionOptions, QuestionPlans
from retake_core.questions.words import find_words
from retake_core.settings import Settings
from retake_core.videollm.costs import words_room
from retake_core.videollm.describing.describe import LIMITS, describe
from retake_core.videollm.describing.form import MOST_PICTURES
from retake_core.videollm.describing.held import Vocabulary
from retake_core.videollm.describing.told import Told
from retake_core.videollm.events import VideoLLMEvent
from retake_core.videollm.model import VideoLLM
from retake_core.videollm.planner import Material, ReadingPlan
from retake_core.videollm.stopping import stoppable_events
from retake_core.videollm.words import NO_WORDS, Words

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
    """Describes videos with one model.

    Args:
        database: of the library.
        data_dir: where memories and speeds lie.
        model: its weights are needed to describe, and not to plan.
        settings: say how memories are kept.
    """

    def __init__(self, database: Database, data_dir: DataDir, model: VideoLLM, settings: Settings) -> None:
        super().__init__(data_dir, model, settings)
        self._database = database

    def describe(self, video: AskedVideo, cancel: CancelToken) -> Generator[VideoLLMEvent, None, Described]:
        """Describe a video, from its memory where there is one; the generator's value is what was told.

        Raises:
            UserError: the video cannot be read, or this machine is too small for it.
            Cancelled: it is to stop; nothing is left half-written but a whole memory.
        """
        plan, _ = self.plan_video(video, PLAIN)
        with self._database.reading() as connection:
            prominent = keyframes(connection, video.entry.id, MOST_PICTURES)
        source = self._source(video, plan.reading, cancel)
        events = describe(
            self._family,
            self.model.id,
            self._vocabulary,
            source,
            [entry.time for entry in prominent],
            plan.reading,
            self.store,
            cancel,
            self._words(video, plan),
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

    def _words(self, video: AskedVideo, plan: ReadingPlan) -> Words:
        """Return what is said and written in a video, spread over it: no question says what of it matters."""
        if not self.model.about.words:
            return NO_WORDS
        room = words_room(self._family, plan.counts, self.model.weight_bytes, self._available())
        with self._database.reading() as connection:
            return find_words(connection, "", [(video, 0.0, math.inf)]).write(self._family.prompt, room)


def model_told(told: Told, duration: float) -> ModelTold:
    """Return what is stored of what a model told of a video of so many seconds."""
    chapters = [Chapter(each.start, each.end, each.title, each.text) for each in told.happenings]
    kept, _ = arranged(chapters, duration)
    return ModelTold(told.title, told.summary, kept, told.pictures)
