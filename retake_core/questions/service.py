"""Asking, as the window's worker and the command line do it: the model stays loaded, and every answer is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, UserError
from retake_core.library.catalog import video_by_id, videos_by_id
from retake_core.library.database import Database
from retake_core.library.history import messages
from retake_core.protocol import requests
from retake_core.protocol.answers import JobDone, PlanReady
from retake_core.protocol.question_events import MomentsFound, QuestionEvent, StageBegun
from retake_core.protocol.question_outcome import AnswerState
from retake_core.questions.answerer import Answerer, LocalAnswerer, ModelChoice, ModelFacts, as_user_error
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.history_record import AnswerRecord, TellEvent
from retake_core.questions.moments import find_moments
from retake_core.questions.planning import QuestionOptions
from retake_core.questions.question import Question, about_moments, about_video
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.search.moments import Moment, found_moments
from retake_core.settings import load_settings
from retake_core.videollm.families.prompt import Turn

NO_MODEL = "No model for questions is chosen, so you get the moments to look at, without an answer in words."
NO_MATCH = "Nothing here matches the question. Describe what is to be seen, or open a video and ask about that."
NO_MATCH_IN_VIDEO = "Nothing in this video matches the question. Describe what is to be seen, or choose a model."
ONE_IS_GONE = "One of these videos is no longer in the library; select the others and ask again."
NONE_INDEXED = "None of these videos is indexed yet; let them be indexed, and ask again."

QuestionRequest = requests.Plan | requests.Ask


class QuestionService:
    """Plans and answers questions with the model of the settings, or the one that a question names.

    Args:
        database: of the library.
        data_dir: the library's.
        encoders: chooses the encoder that finds moments.
        answerer: has the model; None is this computer.

    Example::

        service = QuestionService(database, data_dir, encoders)
        question = requests.Ask(id=1, question="What happens after the cake?", video_id=7)
        service.ask(question, CancelToken(), print)
    """

    def __init__(
        self, database: Database, data_dir: DataDir, encoders: SearchEncoder, answerer: Answerer | None = None
    ) -> None:
        self._database, self._data_dir, self._encoders = database, data_dir, encoders
        self._answerer: Answerer = answerer or LocalAnswerer(data_dir)

    def plan(self, request: requests.Plan, cancel: CancelToken) -> PlanReady:
        """Tell what a question would take.

        Raises:
            UserError: it cannot be asked, the model that it names cannot be used, or the machine is too small.
            Cancelled: it is no longer of interest.
        """
        model, reason = self._open(request, cancel)
        if model is None:
            return PlanReady(id=request.id, reason=reason)
        video = self._video(request)
        moments: list[Moment] = []
        self._check_scope(request)
        if video is None:
            if not request.question.strip():
                return PlanReady(id=request.id, model=model.name, note=model.note)
            moments = self._moments(request)
            cancel.check()
            if not moments:
                return PlanReady(id=request.id, model=model.name, reason=NO_MATCH, note=model.note)
        plan = self._answerer.plan(self._question(request, _options(request), video, moments), cancel)
        return PlanReady(id=request.id, model=model.name, plan=plan, note=model.note)

    def ask(self, request: requests.Ask, cancel: CancelToken, tell: TellEvent) -> JobDone:
        """Answer a question, and put it into the history.

        Args:
            request: the question.
            cancel: looked at all the time, except while the model or the encoder is loaded.
            tell: hears what happens, and the answer as it is written.

        Raises:
            UserError: it cannot be answered.
            Cancelled: the user asked to stop; what was answered by then is kept.
        """
        if not request.question.strip():
            raise UserError("The question is empty.")
        record = AnswerRecord(self._database, request, tell)
        try:
            for event in self._answer(request, record.begun, cancel):
                record.take(event)
        except (Cancelled, KeyboardInterrupt):
            record.end(AnswerState.STOPPED)
            raise
        except Exception as error:
            failure = as_user_error(error)
            record.end(AnswerState.FAILED, str(failure) if isinstance(failure, UserError) else "")
            raise failure from error
        record.end()
        return JobDone(id=request.id)

    def let_go(self) -> None:
        """Give the memory that the model takes back; the next question loads it anew."""
        self._answerer.let_go()

    def _answer(self, request: requests.Ask, begun: str, cancel: CancelToken) -> Iterator[QuestionEvent]:
        model, reason = self._open(request, cancel)
        video = self._video(request)
        moments: list[Moment] = []
        if video is None or model is None or request.thorough:
            self._check_scope(request)
            yield StageBegun("search")
            moments = self._moments(request)
            cancel.check()
        if model is None:
            nothing = NO_MATCH if video is None else NO_MATCH_IN_VIDEO
            yield MomentsFound(found_moments(moments), reason if moments else nothing, without_model=True)
        elif video is None and not moments:
            yield MomentsFound((), NO_MATCH)
        else:
            options = replace(_options(request), begun=begun)
            question = self._question(request, options, video, moments, self._earlier(request))
            yield from self._answerer.answer(question, cancel)

    def _open(self, request: QuestionRequest, cancel: CancelToken) -> tuple[ModelFacts | None, str]:
        """Return the model that answers a request, or why none can."""
        settings = load_settings(self._data_dir.settings)
        model, reason = self._answerer.open(ModelChoice(request.model, settings.model, settings.precision), cancel)
        return model, reason or NO_MODEL

    def _question(
        self,
        request: QuestionRequest,
        options: QuestionOptions,
        video: AskedVideo | None,
        moments: Sequence[Moment],
        earlier: Sequence[Turn] = (),
    ) -> Question:
        """Return a question about a video or, where there is none, about moments."""
        with self._database.reading() as connection:
            if video is None:
                return about_moments(connection, moments, request.question, options)
            return about_video(connection, video, request.question, options, earlier, moments)

    def _video(self, request: QuestionRequest) -> AskedVideo | None:
        if request.video_id is None:
            return None
        with self._database.reading() as connection:
            return AskedVideo.of(connection, video_by_id(connection, request.video_id))

    def _check_scope(self, request: QuestionRequest) -> None:
        """Refuse several videos that cannot be asked about.

        Raises:
            UserError: one is gone, or none is indexed.
        """
        if not request.video_ids:
            return
        with self._database.reading() as connection:
            found = videos_by_id(connection, request.video_ids)
        if found.keys() != set(request.video_ids):
            raise UserError(ONE_IS_GONE)
        if not any(video.keyframes for video in found.values()):
            raise UserError(NONE_INDEXED)

    def _moments(self, request: QuestionRequest) -> list[Moment]:
        one = () if request.video_id is None else (request.video_id,)
        return find_moments(
            self._database,
            self._encoders,
            request.question,
            video_ids=frozenset(one or request.video_ids) or None,
            folder=None if request.folder is None else Path(request.folder),
        )

    def _earlier(self, request: requests.Ask) -> list[Turn]:
        if request.conversation_id is None:
            return []
        this = request.continues
        with self._database.reading() as connection:
            return [
                Turn(message.question, message.answer)
                for message in messages(connection, request.conversation_id)
                if message.state == AnswerState.ANSWERED and (this is None or message.id < this)
            ]


def _options(request: QuestionRequest) -> QuestionOptions:
    options = QuestionOptions(request.frames, request.keep_ratio, words=request.words, thorough=request.thorough)
    return replace(options, max_tokens=request.max_tokens) if isinstance(request, requests.Ask) else options
