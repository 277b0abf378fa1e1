"""The history's side of an answer that is being given."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.exc import OperationalError

from retake_core.library.database import Database
from retake_core.library.history import AnswerState, Details, begin_message, finish_message
from retake_core.protocol.question_events import (
    Asked,
    Cited,
    Measured,
    MomentsFound,
    Noticed,
    PlanMade,
    QuestionEvent,
    SourcesFound,
    Wrote,
)
from retake_core.protocol.requests import Ask

log = logging.getLogger(__name__)

TellEvent = Callable[[QuestionEvent], None]


class AnswerRecord:
    """Puts a question into the history as it is asked, and its answer when it is there; tells all of it."""

    def __init__(self, database: Database, request: Ask, tell: TellEvent) -> None:
        self._database, self._tell = database, tell
        self._id: int | None = None
        self._state, self._text = AnswerState.ANSWERED, ""
        self._citations: tuple[Cited, ...] = ()
        self._details = Details()
        folder = None if request.folder is None or request.video_id is not None else Path(request.folder)
        try:
            with database.writing() as connection:
                conversation, self._id = begin_message(
                    connection,
                    request.question,
                    conversation_id=request.conversation_id,
                    video_id=request.video_id,
                    inside=folder,
                )
            tell(Asked(conversation, self._id))
        except OperationalError:
            log.exception("the history could not be written")
            tell(Noticed("The library is busy, so this question will not be in the history."))

    def take(self, event: QuestionEvent) -> None:
        """Note what is worth keeping, and pass it on."""
        match event:
            case Wrote():
                self._text += event.text
            case Noticed():
                self._keep(notices=(*self._details.notices, event.text))
            case SourcesFound():
                self._citations = event.citations
                self._keep(written=event.written)
            case MomentsFound():
                self._state, self._citations = AnswerState.MOMENTS, event.moments
                self._keep(reason=event.reason)
            case PlanMade():
                self._keep(plan=event.plan)
            case Measured():
                self._keep(measured=event)
        self._tell(event)

    def end(self, state: AnswerState | None = None, reason: str = "") -> None:
        """Put the answer down; that it cannot be kept does not cost it."""
        if self._id is None:
            return
        if reason:
            self._keep(reason=reason)
        try:
            with self._database.writing() as connection:
                finish_message(
                    connection, self._id, state or self._state, self._text, self._citations, self._details
                )
        except OperationalError:
            log.exception("the answer could not be put into the history")

    def _keep(self, **details: Any) -> None:
        self._details = msgspec.structs.replace(self._details, **details)
