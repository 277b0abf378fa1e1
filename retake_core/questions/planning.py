"""Planning a question with one model: what is read, what it takes, and how fast this machine is."""

import hashlib
import logging
from dataclasses import dataclass, replace

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.media.hardware.sessions import HardwareSessions
from retake_core.media.hardware.verdicts import Verdicts
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.protocol.question_events import QuestionPlan, SecondLookPlan, WordsGiven
from retake_core.questions.asked_video import AskedVideo
from retake_core.settings import Settings
from retake_core.videollm.answer import VideoSource, memory_key
from retake_core.videollm.calibration import Calibration
from retake_core.videollm.costs import answer_bytes
from retake_core.videollm.events import Stats
from retake_core.videollm.machine import available_bytes
from retake_core.videollm.memory.file import planned_bytes
from retake_core.videollm.memory.last import LastMemory
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.model import VideoLLM
from retake_core.videollm.planner import USABLE, Material, ReadingPlan, make_plan
from retake_core.videollm.reading import MIN_FRAMES, MIN_KEEP_RATIO, PLAIN, Detail, Reading
from retake_core.videollm.second_look import plan_second_look
from retake_core.videollm.words import Words

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class QuestionOptions:
    """How much is read and written.

    Attributes:
        frames: at most so many are read.
        keep_ratio: the fraction of visual tokens that stays; None follows the budget.
        max_tokens: the answer ends after so many.
        begun: what of the answer is written already; it goes on behind that.
        words: whether the model is given what is said and what stands on the screen.
        thorough: whether what a first answer points at is looked at again, and answered from anew.
    """

    frames: int = MAX_FRAMES
    keep_ratio: float | None = None
    max_tokens: int = 512
    begun: str = ""
    words: bool = True
    thorough: bool = False


def memory_store(data_dir: DataDir, settings: Settings, last: LastMemory | None = None) -> MemoryStore:
    """Return the memories of a data directory; `last` keeps one loaded."""
    return MemoryStore(data_dir.memories, int(settings.memory_quota_gb * 1e9), settings.memory_precision, last)


class QuestionPlans:
    """Plans questions with one model.

    Args:
        data_dir: where memories and speeds lie.
        model: its weights are not needed.
        settings: say how memories are kept.
    """

    def __init__(self, data_dir: DataDir, model: VideoLLM, settings: Settings) -> None:
        self.model = model
        self._family = model.family
        self._hardware = HardwareSessions(settings.hardware_decoding, Verdicts(data_dir.decoding_verdicts))
        self.store = memory_store(data_dir, settings, model.last)
        digest = hashlib.sha256(f"{model.id.name}\n{model.id.revision}\n{self._family.device.type}".encode())
        self._speed = data_dir.speeds / f"{digest.hexdigest()[:24]}.json"

    def plan(self, material: Material, options: QuestionOptions) -> ReadingPlan:
        """Plan a reading that fits this machine.

        Raises:
            UserError: none fits, or the options make no sense.
        """
        return make_plan(
            self._family,
            material,
            available=self._available(),
            weights=self.model.weight_bytes,
            frames=min(options.frames, self.model.about.frames),
            keep_ratio=options.keep_ratio,
            calibration=Calibration.load(self._speed),
            detail=self._detail,
        )

    def plan_video(self, video: AskedVideo, options: QuestionOptions) -> tuple[ReadingPlan, int]:
        """Plan a question about a video: from the best memory that fits this machine, else from its frames.

        What is free decides what is read where there is no memory, and not whether one that is there is used.

        Returns:
            The plan, and the bytes of the memory's file that it is of, 0 where it is of none.

        Raises:
            UserError: there is none, and no reading fits.
        """
        try:
            plan, problem = self.plan(video.material, options), None
            wanted = plan.reading
        except UserError as error:
            problem = error
            rate, frames = video.material.sample(min(MIN_FRAMES, options.frames))
            guided = video.material.guided(rate)
            wanted = Reading(rate, frames, keep_ratio=options.keep_ratio or MIN_KEEP_RATIO, guided=guided)
        if (remembered := self._remembered(video, wanted, options)) is not None:
            return remembered
        if problem is not None:
            raise problem
        return plan, 0

    def plan_second_look(self, video: AskedVideo, first: ReadingPlan) -> ReadingPlan | None:
        """Plan a second look at a video; None where it is away, or none is closer than the first that fits."""
        if video.file is None:
            return None
        return plan_second_look(
            self._family,
            video.material,
            first,
            self._available(),
            self.model.weight_bytes,
            self.model.about.detail,
            Calibration.load(self._speed),
        )

    def _source(self, video: AskedVideo, reading: Reading, cancel: CancelToken) -> VideoSource:
        """Return what the engine reads of a video."""
        return video.source(self._family, reading, cancel, self._hardware)

    def _remembered(
        self, video: AskedVideo, wanted: Reading, options: QuestionOptions
    ) -> tuple[ReadingPlan, int] | None:
        """Return the plan of the best memory that fits, if one holds what is wanted, and the bytes of its file."""
        key = memory_key(self._family, self.model.id, self._source(video, wanted, CancelToken()), wanted)
        for stored, size in self.store.serving(key):
            reading = stored.reading
            if options.keep_ratio is not None and reading.keep_ratio not in (
                options.keep_ratio,
                wanted.keep_ratio,
            ):
                continue  # a ratio that was asked for is that ratio
            counts = video.material.count(self._family, reading)
            peak = answer_bytes(self._family, counts, self.model.weight_bytes)
            if peak <= self._available():
                seconds = Calibration.load(self._speed).predict(counts)
                return ReadingPlan(reading, counts, peak, seconds, lowered=False), size
        return None

    @property
    def _detail(self) -> Detail:
        """How closely short videos are read: on a processor every token more is time that a person waits."""
        detail = self.model.about.detail
        return detail.at_most(PLAIN) if self._family.device.type == "cpu" else detail

    def _available(self) -> int:
        """Return the bytes that the model may take, its weights and the memory that it used last included."""
        loaded = (self.model.weight_bytes if self.model.loaded else 0) + self.model.last.held_bytes
        return int(USABLE * (available_bytes() + loaded))

    def _planned_bytes(self, plan: ReadingPlan) -> int:
        family = self._family
        return planned_bytes(family.shape, plan.counts.entries, family.dtype.itemsize, self.store.precision)

    def _plan(
        self,
        plan: ReadingPlan,
        words: Words,
        stored_bytes: int,
        *,
        from_memory: bool,
        second: ReadingPlan | None = None,
    ) -> QuestionPlan:
        counts = plan.counts
        answering = answer_bytes(self._family, counts, self.model.weight_bytes, len(words.ids))
        screen = sum(line.on_screen for line in words.lines)
        return QuestionPlan(
            model=self.model.id.name,
            frames=counts.frames,
            visual_tokens=counts.visual_tokens,
            kept_tokens=counts.kept_tokens,
            keep_ratio=plan.reading.keep_ratio,
            peak_bytes=max(plan.peak_bytes, answering, 0 if second is None else second.peak_bytes),
            seconds=sum(plan.seconds.values()) if plan.seconds else None,
            from_memory=from_memory,
            lowered=plan.lowered,
            rate=plan.reading.rate,
            long_side=plan.reading.long_side,
            kv_bytes=counts.kv_bytes,
            phases=plan.seconds,
            words=WordsGiven(len(words.lines) - screen, screen, len(words.ids)),
            stored_bytes=stored_bytes,
            second=None if second is None else _second_plan(second),
        )

    def _learn(self, plan: ReadingPlan, stats: Stats) -> None:
        if stats.from_memory or stats.reading != plan.reading:
            return  # nothing was read, or some of it twice
        counts = replace(
            plan.counts,
            frames=plan.counts.frames + stats.frames_again,
            visual_tokens=stats.tokens_read + stats.tokens_again,
        )
        try:
            Calibration.load(self._speed).updated(counts, stats).save(self._speed)
        except OSError:
            log.exception("the speed could not be saved")


def _second_plan(second: ReadingPlan) -> SecondLookPlan:
    return SecondLookPlan(
        frames=second.reading.frames,
        rate=second.reading.rate,
        long_side=second.reading.long_side,
        seconds=sum(second.seconds.values()) if second.seconds else None,
    )
