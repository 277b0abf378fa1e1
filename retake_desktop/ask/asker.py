"""The question that is being answered, and the plan of the one that may come next."""

from PySide6.QtCore import QObject, Signal

from retake_core.protocol import answers
from retake_core.protocol.fields import MAX_FRAMES
from retake_core.protocol.question_events import Asked
from retake_core.protocol.question_outcome import AnswerState
from retake_desktop.ask.exchange import Dialogue, Exchange
from retake_desktop.common.widgets import single_shot
from retake_desktop.engine.client import EngineClient
from retake_desktop.engine.place import Place

PLAN_MS = 350  # after the last change of what is to be planned


class Asker(QObject):
    """Asks the worker. One question runs at a time; outdated plans are dropped.

    Attributes:
        frames: how many are read at most.
        keep_ratio: the fraction of visual tokens that stays, None for the default budget.
        words: whether the model is given what is said and what stands on the screen.
        thorough: whether what a first answer points at is looked at again.
        running: the dialogue and the exchange under way.
        plan: the newest answer to what a question would take.
        plan_failure: why there is none; one sentence.
    """

    planned = Signal()
    changed = Signal(object)  # an Exchange
    ended = Signal(object)

    def __init__(self, engine: EngineClient) -> None:
        super().__init__()
        self._engine = engine
        self.frames = MAX_FRAMES
        self.keep_ratio: float | None = None
        self.words, self.thorough = True, False
        self.running: tuple[Dialogue, Exchange] | None = None
        self.plan: answers.PlanReady | None = None
        self.plan_failure = ""
        self._job = self._plan_job = 0
        self._planned: tuple[Place, str] | None = None
        self._wait = single_shot(self, PLAN_MS)
        self._wait.timeout.connect(self._ask_for_plan)
        engine.answered.connect(self._take)

    def want_plan(self, place: Place, question: str, *, at_once: bool = False) -> None:
        """Plan a question, unless at once when nothing has changed for a while.

        About one video the plan is the same for all questions.
        """
        self._drop_plan()
        self._planned = (place, "" if place.video_id is not None else question)
        self.plan, self.plan_failure = None, ""
        self.planned.emit()
        self._wait.start(0 if at_once else PLAN_MS)

    def set_wishes(self, frames: int, keep_ratio: float | None, words: bool, thorough: bool) -> None:
        """Say how much is read and kept, from the next question on."""
        self.frames, self.keep_ratio, self.words, self.thorough = frames, keep_ratio, words, thorough
        if self._planned is not None:
            self.want_plan(*self._planned)

    def ask(self, dialogue: Dialogue, question: str) -> Exchange:
        """Ask; the answer grows in the exchange that is returned."""
        exchange = Exchange(question)
        dialogue.exchanges.append(exchange)
        self._start(dialogue, exchange)
        return exchange

    def go_on(self, dialogue: Dialogue, exchange: Exchange) -> None:
        """Let an answer that was cut go on."""
        self._start(dialogue, exchange, continues=exchange.message_id)

    def _start(self, dialogue: Dialogue, exchange: Exchange, continues: int | None = None) -> None:
        assert self.running is None
        self._drop_plan()
        exchange.running = True
        self.running = (dialogue, exchange)
        wishes = (self.frames, self.keep_ratio, dialogue.id, continues)
        self._job = self._engine.ask(
            dialogue.place, exchange.question, *wishes, words=self.words, thorough=self.thorough
        )

    def stop(self) -> None:
        """Stop the question that runs."""
        if self.running is not None:
            self._engine.cancel(self._job)

    def _drop_plan(self) -> None:
        self._wait.stop()
        if self._plan_job:
            self._engine.cancel(self._plan_job)
            self._plan_job = 0

    def _ask_for_plan(self) -> None:
        if self._planned is not None and self.running is None:
            place, question = self._planned
            wishes = self.frames, self.keep_ratio, self.words, self.thorough
            self._plan_job = self._engine.plan(place, question, *wishes)

    def _take(self, answer: answers.AnyReply) -> None:
        if answer.id == self._plan_job:
            self._take_plan(answer)
        elif answer.id == self._job and self.running is not None:
            if isinstance(answer, answers.JobEvent):
                self._take_event(answer.event)
            else:
                self._end(answer)

    def _take_plan(self, answer: answers.AnyReply) -> None:
        self._plan_job = 0
        if isinstance(answer, answers.PlanReady):
            self.plan = answer
        elif isinstance(answer, answers.JobFailed):
            self.plan_failure = answer.reason
        self.planned.emit()

    def _take_event(self, event: object) -> None:
        assert self.running is not None
        dialogue, exchange = self.running
        if isinstance(event, Asked):
            dialogue.id = event.conversation_id
        exchange.take(event)  # type: ignore[arg-type]
        self.changed.emit(exchange)

    def _end(self, answer: answers.AnyReply) -> None:
        assert self.running is not None
        (_, exchange), self.running, self._job = self.running, None, 0
        match answer:
            case answers.JobCancelled():
                exchange.end(AnswerState.STOPPED)
            case answers.JobFailed():
                exchange.end(AnswerState.FAILED, answer.reason)
            case _:
                exchange.end(AnswerState.ANSWERED)
        self.changed.emit(exchange)
        self.ended.emit(exchange)
        if self._planned is not None:
            self.want_plan(*self._planned)
