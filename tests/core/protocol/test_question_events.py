"""Events of questions on their way to the window."""

from retake_core.protocol import answers, lines, question_events
from retake_core.protocol.question_events import (
    Measured,
    MomentsFound,
    PlanMade,
    SourcesFound,
    StageBegun,
)
from retake_core.protocol.search_events import FoundMoment


def test_events_survive_the_protocol() -> None:
    cited = question_events.Cited(1, None, 1.5, 1.0, 2.0, 0.5)
    moment = FoundMoment(1, 2, 1.5, 1.0, 2.0, 0.5, ("said",), "a word", ((2, 6),))
    for event in (
        PlanMade(question_events.QuestionPlan("m", 1, 2, 3, 0.5, 4, None, False, True), (moment,)),
        SourcesFound((cited,), (question_events.WrittenTime("0:01", 1.0, True),)),
        MomentsFound((moment,), "Because."),
        StageBegun("model"),
        Measured(False, 1, 2, 3, 4, 5, 6.0, 0.5, {"load": 0.25}),
    ):
        reply = answers.JobEvent(id=1, event=event)
        assert answers.decode_answer(lines.encode(reply)) == reply
