"""Answering with one model: plans, what the engine tells as plain data, and this machine's speed."""

import logging
import math
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.display import readable
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.protocol.question_events import (
    FramesRead,
    Measured,
    Noticed,
    PlanMade,
    QuestionEvent,
    StageBegun,
    Wrote,
)
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.citations import sources_found
from retake_core.questions.moments import CLIPS, join, stretch
from retake_core.questions.planning import QuestionOptions, QuestionPlans
from retake_core.questions.quotes import cited_lines
from retake_core.questions.words import Stretch, words_for
from retake_core.search.moments import Moment, found_moments
from retake_core.settings import Settings
from retake_core.videollm.answer import ask
from retake_core.videollm.clips import AskedClip, AskedClips, ask_clips
from retake_core.videollm.costs import words_room
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
from retake_core.videollm.model import VideoLLM
from retake_core.videollm.planner import ReadingPlan
from retake_core.videollm.reading import Reading
from retake_core.videollm.second_look import SecondLook, ask_thoroughly
from retake_core.videollm.stopping import stoppable_events
from retake_core.videollm.words import NO_WORDS, Words

log = logging.getLogger(__name__)


class Questions(QuestionPlans):
    """Plans and answers questions with one model.

    Args:
        database: of the library.
        data_dir: where memories and speeds lie.
        model: its weights are loaded when a plan is told; a plan needs none.
        settings: say how memories are kept.
    """

    def __init__(self, database: Database, data_dir: DataDir, model: VideoLLM, settings: Settings) -> None:
        super().__init__(data_dir, model, settings)
        self._database = database

    def ask_video(
        self,
        video: AskedVideo,
        question: str,
        options: QuestionOptions,
        cancel: CancelToken,
        earlier: Sequence[Turn] = (),
        pointed: Sequence[Moment] = (),
    ) -> Iterator[QuestionEvent]:
        """Answer a question about one video, telling what happens: first the plan, which needs no weights.

        Args:
            video: the video.
            question: as the user wrote it.
            options: how much is read and written.
            cancel: looked at all the time.
            earlier: the turns of the same conversation before.
            pointed: moments of it that match the question, for a thorough answer.

        Raises:
            UserError: the question is empty, the video cannot be read, or this machine is too small for it.
            Cancelled: the user asked to stop; nothing is left half-written.
        """
        plan, size = self.plan_video(video, options)
        words = self._words([(video, 0.0, math.inf)], question, options, plan)
        second = self.plan_second_look(video, plan) if options.thorough else None
        stored = size or self._planned_bytes(plan)
        yield PlanMade(self._plan(plan, words, stored, from_memory=size > 0, second=second))
        if options.thorough and second is None:
            yield Noticed("This video cannot be looked at more closely now, so it is answered at first sight.")
        if not size and any(stored.fingerprint == video.entry.fingerprint for stored in self.store.list()):
            yield Noticed(
                "The memory of this video was made by another model or with other settings, "
                "so the video is read again."
            )
        source, limits = self._source(video, plan.reading, cancel), GenerationLimits(options.max_tokens)
        asked = self._family, self.model.id, source, question, plan.reading, self.store, cancel
        if second is None:
            events = ask(*asked, limits, earlier, options.begun, words)
        else:
            look = SecondLook(
                self._source(video, second.reading, cancel),
                second.reading,
                video.material.duration,
                tuple(stretch(moment) for moment in pointed),
            )
            events = ask_thoroughly(*asked, look, limits, earlier, options.begun, words)
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
                yield from self.ask_video(video, question, options, cancel, pointed=moments)
                return
        if options.thorough:
            yield Noticed("Only a question about one video gets a thorough answer; this one is answered as usual.")
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
            source = video.part(self._source(video, reading, cancel), start, end)
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
        with closing(stoppable_events(_generator(events), self._family, cancel)) as engine:
            for event in engine:
                match event:
                    case Phase(("load" | "read" | "draft" | "look" | "answer") as name):
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
        frames_again=stats.frames_again,
    )


def _generator(events: Iterator[VideoLLMEvent]) -> Generator[VideoLLMEvent, None, None]:
    assert isinstance(events, Generator)
    return events
