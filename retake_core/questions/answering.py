"""Answering with one model: plans, what the engine tells as plain data, and this machine's speed."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing

from retake_core.cancel import CancelToken
from retake_core.display import readable
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
from retake_core.questions.planning import QuestionPlans
from retake_core.questions.question import MomentsQuestion, Question, VideoQuestion
from retake_core.questions.quotes import cited_lines
from retake_core.questions.words import FoundWords, Stretch
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
from retake_core.videollm.generate import Ending, GenerationLimits
from retake_core.videollm.planner import ReadingPlan
from retake_core.videollm.reading import Reading
from retake_core.videollm.second_look import SecondLook, ask_thoroughly
from retake_core.videollm.stopping import stoppable_events
from retake_core.videollm.words import NO_WORDS, Words


class Questions(QuestionPlans):
    """Answers questions with one model, whose weights are loaded when a plan is told.

    Args:
        data_dir: where memories and speeds lie.
        model: its weights are loaded when a plan is told; a plan needs none.
        settings: say how memories are kept.
    """

    def answer(self, question: Question, cancel: CancelToken) -> Iterator[QuestionEvent]:
        """Answer a question, telling what happens: first the plan, which needs no weights.

        Args:
            question: about a video, or about moments of the library.
            cancel: looked at all the time.

        Raises:
            UserError: the question is empty, a video cannot be read, or this machine is too small for it.
            Cancelled: the user asked to stop; nothing is left half-written.
        """
        if isinstance(question, VideoQuestion):
            return self._answer_about_video(question, cancel)
        return self._answer_about_moments(question, cancel)

    def _answer_about_video(self, asked: VideoQuestion, cancel: CancelToken) -> Iterator[QuestionEvent]:
        video, options = asked.video, asked.options
        plan, size = self.plan_video(video, options)
        words = self._words(asked.words, plan)
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
        first = self._family, self.model.id, source, asked.text, plan.reading, self.store, cancel
        if second is None:
            events = ask(*first, limits, asked.earlier, options.begun, words)
        else:
            look = SecondLook(
                self._source(video, second.reading, cancel),
                second.reading,
                video.material.duration,
                tuple(asked.pointed),
            )
            events = ask_thoroughly(*first, look, limits, asked.earlier, options.begun, words)
        yield from self._answer(events, plan, [video], cancel, options.begun, words)

    def _answer_about_moments(self, asked: MomentsQuestion, cancel: CancelToken) -> Iterator[QuestionEvent]:
        """Answer from moments; those of one video that has a memory are asked through it."""
        options = asked.options
        for name in asked.away:
            yield Noticed(f"{name} is left out: it is not there now, or has changed since it was indexed.")
        if asked.alone is not None:
            video = asked.alone.video
            _, size = self.plan_video(video, options)
            if size:
                yield Noticed(
                    f"All that matches is in {readable(video.name)}, which is remembered, so all of it is asked."
                )
                yield from self._answer_about_video(asked.alone, cancel)
                return
        if options.thorough:
            yield Noticed("Only a question about one video gets a thorough answer; this one is answered as usual.")
        plan = self.plan(self._clips(asked.stretches, Reading(1.0, 1), cancel), options)
        words = self._words(asked.words, plan)
        yield PlanMade(self._plan(plan, words, stored_bytes=0, from_memory=False), asked.moments)
        limits = GenerationLimits(options.max_tokens)
        self.model.last.let_go()
        clips = self._clips(asked.stretches, plan.reading, cancel).clips
        events = ask_clips(self._family, clips, asked.text, plan.reading, cancel, limits, options.begun, words)
        yield from self._answer(events, plan, asked.videos, cancel, options.begun, words)

    def _words(self, found: FoundWords, plan: ReadingPlan) -> Words:
        """Return what the model is given of what is said and written, as far as the plan leaves room for it."""
        if not found.headings or not self.model.about.words:
            return NO_WORDS
        room = words_room(self._family, plan.counts, self.model.weight_bytes, self._available())
        return found.write(self._family.prompt, room)

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
