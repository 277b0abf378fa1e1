"""Answering with one model: plans, what the engine tells as plain data, and this machine's speed."""

import hashlib
import logging
import math
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.protocol.question_events import (
    FramesRead,
    Measured,
    Noticed,
    PlanMade,
    QuestionEvent,
    QuestionPlan,
    StageBegun,
    WordsGiven,
    Wrote,
)
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.citations import sources_found
from retake_core.questions.moments import CLIPS, join, stretch
from retake_core.questions.quotes import cited_lines
from retake_core.questions.words import Stretch, words_for
from retake_core.search.moments import Moment, found_moments
from retake_core.settings import Settings
from retake_core.videollm.answer import ask, memory_key
from retake_core.videollm.calibration import Calibration
from retake_core.videollm.clips import AskedClip, AskedClips, ask_clips
from retake_core.videollm.events import (
    AnswerPiece,
    Citations,
    Notice,
    Phase,
    ReadProgress,
    Stats,
    VideoLLMEvent,
)
from retake_core.videollm.families.prompt import Turn
from retake_core.videollm.generate import Ending, GenerationLimits
from retake_core.videollm.machine import available_bytes
from retake_core.videollm.memory.file import planned_bytes
from retake_core.videollm.memory.last import LastMemory
from retake_core.videollm.memory.store import MemoryStore
from retake_core.videollm.model import VideoLLM
from retake_core.videollm.planner import (
    USABLE,
    Material,
    ReadingPlan,
    answer_bytes,
    make_plan,
    words_room,
)
from retake_core.videollm.reading import MIN_FRAMES, MIN_KEEP_RATIO, PLAIN, Detail, Reading
from retake_core.videollm.stopping import stoppable
from retake_core.videollm.words import NO_WORDS, Words

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
    """

    frames: int = MAX_FRAMES
    keep_ratio: float | None = None
    max_tokens: int = 512
    begun: str = ""
    words: bool = True


def memory_store(data_dir: DataDir, settings: Settings, last: LastMemory | None = None) -> MemoryStore:
    """Return the memories of a data directory; `last` keeps one loaded."""
    return MemoryStore(data_dir.memories, int(settings.memory_quota_gb * 1e9), settings.memory_precision, last)


class Questions:
    """Plans and answers questions with one model.

    Args:
        database: of the library.
        data_dir: where memories and speeds lie.
        model: its weights are loaded when a plan is told; a plan needs none.
        settings: say how memories are kept.
    """

    def __init__(self, database: Database, data_dir: DataDir, model: VideoLLM, settings: Settings) -> None:
        self._database = database
        self.model = model
        self._family = model.family
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

    def _remembered(
        self, video: AskedVideo, wanted: Reading, options: QuestionOptions
    ) -> tuple[ReadingPlan, int] | None:
        """Return the plan of the best memory that fits, if one holds what is wanted, and the bytes of its file."""
        key = memory_key(self._family, self.model.id, video.source(self._family, wanted, CancelToken()), wanted)
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

    def ask_video(
        self,
        video: AskedVideo,
        question: str,
        options: QuestionOptions,
        cancel: CancelToken,
        earlier: Sequence[Turn] = (),
    ) -> Iterator[QuestionEvent]:
        """Answer a question about one video, telling what happens: first the plan, which needs no weights.

        Args:
            video: the video.
            question: as the user wrote it.
            options: how much is read and written.
            cancel: looked at all the time.
            earlier: the turns of the same conversation before.

        Raises:
            UserError: the question is empty, the video cannot be read, or this machine is too small for it.
            Cancelled: the user asked to stop; nothing is left half-written.
        """
        plan, size = self.plan_video(video, options)
        words = self._words([(video, 0.0, math.inf)], question, options, plan)
        yield PlanMade(self._plan(plan, words, size or self._planned_bytes(plan), from_memory=size > 0))
        if not size and any(stored.fingerprint == video.entry.fingerprint for stored in self.store.list()):
            yield Noticed(
                "The memory of this video was made by another model or with other settings, "
                "so the video is read again."
            )
        events = ask(
            self._family,
            self.model.id,
            video.source(self._family, plan.reading, cancel),
            question,
            plan.reading,
            self.store,
            cancel,
            GenerationLimits(options.max_tokens),
            earlier,
            options.begun,
            words,
        )
        yield from self._answer(events, plan, [video], cancel, options.begun, words)

    def ask_moments(
        self, moments: Sequence[Moment], question: str, options: QuestionOptions, cancel: CancelToken
    ) -> Iterator[QuestionEvent]:
        """Answer a question about moments of the library, telling what happens; see `ask_video`.

        Moments of one video that has a memory are asked through it.
        """
        if not question.strip():
            raise UserError("The question is empty.")
        videos, away = self._readable(moments[:CLIPS])
        for name in away:
            yield Noticed(f"{name} is left out: it is not there now, or has changed since it was indexed.")
        moments = [moment for moment in moments[:CLIPS] if moment.video.id in videos]
        if not moments:
            raise UserError("No video that matches is there now; connect its drive, or run: retake index")
        if len(videos) == 1:
            (video,) = videos.values()
            _, size = self.plan_video(video, options)
            if size:
                yield Noticed(
                    f"All that matches is in {readable(video.name)}, which is remembered, so all of it is asked."
                )
                yield from self.ask_video(video, question, options, cancel)
                return
        stretches = join([(videos[moment.video.id], *stretch(moment)) for moment in moments])
        plan = self.plan(self._clips(stretches, Reading(1.0, 1), cancel), options)
        words = self._words(stretches, question, options, plan, clips=True)
        yield PlanMade(self._plan(plan, words, stored_bytes=0, from_memory=False), found_moments(moments))
        limits = GenerationLimits(options.max_tokens)
        self.model.last.let_go()
        clips = self._clips(stretches, plan.reading, cancel).clips
        events = ask_clips(self._family, clips, question, plan.reading, cancel, limits, options.begun, words)
        yield from self._answer(events, plan, [video for video, _, _ in stretches], cancel, options.begun, words)

    def _words(
        self,
        stretches: Sequence[Stretch],
        question: str,
        options: QuestionOptions,
        plan: ReadingPlan,
        *,
        clips: bool = False,
    ) -> Words:
        """Return what the model is given of what is said and written, as far as the plan leaves room for it."""
        if not (options.words and self.model.about.words):
            return NO_WORDS
        room = words_room(self._family, plan.counts, self.model.weight_bytes, self._available())
        with self._database.reading() as connection:
            return words_for(connection, self._family.prompt, question, stretches, room, clips=clips)

    def _readable(self, moments: Sequence[Moment]) -> tuple[dict[int, AskedVideo], list[str]]:
        """Return the videos of moments by id, and the names of those that cannot be read now."""
        videos: dict[int, AskedVideo] = {}
        away: list[str] = []
        with self._database.reading() as connection:
            for entry in {moment.video.id: moment.video for moment in moments}.values():
                with suppress(UserError):
                    video = AskedVideo.of(connection, entry)
                    if video.file is not None:
                        videos[entry.id] = video
                if entry.id not in videos:
                    away.append(readable(entry.path.name))
        return videos, away

    def _clips(self, stretches: Sequence[Stretch], reading: Reading, cancel: CancelToken) -> AskedClips:
        """Return what is read of videos; their frames are decoded as large as a reading takes them."""

        def clip(video: AskedVideo, start: float, end: float) -> AskedClip:
            source = video.part(video.source(self._family, reading, cancel), start, end)
            size = video.material.width, video.material.height
            return AskedClip(source, video.name, start, end, *size, video.material.frame_count)

        return AskedClips(tuple(clip(*stretch) for stretch in stretches))

    def _answer(
        self,
        events: Iterator[VideoLLMEvent],
        plan: ReadingPlan,
        videos: Sequence[AskedVideo],
        cancel: CancelToken,
        begun: str,
        words: Words,
    ) -> Iterator[QuestionEvent]:
        """Load the model, pass the engine's events on as plain data, and learn how fast this machine is."""
        begin, loading, text = time.monotonic(), 0.0, begun
        if not self.model.loaded:
            yield StageBegun("model")
            loading = self.model.load()
            cancel.check()
        with closing(_generator(events)) as engine, ExitStack() as reading:
            reading.enter_context(stoppable(self._family, cancel))
            for event in engine:
                if event == Phase("answer"):
                    reading.close()  # a token is short, and looking before every module would make it longer
                match event:
                    case Phase(("load" | "read" | "answer") as name):
                        yield StageBegun(name)
                    case ReadProgress():
                        yield FramesRead(event.frames, event.total)
                    case Notice():
                        yield Noticed(event.text)
                    case AnswerPiece():
                        text += event.text
                        yield Wrote(event.text)
                    case Citations():
                        lines = cited_lines(text, words.lines, event.written)
                        yield sources_found(event, videos, lines)
                    case Stats():
                        self._learn(plan, event)
                        yield _measured(event, loading, time.monotonic() - begin)

    def _planned_bytes(self, plan: ReadingPlan) -> int:
        family = self._family
        return planned_bytes(family.shape, plan.counts.entries, family.dtype.itemsize, self.store.precision)

    def _plan(self, plan: ReadingPlan, words: Words, stored_bytes: int, *, from_memory: bool) -> QuestionPlan:
        counts = plan.counts
        answering = answer_bytes(self._family, counts, self.model.weight_bytes, len(words.ids))
        screen = sum(line.on_screen for line in words.lines)
        return QuestionPlan(
            model=self.model.id.name,
            frames=counts.frames,
            visual_tokens=counts.visual_tokens,
            kept_tokens=counts.kept_tokens,
            keep_ratio=plan.reading.keep_ratio,
            peak_bytes=max(plan.peak_bytes, answering),
            seconds=sum(plan.seconds.values()) if plan.seconds else None,
            from_memory=from_memory,
            lowered=plan.lowered,
            rate=plan.reading.rate,
            long_side=plan.reading.long_side,
            kv_bytes=counts.kv_bytes,
            phases=plan.seconds,
            words=WordsGiven(len(words.lines) - screen, screen, len(words.ids)),
            stored_bytes=stored_bytes,
        )

    def _learn(self, plan: ReadingPlan, stats: Stats) -> None:
        if stats.from_memory or stats.reading != plan.reading:
            return  # nothing was read, or some of it twice
        counts = replace(plan.counts, visual_tokens=stats.tokens_read)
        try:
            Calibration.load(self._speed).updated(counts, stats).save(self._speed)
        except OSError:
            log.exception("the speed could not be saved")


def _measured(stats: Stats, loading: float, seconds: float) -> Measured:
    return Measured(
        from_memory=stats.from_memory,
        frames=stats.reading.frames if stats.reading else 0,
        tokens_read=stats.tokens_read,
        tokens_kept=stats.tokens_kept,
        kv_bytes=stats.kv_bytes,
        answer_tokens=stats.answer_tokens,
        seconds=seconds,
        keep_ratio=stats.keep_ratio,
        phases={"model_load": loading, **stats.seconds},
        cut=stats.ending is Ending.LIMIT,
    )


def _generator(events: Iterator[VideoLLMEvent]) -> Generator[VideoLLMEvent, None, None]:
    assert isinstance(events, Generator)
    return events
