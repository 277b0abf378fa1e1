"""Questions and answers as the window holds them, while they run and when they are read again."""

from dataclasses import dataclass, field

from retake_core.library.history import StoredMessage
from retake_core.protocol.question_outcome import AnswerState, QuestionOutcome
from retake_desktop.engine.place import Place


@dataclass
class Exchange(QuestionOutcome):
    """A question and what has come of it so far.

    Attributes:
        running: whether more is to come.
    """

    running: bool = False

    @property
    def can_go_on(self) -> bool:
        """Whether its answer was cut, and can be made longer."""
        cut = self.measured is not None and self.measured.cut
        return cut and not self.running and self.state == AnswerState.ANSWERED and self.message_id is not None

    @classmethod
    def of(cls, message: StoredMessage) -> "Exchange":
        """Return what the history knows."""
        details = message.details
        return cls(
            message.question,
            message.state,
            message.id,
            plan=details.plan,
            answer=message.answer,
            citations=message.citations,
            written=details.written,
            lines=details.lines,
            notices=list(details.notices),
            reason=details.reason,
            measured=details.measured,
        )

    def end(self, state: AnswerState, reason: str = "") -> None:
        """Note what became of it."""
        self.running = False
        super().end(state, reason)


@dataclass
class Dialogue:
    """A conversation in the window.

    Attributes:
        id: in the history, None before its first question is there.
    """

    place: Place
    id: int | None = None
    exchanges: list[Exchange] = field(default_factory=list)
