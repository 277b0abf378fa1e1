"""Events put together: what the history keeps, the window shows and the command line prints is the same."""

import pytest

from retake_core.protocol.question_events import (
    Asked,
    Cited,
    FramesRead,
    Measured,
    MomentsFound,
    Noticed,
    PlanMade,
    QuestionPlan,
    SourcesFound,
    StageBegun,
    WrittenTime,
    Wrote,
)
from retake_core.protocol.question_outcome import AnswerState, QuestionOutcome
from retake_core.protocol.search_events import FoundMoment

MOMENT = FoundMoment(7, 3, 12.5, 10.0, 20.0, 0.75, ("said",), "the cake")
CITED = Cited(7, 3, 12.5, 10.0, 20.0, 0.75)
PLAN = QuestionPlan("model", 8, 80, 20, 0.25, 1000, None, False, False)


def test_an_answer_grows() -> None:
    outcome = QuestionOutcome("When is the cake cut?")
    outcome.take(Asked(1, 5))
    outcome.take(PlanMade(PLAN, (MOMENT,)))
    outcome.take(StageBegun("read"))
    outcome.take(FramesRead(3, 8))
    assert (outcome.message_id, outcome.plan, outcome.moments) == (5, PLAN, (MOMENT,))
    assert (outcome.stage, outcome.progress, outcome.state) == ("read", (3, 8), AnswerState.ASKED)
    outcome.take(StageBegun("answer"))
    assert outcome.progress is None
    for piece in ("At ", "0:12."):
        outcome.take(Wrote(piece))
    outcome.take(Noticed("It is read again."))
    written = WrittenTime("0:12", 12.0, True)
    outcome.take(SourcesFound((CITED,), (written,)))
    measured = Measured(False, 8, 80, 20, 100, 3, 4.5)
    outcome.take(measured)
    outcome.end(AnswerState.ANSWERED)
    assert (outcome.state, outcome.answer, outcome.stage) == (AnswerState.ANSWERED, "At 0:12.", None)
    assert (outcome.citations, outcome.written, outcome.measured) == ((CITED,), (written,), measured)
    assert outcome.notices == ["It is read again."]


def test_moments_stand_in_the_place_of_an_answer() -> None:
    outcome = QuestionOutcome("When?")
    outcome.take(MomentsFound((MOMENT,), "No model is chosen.", without_model=True))
    outcome.end(AnswerState.ANSWERED)
    assert (outcome.state, outcome.reason) == (AnswerState.MOMENTS, "No model is chosen.")
    assert (outcome.citations, outcome.moments) == ((CITED,), (MOMENT,))
    assert outcome.without_model


@pytest.mark.parametrize("state", [AnswerState.STOPPED, AnswerState.FAILED])
def test_what_ends_early_keeps_what_was_written(state: AnswerState) -> None:
    outcome = QuestionOutcome("When?")
    outcome.take(Wrote("At "))
    outcome.end(state, "The disk is full.")
    assert (outcome.state, outcome.answer, outcome.reason) == (state, "At ", "The disk is full.")
