"""The history's side of an answer that is being given."""

import logging
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from retake_core.errors import StorageError
from retake_core.library.database import Database
from retake_core.library.folders import folders
from retake_core.library.history import Details, begin_message, find_message, finish_message
from retake_core.protocol.question_events import Asked, Noticed, QuestionEvent, Wrote
from retake_core.protocol.question_outcome import AnswerState, QuestionOutcome
from retake_core.protocol.requests import Ask
from retake_core.system.throttle import Throttle

log = logging.getLogger(__name__)

KEEP_EVERY = 2.0  # seconds between two times that a growing answer is put down

TellEvent = Callable[[QuestionEvent], None]


class AnswerRecord:
    """Puts a question into the history as it is asked, and its answer when it is there; passes all events on.

    Attributes:
        begun: what of the answer was in the history before; "" for a new question.
    """

    def __init__(self, database: Database, request: Ask, tell: TellEvent) -> None:
        self._database, self._tell = database, tell
        self._outcome = QuestionOutcome(request.question)
        self._throttle = Throttle(KEEP_EVERY)
        self._video_ids = request.video_ids
        self.begun = ""
        if request.continues is None:
            self._begin(request)
        else:
            self._go_on(request.continues)

    def _go_on(self, message_id: int) -> None:
        """Take up an answer of the history.

        Raises:
            UserError: it is no longer there.
        """
        with self._database.reading() as connection:
            stored, _ = find_message(connection, message_id)
        outcome = self._outcome
        outcome.message_id, outcome.answer, self.begun = message_id, stored.answer, stored.answer
        outcome.citations, outcome.written = stored.citations, stored.details.written
        outcome.lines = stored.details.lines
        self._video_ids = stored.details.video_ids

    def _begin(self, request: Ask) -> None:
        database = self._database
        try:
            with database.writing() as connection:
                conversation, message = begin_message(
                    connection,
                    request.question,
                    conversation_id=request.conversation_id,
                    video_id=request.video_id,
                    video_ids=request.video_ids,
                    inside=_library_folder(connection, request),
                )
        except StorageError:
            log.exception("the history could not be written")
            self.take(Noticed("The library is busy, so this question will not be in the history."))
        else:
            self.take(Asked(conversation, message))

    def take(self, event: QuestionEvent) -> None:
        """Note what is worth keeping, and pass it on."""
        self._outcome.take(event)
        if isinstance(event, Wrote) and self._throttle.ready():
            self._keep()  # what is written so far outlives this process
        self._tell(event)

    def end(self, state: AnswerState = AnswerState.ANSWERED, reason: str = "") -> None:
        """Put the answer down; that it cannot be kept does not cost it."""
        self._outcome.end(state, reason)
        self._keep()

    def _keep(self) -> None:
        outcome = self._outcome
        if outcome.message_id is None:
            return
        details = Details(
            notices=tuple(outcome.notices),
            written=outcome.written,
            reason=outcome.reason,
            plan=outcome.plan,
            measured=outcome.measured,
            lines=outcome.lines,
            video_ids=self._video_ids,
            unconfirmed=tuple(i for i, cited in enumerate(outcome.citations) if cited.confirmed is False),
        )
        number, state, citations = outcome.message_id, outcome.state, outcome.citations
        try:
            with self._database.writing() as connection:
                finish_message(connection, number, state, outcome.answer, citations, details)
        except StorageError:
            log.exception("the answer could not be put into the history")


def _library_folder(connection: Connection, request: Ask) -> Path | None:
    """Return the folder of the library that a question about a folder belongs to; None stands for all of them."""
    if request.folder is None or request.video_id is not None:
        return None
    place = Path(request.folder)
    around = [path for _, path in folders(connection) if place.is_relative_to(path)]
    return max(around, key=lambda path: len(path.parts), default=None)
