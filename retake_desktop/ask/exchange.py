"""Questions and answers as the window holds them, while they run and when they are read again."""

from dataclasses import dataclass, field

from retake_core.library.history import AnswerState, StoredMessage
from retake_core.protocol.question_events import (
    Asked,
    Cited,
    FramesRead,
    Measured,
    MomentsFound,
    Noticed,
    QuestionEvent,
    SourcesFound,
    Stage,
    StageBegun,
    WrittenTime,
    Wrote,
)
from retake_desktop.engine.place import Place


@dataclass
class Exchange:
    """A question and what has come of it so far.

    Attributes:
        running: whether more is to come.
        stage: what is being done.
        progress: frames that were read, and all.
        reason: why it failed, or why there are only moments.
        message_id: in the history, None before it is there.
    """

    question: str
    state: AnswerState = AnswerState.ASKED
    running: bool = False
    stage: Stage | None = None
    progress: tuple[int, int] | None = None
    answer: str = ""
    citations: tuple[Cited, ...] = ()
    written: tuple[WrittenTime, ...] = ()
    notices: list[str] = field(default_factory=list)
    reason: str = ""
    measured: Measured | None = None
    message_id: int | None = None

    @classmethod
    def of(cls, message: StoredMessage) -> "Exchange":
        """Return what the history knows."""
        details = message.details
        return cls(
            message.question,
            message.state,
            answer=message.answer,
            citations=message.citations,
            written=details.written,
            notices=list(details.notices),
            reason=details.reason,
            measured=details.measured,
            message_id=message.id,
        )

    def take(self, event: QuestionEvent) -> None:
        """Note what has happened."""
        match event:
            case Asked():
                self.message_id = event.message_id
            case StageBegun():
                self.stage, self.progress = event.stage, None
            case FramesRead():
                self.progress = (event.frames, event.total)
            case Noticed():
                self.notices.append(event.text)
            case Wrote():
                self.answer += event.text
            case SourcesFound():
                self.citations, self.written = event.citations, event.written
            case MomentsFound():
                self.state, self.citations = AnswerState.MOMENTS, event.moments
                self.reason = event.reason
            case Measured():
                self.measured = event

    def end(self, state: AnswerState, reason: str = "") -> None:
        """Note what became of it."""
        self.running, self.stage, self.progress = False, None, None
        if self.state != AnswerState.MOMENTS or state != AnswerState.ANSWERED:
            self.state = state
        self.reason = reason or self.reason


@dataclass
class Dialogue:
    """A conversation in the window.

    Attributes:
        id: in the history, None before its first question is there.
    """

    place: Place
    id: int | None = None
    exchanges: list[Exchange] = field(default_factory=list)
