"""Where a model does not fit: the other computers of a cluster are tried, the best first, and this one at last."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from retake_core.cancel import CancelToken
from retake_core.cluster import chosen_answerer
from retake_core.cluster.chosen_answerer import ChosenAnswerer
from retake_core.data_dir import DataDir
from retake_core.describing.describer import (
    Describer,
    DescribingEvent,
    LocalDescriber,
    ModelReady,
    VideoToDescribe,
)
from retake_core.errors import DoesNotFitError, UserError
from retake_core.media.hardware.sessions import NO_HARDWARE
from retake_core.protocol.question_events import Noticed, PlanMade, QuestionEvent, QuestionPlan, StageBegun
from retake_core.questions.answerer import Answerer, ModelChoice, ModelFacts
from retake_core.questions.question import Question
from retake_core.videollm.events import Notice
from tests.support.shapes import MODEL

CHOICE = ModelChoice(None, str(MODEL))
QUESTION = cast(Question, None)
CLIP = cast(VideoToDescribe, None)
AWAY = Noticed("party.mp4 is left out.")
NEEDS = "This model needs about 9 GB, and 2 GB are free. Close other programs, or choose a smaller model."


def plan_on(computer: str) -> QuestionPlan:
    return QuestionPlan("model", 8, 8, 8, 1.0, 8, None, from_memory=False, lowered=False, computer=computer)


class FakeLender:
    """Lends a model that fits some computers.

    Attributes:
        roomy: names of the computers that it fits.
        engaged: names of those that were asked to open it.
        dismissed: names of those that are used no longer.
    """

    roomy: set[str]
    engaged: list[str]
    dismissed: list[str]

    def __init__(self, facts: object) -> None:
        self.id, self.name, self.lost = facts.id, facts.name, False  # type: ignore[attr-defined]
        self.engaged.append(self.name)

    def open(self, *_: object) -> ModelFacts:
        return ModelFacts("model", "")

    def plan(self, *_: object) -> QuestionPlan:
        if self.name not in self.roomy:
            raise DoesNotFitError(f"{self.name}: {NEEDS}")
        return plan_on(self.name)

    def answer(self, *_: object) -> Iterator[QuestionEvent]:
        yield AWAY
        yield PlanMade(self.plan())
        yield StageBegun("model")

    def describe(self, *_: object) -> Iterator[DescribingEvent]:
        self.plan()
        yield ModelReady(self.name)

    def let_go(self) -> None: ...

    def dismiss(self) -> None:
        self.dismissed.append(self.name)


@pytest.fixture
def answerer(monkeypatch: pytest.MonkeyPatch) -> Answerer:
    """Return one on "workstation", which comes first, "laptop" and "nas"."""
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    from retake_core.cluster import answerer as answering
    from retake_core.cluster.computers import Answer, Facts

    said = Answer(retake_version())
    each = [
        (Facts(name, name, "10.0.0.1", cores=1, cards=cards, memory=memory), said)
        for name, cards, memory in (("nas", 0, 1), ("workstation", 1, 1), ("laptop", 0, 2))
    ]

    def ask_all(cancel: CancelToken, without: set[str]) -> object:  # noqa: ARG001
        return [(facts, answer) for facts, answer in each if facts.id not in without]

    monkeypatch.setattr(answering, "Lender", FakeLender)
    monkeypatch.setattr(answering, "ask_all", ask_all)
    for name in ("engaged", "dismissed"):
        monkeypatch.setattr(FakeLender, name, [], raising=False)
    return answering.ClusterAnswerer("here:6379", NO_HARDWARE)


def retake_version() -> str:
    from retake_core import __version__

    return __version__


def roomy(patch: pytest.MonkeyPatch, *names: str) -> None:
    patch.setattr(FakeLender, "roomy", set(names), raising=False)


def test_the_next_computer_answers_and_one_sentence_says_why(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy(monkeypatch, "nas")
    answerer.open(CHOICE, CancelToken())
    assert list(answerer.answer(QUESTION, CancelToken())) == [
        Noticed(f"nas answers, as the model does not fit elsewhere: workstation: {NEEDS} laptop: {NEEDS}"),
        AWAY,
        PlanMade(plan_on("nas")),
        StageBegun("model"),
    ]
    assert FakeLender.engaged == ["workstation", "laptop", "nas"]
    assert FakeLender.dismissed == ["workstation", "laptop"]
    answerer.open(CHOICE, CancelToken())
    assert answerer.plan(QUESTION, CancelToken()).computer == "nas"
    assert len(FakeLender.engaged) == 3, "a question is planned with every letter"


def test_the_next_computer_describes_and_one_sentence_says_why(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy(monkeypatch, "laptop")
    answerer.open(CHOICE, CancelToken())
    assert list(cast(Describer, answerer).describe(CLIP, CancelToken())) == [
        Notice(f"laptop describes, as the model does not fit elsewhere: workstation: {NEEDS}"),
        ModelReady("laptop"),
    ]


def test_where_there_is_room_nothing_is_said(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    roomy(monkeypatch, "workstation", "nas")
    answerer.open(CHOICE, CancelToken())
    assert next(iter(answerer.answer(QUESTION, CancelToken()))) == AWAY
    assert FakeLender.engaged == ["workstation"]


def test_when_the_model_is_let_go_the_best_computer_is_tried_again(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy(monkeypatch, "laptop")
    answerer.open(CHOICE, CancelToken())
    assert answerer.plan(QUESTION, CancelToken()).computer == "laptop"
    roomy(monkeypatch, "laptop", "workstation")
    answerer.let_go()
    answerer.open(CHOICE, CancelToken())
    assert answerer.plan(QUESTION, CancelToken()).computer == "workstation"


def test_where_no_computer_has_room_each_says_so(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    roomy(monkeypatch)
    answerer.open(CHOICE, CancelToken())
    sentence = "No computer of the cluster at here:6379 can answer now: " + " ".join(
        f"{name}: {NEEDS}" for name in ("workstation", "laptop", "nas")
    )
    for _ in range(2):
        answerer.open(CHOICE, CancelToken())
        with pytest.raises(DoesNotFitError) as told:
            answerer.plan(QUESTION, CancelToken())
        assert str(told.value) == sentence


class Here(LocalDescriber):
    """Stands in for this computer."""

    def plan(self, *_: object) -> QuestionPlan:
        return plan_on("")

    def answer(self, *_: object) -> Iterator[QuestionEvent]:
        yield PlanMade(plan_on(""))

    def describe(self, *_: object) -> Iterator[DescribingEvent]:
        yield ModelReady()


class Full(Here):
    """Stands in for a cluster that has no room."""

    def open(self, *_: object) -> tuple[ModelFacts, str]:
        return ModelFacts("far", ""), ""

    def plan(self, *_: object) -> QuestionPlan:
        raise DoesNotFitError(NEEDS)

    def answer(self, *_: object) -> Iterator[QuestionEvent]:
        yield PlanMade(self.plan())

    def describe(self, *_: object) -> Iterator[DescribingEvent]:
        raise DoesNotFitError(NEEDS)


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChosenAnswerer:
    from contextlib import nullcontext

    monkeypatch.setattr(chosen_answerer, "LocalDescriber", Here)
    monkeypatch.setattr(chosen_answerer, "answerer_at", lambda data_dir, _: nullcontext(Full(data_dir)))
    return ChosenAnswerer(DataDir(tmp_path), lambda: "here:6379")


def test_this_computer_answers_at_last_and_says_why(chosen: ChosenAnswerer) -> None:
    facts, _ = chosen.open(CHOICE, CancelToken())
    assert facts == ModelFacts("far", "")
    why = f"This computer answers: {NEEDS}"
    assert list(chosen.answer(QUESTION, CancelToken())) == [Noticed(why), PlanMade(plan_on(""))]
    facts, _ = chosen.open(CHOICE, CancelToken())
    assert facts is not None
    assert facts.note == why
    assert chosen.plan(QUESTION, CancelToken()).computer == ""


def test_this_computer_describes_at_last_and_says_why(chosen: ChosenAnswerer) -> None:
    chosen.open(CHOICE, CancelToken())
    why = f"This computer describes alone: {NEEDS}"
    assert list(chosen.describe(CLIP, CancelToken())) == [Notice(why), ModelReady()]
    facts, _ = chosen.open(CHOICE, CancelToken())
    assert facts is not None
    assert facts.alone == NEEDS


def test_where_this_computer_has_no_model_either_both_reasons_are_told(
    chosen: ChosenAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Here, "open", lambda *_: (None, "No model is here."))
    chosen.open(CHOICE, CancelToken())
    with pytest.raises(UserError) as told:
        chosen.plan(QUESTION, CancelToken())
    assert str(told.value) == f"{NEEDS} No model is here."
