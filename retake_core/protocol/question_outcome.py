"""What has come of a question: the one place where the events of a question are put together."""

from dataclasses import dataclass, field
from enum import StrEnum

from retake_core.protocol.question_events import (
    Asked,
    Cited,
    CitedLine,
    FramesRead,
    Measured,
    MomentsFound,
    Noticed,
    PlanMade,
    QuestionEvent,
    QuestionPlan,
    SourcesFound,
    Stage,
    StageBegun,
    WrittenTime,
    Wrote,
)
from retake_core.protocol.search_events import FoundMoment


class AnswerState(StrEnum):
    """What became of a question; the history keeps it by these words."""

    ASKED = "asked"
    """Nothing was heard since: the answer was cut off."""
    ANSWERED = "answered"
    MOMENTS = "moments"
    """There is no text, only where to look."""
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass
class QuestionOutcome:
    """A question and what has come of it so far.

    Attributes:
        question: as it was asked.
        state: what became of it.
        message_id: in the history, None before it is there.
        stage: what is being done.
        progress: frames that were read, and all.
        plan: how it is read.
        moments: of the library, that are read or to be looked at.
        answer: the text, as far as it is written.
        citations: what the answer rests on, or where to look, best first.
        written: the times in the text.
        lines: what is said or written in the videos, and cited in the text.
        notices: sentences that the user should know.
        reason: why it failed, or why there are only moments.
        without_model: whether there are only moments for want of a model.
        measured: the account.
    """

    question: str
    state: AnswerState = AnswerState.ASKED
    message_id: int | None = None
    stage: Stage | None = None
    progress: tuple[int, int] | None = None
    plan: QuestionPlan | None = None
    moments: tuple[FoundMoment, ...] = ()
    answer: str = ""
    citations: tuple[Cited, ...] = ()
    written: tuple[WrittenTime, ...] = ()
    lines: tuple[CitedLine, ...] = ()
    notices: list[str] = field(default_factory=list)
    reason: str = ""
    without_model: bool = False
    measured: Measured | None = None

    def take(self, event: QuestionEvent) -> None:
        """Note what has happened."""
        match event:
            case Asked():
                self.message_id = event.message_id
            case PlanMade():
                self.plan, self.moments = event.plan, event.moments
            case StageBegun():
                self.stage, self.progress = event.stage, None
            case FramesRead():
                self.progress = (event.frames, event.total)
            case Noticed():
                self.notices.append(event.text)
            case Wrote():
                self.answer += event.text
            case SourcesFound():
                self.citations, self.written, self.lines = event.citations, event.written, event.lines
            case MomentsFound():
                self._take_moments(event)
            case Measured():
                self.measured = event

    def end(self, state: AnswerState, reason: str = "") -> None:
        """Note what became of it; moments stay what they are where an answer would be complete."""
        self.stage, self.progress = None, None
        if self.state != AnswerState.MOMENTS or state != AnswerState.ANSWERED:
            self.state = state
        self.reason = reason or self.reason

    def _take_moments(self, found: MomentsFound) -> None:
        self.state, self.reason = AnswerState.MOMENTS, found.reason
        self.moments, self.without_model = found.moments, found.without_model
        self.citations = tuple(
            Cited(moment.video_id, moment.keyframe_id, moment.time, moment.start, moment.end, moment.score)
            for moment in found.moments
        )
