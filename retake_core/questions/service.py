"""The worker's side of questions: the model stays loaded from one to the next, and every answer is kept."""

import time
from collections.abc import Iterator
from pathlib import Path

import torch

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, UserError
from retake_core.library import catalog
from retake_core.library.database import Database
from retake_core.library.history import AnswerState, messages
from retake_core.protocol import answers, requests
from retake_core.protocol.question_events import (
    Cited,
    FramesRead,
    Measured,
    MomentsFound,
    Noticed,
    PlanMade,
    QuestionEvent,
    QuestionPlan,
    SourcesFound,
    StageBegun,
    WrittenTime,
    Wrote,
)
from retake_core.questions.answering import AnsweringEvent as EngineEvent
from retake_core.questions.answering import PlanReached, QuestionOptions, Questions
from retake_core.questions.asked_video import AskedVideo, asked
from retake_core.questions.citations import Source, Sources, keyframe_before
from retake_core.questions.history_record import AnswerRecord, TellEvent
from retake_core.questions.moments import find_moments
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.search.moments import Moment
from retake_core.settings import load_settings
from retake_core.videollm.events import AnswerPiece, Notice, Phase, ReadProgress, Stats
from retake_core.videollm.families.prompt import Turn
from retake_core.videollm.model import VideoLLM, choose_model
from retake_core.videollm.precision import Precision

MOMENTS = 10
NO_MODEL = "No model for questions is chosen, so you get the moments to look at, without an answer in words."
NO_MATCH = "Nothing here matches the question. Describe what is to be seen, or open a video and ask about that."
NO_MATCH_IN_VIDEO = "Nothing in this video matches the question. Describe what is to be seen, or choose a model."
TOO_LARGE = "The memory of this computer ran out. Ask with fewer frames, or close other programs."

QuestionRequest = requests.Plan | requests.Ask


class QuestionService:
    """Plans and answers questions with the model of the settings.

    Args:
        database: of the library.
        data_dir: the library's.
        encoder: for finding moments.
    """

    def __init__(self, database: Database, data_dir: DataDir, encoder: SearchEncoder) -> None:
        self._database, self._data_dir, self._encoder = database, data_dir, encoder
        self._model: VideoLLM | None = None
        self._setting: tuple[str | None, Precision] | None = None

    def plan(self, request: requests.Plan, cancel: CancelToken) -> answers.PlanReady:
        """Tell what a question would take.

        Raises:
            UserError: it cannot be asked, or the machine is too small.
            Cancelled: it is no longer of interest.
        """
        questions, reason = self._questions()
        if questions is None:
            return answers.PlanReady(id=request.id, reason=reason)
        video = self._video(request)
        name, note = questions.model.id.name, questions.model.about.note
        moments: list[Moment] = []
        if video is None:
            if not request.question.strip():
                return answers.PlanReady(id=request.id, model=name, note=note)
            moments = self._moments(request, None)
            cancel.check()
            if not moments:
                return answers.PlanReady(id=request.id, model=name, reason=NO_MATCH, note=note)
            events = questions.ask_moments(moments, request.question, _wishes(request), cancel)
        else:
            events = questions.ask_video(video, request.question, _wishes(request), cancel)
        # A question tells its plan before it needs the model.
        planned = next(event for event in events if isinstance(event, PlanReached))
        plan = _plan(questions.model, planned)
        return answers.PlanReady(id=request.id, model=name, plan=plan, note=note)

    def ask(self, request: requests.Ask, cancel: CancelToken, tell: TellEvent) -> None:
        """Answer a question, and put it into the history.

        Raises:
            UserError: it cannot be answered.
            Cancelled: the user asked to stop; what was answered by then is kept.
        """
        if not request.question.strip():
            raise UserError("The question is empty.")
        record = AnswerRecord(self._database, request, tell)
        try:
            for event in self._answer(request, cancel):
                record.take(event)
        except Cancelled:
            record.end(AnswerState.STOPPED)
            raise
        except Exception as error:
            mended = _as_user_error(error)
            record.end(AnswerState.FAILED, str(mended) if isinstance(mended, UserError) else "")
            raise mended from error
        record.end()

    def rest(self) -> None:
        """Give back the memory that the model takes; the next question loads it again."""
        if self._model is not None:
            self._model.unload()

    def _answer(self, request: requests.Ask, cancel: CancelToken) -> Iterator[QuestionEvent]:
        questions, reason = self._questions()
        video = self._video(request)
        moments: list[Moment] = []
        if video is None or questions is None:
            yield StageBegun("search")
            moments = self._moments(request, video)
            cancel.check()
        if questions is None:
            nothing = NO_MATCH if video is None else NO_MATCH_IN_VIDEO
            yield MomentsFound(tuple(map(_moment, moments)), reason if moments else nothing)
            return
        if video is None and not moments:
            yield MomentsFound((), NO_MATCH)
            return
        wishes = _wishes(request)
        if video is None:
            events = questions.ask_moments(moments, request.question, wishes, cancel)
        else:
            events = questions.ask_video(video, request.question, wishes, cancel, self._earlier(request))
        yield from self._translated(events, questions.model, None if video is None else video.entry.id, cancel)

    def _translated(
        self, events: Iterator[EngineEvent], model: VideoLLM, about: int | None, cancel: CancelToken
    ) -> Iterator[QuestionEvent]:
        """Turn the engine's events into plain data, and load the model once the plan is told."""
        begun = time.monotonic()
        for event in events:
            match event:
                case PlanReached():
                    yield PlanMade(_plan(model, event), tuple(map(_moment, event.moments)))
                    if not model.loaded:
                        yield StageBegun("model")
                        model.load()
                        cancel.check()
                case Phase(("load" | "read" | "answer") as name):
                    yield StageBegun(name)
                case ReadProgress():
                    yield FramesRead(event.frames, event.total)
                case Notice():
                    yield Noticed(event.text)
                case AnswerPiece():
                    yield Wrote(event.text)
                case Sources():
                    yield self._sources(event, about)
                case Stats():
                    yield _measured(event, time.monotonic() - begun)

    def _questions(self) -> tuple[Questions | None, str]:
        """Return what answers with the model of the settings, or why there is none."""
        settings = load_settings(self._data_dir.settings)
        wanted = (settings.model, settings.precision)
        if self._model is None or wanted != self._setting:
            self.rest()
            self._setting = wanted
            self._model, reason = choose_model(None, *wanted)
            if self._model is None:
                return None, reason or NO_MODEL
        return (
            Questions(self._database, self._data_dir, self._model, settings.memory_quota_gb, thumbnails=False),
            "",
        )

    def _video(self, request: QuestionRequest) -> AskedVideo | None:
        if request.video_id is None:
            return None
        with self._database.reading() as connection:
            return asked(connection, catalog.video_by_id(connection, request.video_id))

    def _moments(self, request: QuestionRequest, video: AskedVideo | None) -> list[Moment]:
        folder = None if request.folder is None else Path(request.folder)
        return find_moments(
            self._database,
            self._encoder,
            request.question,
            video=video,
            folder=folder,
            limit=MOMENTS,
        )

    def _earlier(self, request: requests.Ask) -> list[Turn]:
        if request.conversation_id is None:
            return []
        with self._database.reading() as connection:
            said = messages(connection, request.conversation_id)
        return [
            Turn(message.question, message.answer) for message in said if message.state == AnswerState.ANSWERED
        ]

    def _sources(self, found: Sources, about: int | None) -> SourcesFound:
        with self._database.reading() as connection:
            videos = {source.video.id for source in found.sources} | ({about} - {None})
            frames = {video: catalog.keyframes(connection, video) for video in videos if video is not None}
        cited = tuple(_cited(source) for source in found.sources)
        written = []
        for time_ in found.written:
            near = (c.video_id for c in cited if c.start <= time_.seconds <= c.end or c.time == time_.seconds)
            video = about if about is not None else next(near, None)
            frame = None if video is None else keyframe_before(frames[video], time_.seconds)
            shown = None if frame is None else frame.id
            written.append(WrittenTime(time_.text, time_.seconds, time_.supported, video, shown))
        return SourcesFound(cited, tuple(written))


def _as_user_error(error: Exception) -> Exception:
    """Return the one sentence for an error that means too little memory, or the error itself."""
    if isinstance(error, torch.OutOfMemoryError):
        return UserError(
            "The graphics memory ran out. Ask with fewer frames, or close other programs that use it."
        )
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "allocate memory" in str(error)):
        return UserError(TOO_LARGE)
    return error


def _wishes(request: QuestionRequest) -> QuestionOptions:
    return QuestionOptions(request.frames, request.keep_ratio)


def _plan(model: VideoLLM, planned: PlanReached) -> QuestionPlan:
    plan = planned.plan
    return QuestionPlan(
        model=model.id.name,
        frames=plan.counts.frames,
        visual_tokens=plan.counts.visual_tokens,
        kept_tokens=plan.counts.kept_tokens,
        keep_ratio=plan.reading.keep_ratio,
        peak_bytes=plan.peak_bytes,
        seconds=sum(plan.seconds.values()) if plan.seconds else None,
        from_memory=planned.from_memory,
        lowered=plan.lowered,
    )


def _moment(moment: Moment) -> Cited:
    best = moment.best
    return Cited(moment.video.id, best.id, best.time, moment.start, moment.end, moment.score)


def _cited(source: Source) -> Cited:
    cited = source.citation
    keyframe_id = None if source.keyframe is None else source.keyframe.id
    return Cited(source.video.id, keyframe_id, cited.time, cited.start, cited.end, cited.strength)


def _measured(stats: Stats, seconds: float) -> Measured:
    return Measured(
        from_memory=stats.from_memory,
        frames=stats.reading.frames if stats.reading else 0,
        tokens_read=stats.tokens_read,
        tokens_kept=stats.tokens_kept,
        kv_bytes=stats.kv_bytes,
        answer_tokens=stats.answer_tokens,
        seconds=seconds,
    )
