"""What a question would take on each computer of a cluster."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from retake_core.cancel import CancelToken
from retake_core.cluster.answerer import best_first
from retake_core.cluster.computers import Facts, ask_all
from retake_core.cluster.lender import Lender
from retake_core.errors import UserError
from retake_core.media.hardware.sessions import NO_HARDWARE
from retake_core.protocol.question_events import QuestionEvent, QuestionPlan
from retake_core.questions.answerer import Answerer, ModelChoice, ModelFacts
from retake_core.questions.question import Question


@dataclass(frozen=True, slots=True)
class PlanThere:
    """What a question would take on one computer.

    Attributes:
        computer: its name.
        plan: what it takes; None where it cannot be answered there.
        trouble: why, in one sentence; "" where it can.
    """

    computer: str
    plan: QuestionPlan | None = None
    trouble: str = ""


class OneComputer:
    """Answers on one computer of a cluster, and on no other; see `Answerer`. Dismiss it at last.

    Args:
        facts: of the computer.
    """

    def __init__(self, facts: Facts) -> None:
        self._lender = Lender(facts)

    def open(self, choice: ModelChoice, cancel: CancelToken) -> tuple[ModelFacts | None, str]:
        """See `Answerer`; the setting's model must be there, too."""
        model = choice.name or choice.setting
        return (None, "") if model is None else (self._lender.open(model, choice.precision, cancel), "")

    def plan(self, question: Question, cancel: CancelToken) -> QuestionPlan:
        """See `Answerer`."""
        return self._lender.plan(question, cancel)

    def answer(self, question: Question, cancel: CancelToken) -> Iterator[QuestionEvent]:
        """See `Answerer`."""
        return self._lender.answer(question, cancel, NO_HARDWARE)

    def let_go(self) -> None:
        """See `Answerer`."""
        self._lender.let_go()

    def dismiss(self) -> None:
        """Use it no longer."""
        self._lender.dismiss()


def plans_of_all(plan: Callable[[Answerer], QuestionPlan], cancel: CancelToken) -> Iterator[PlanThere]:
    """Have something planned on every computer of the cluster that this process belongs to, the best first.

    Args:
        plan: has it planned, or raises UserError.
        cancel: stops the wait.

    Raises:
        Cancelled: a stop was asked for.
    """
    troubles: dict[str, str | None] = {}
    engaged: dict[str, OneComputer] = {}  # all at once, as each takes seconds to get ready
    computers = best_first(ask_all(cancel))
    for facts, said in computers:
        troubles[facts.id] = said.trouble(facts)
        if troubles[facts.id] is None:
            engaged[facts.id] = OneComputer(facts)
    try:
        for facts, _ in computers:
            if facts.id not in engaged:
                yield PlanThere(facts.name, trouble=troubles[facts.id] or "")
                continue
            try:
                yield PlanThere(facts.name, plan(engaged[facts.id]))
            except UserError as error:
                yield PlanThere(facts.name, trouble=str(error))
    finally:
        for computer in engaged.values():
            computer.dismiss()
