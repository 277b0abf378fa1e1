"""Asking, as the window's worker and the command line do it: the model stays loaded, and every answer is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import Cancelled, UserError
from retake_core.library.catalog import video_by_id, videos_by_id
from retake_core.library.database import Database
from retake_core.library.history import messages
from retake_core.protocol import requests
from retake_core.protocol.answers import JobDone, PlanReady
from retake_core.protocol.question_events import MomentsFound, PlanMade, QuestionEvent, StageBegun
from retake_core.protocol.question_outcome import AnswerState
from retake_core.questions.answering import Questions
from retake_core.questions.asked_video import AskedVideo
from retake_core.questions.history_record import AnswerRecord, TellEvent
from retake_core.questions.moments import find_moments
from retake_core.questions.planning import QuestionOptions
from retake_core.search.encoder_choice import SearchEncoder
from retake_core.search.moments import Moment, found_moments
from retake_core.settings import load_settings
from retake_core.videollm.families.prompt import Turn
from retake_core.videollm.machine import is_out_of_memory
from retake_core.videollm.model import VideoLLM, choose_model
from retake_core.videollm.precision import Precision

NO_MODEL = "No model for questions is chosen, so you get the moments to look at, without an answer in words."
NO_MATCH = "Nothing here matches the question. Describe what is to be seen, or open a video and ask about that."
NO_MATCH_IN_VIDEO = "Nothing in this video matches the question. Describe what is to be seen, or choose a model."
ONE_IS_GONE = "One of these videos is no longer in the library; select the others and ask again."
NONE_INDEXED = "None of these videos is indexed yet; let them be indexed, and ask again."
TOO_LARGE = "The memory of this computer ran out. Ask with fewer frames, or close other programs."

QuestionRequest = requests.Plan | requests.Ask


class QuestionService:
    """Plans and answers questions with the model of the settings, or the one that a question names.

    Args:
        database: of the library.
        data_dir: the library's.
        encoders: chooses the encoder that finds moments.

    Example::

        service = QuestionService(database, data_dir, encoders)
        question = requests.Ask(id=1, question="What happens after the cake?", video_id=7)
        service.ask(question, CancelToken(), print)
    """

    def __init__(self, database: Database, data_dir: DataDir, encoders: SearchEncoder) -> None:
        self._database, self._data_dir, self._encoders = database, data_dir, encoders
        self._model: VideoLLM | None = None
        self._choice: tuple[str | None, str | None, Precision] | None = None

    def plan(self, request: requests.Plan, cancel: CancelToken) -> PlanReady:
        """Tell what a question would take.

        Raises:
            UserError: it cannot be asked, the model that it names cannot be used, or the machine is too small.
            Cancelled: it is no longer of interest.
        """
        questions, reason = self._questions(request)
        if questions is None:
            return PlanReady(id=request.id, reason=reason)
        video = self._video(request)
        name, note = questions.model.id.name, questions.model.about.note
        moments: list[Moment] = []
        self._check_scope(request)
        if video is None:
            if not request.question.strip():
                return PlanReady(id=request.id, model=name, note=note)
            moments = self._moments(request)
            cancel.check()
            if not moments:
                return PlanReady(id=request.id, model=name, reason=NO_MATCH, note=note)
        events = _events(questions, video, moments, request, _options(request), cancel)
        # A question tells its plan before it needs the model.
        plan = next(event.plan for event in events if isinstance(event, PlanMade))
        return PlanReady(id=request.id, model=name, plan=plan, note=note)

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
            if self._model is not None:
                self._model.last.let_go()  # it may have been what left too little room
                if not self._model.loaded:  # its folder may hold another one by now
                    self._model = None
            failure = _as_user_error(error)
            record.end(AnswerState.FAILED, str(failure) if isinstance(failure, UserError) else "")
            raise failure from error
        record.end()
        return JobDone(id=request.id)

    def let_go(self) -> None:
        """Give the memory that the model takes back; the next question loads it anew."""
        if self._model is not None:
            self._model.unload()

    def _answer(self, request: requests.Ask, begun: str, cancel: CancelToken) -> Iterator[QuestionEvent]:
        questions, reason = self._questions(request)
        video = self._video(request)
        moments: list[Moment] = []
        if video is None or questions is None or request.thorough:
            self._check_scope(request)
            yield StageBegun("search")
            moments = self._moments(request)
            cancel.check()
        if questions is None:
            nothing = NO_MATCH if video is None else NO_MATCH_IN_VIDEO
            yield MomentsFound(found_moments(moments), reason if moments else nothing, without_model=True)
        elif video is None and not moments:
            yield MomentsFound((), NO_MATCH)
        else:
            options = replace(_options(request), begun=begun)
            yield from _events(questions, video, moments, request, options, cancel, self._earlier(request))

    def _questions(self, request: QuestionRequest) -> tuple[Questions | None, str]:
        """Return what answers a request, or why nothing can."""
        settings = load_settings(self._data_dir.settings)
        choice = (request.model, settings.model, settings.precision)
        if self._model is None or choice != self._choice:
            if self._model is not None:
                self._model.unload()
            self._model, self._choice = None, choice
            self._model, reason = choose_model(*choice)
            if self._model is None:
                return None, reason or NO_MODEL
        return Questions(self._database, self._data_dir, self._model, settings), ""

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


def _events(
    questions: Questions,
    video: AskedVideo | None,
    moments: list[Moment],
    request: QuestionRequest,
    options: QuestionOptions,
    cancel: CancelToken,
    earlier: Sequence[Turn] = (),
) -> Iterator[QuestionEvent]:
    """Ask about a video or, where there is none, about moments."""
    if video is None:
        return questions.ask_moments(moments, request.question, options, cancel)
    return questions.ask_video(video, request.question, options, cancel, earlier, moments)


def _options(request: QuestionRequest) -> QuestionOptions:
    options = QuestionOptions(request.frames, request.keep_ratio, words=request.words, thorough=request.thorough)
    return replace(options, max_tokens=request.max_tokens) if isinstance(request, requests.Ask) else options


def _as_user_error(error: Exception) -> Exception:
    """Return the one sentence for an error that means too little memory, or the error itself."""
    if isinstance(error, torch.OutOfMemoryError):
        return UserError(
            "The graphics memory ran out. Ask with fewer frames, or close other programs that use it."
        )
    return UserError(TOO_LARGE) if is_out_of_memory(error) else error
