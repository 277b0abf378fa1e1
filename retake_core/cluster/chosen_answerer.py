"""Answering where a setting says, for a process that stays: here, or on a cluster that it belongs to meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from retake_core.cancel import CancelToken
from retake_core.cluster.service import answerer_at
from retake_core.data_dir import DataDir
from retake_core.protocol.question_events import QuestionEvent, QuestionPlan
from retake_core.questions.answerer import Answerer, LocalAnswerer, ModelChoice, ModelFacts
from retake_core.questions.question import Question


class ChosenAnswerer:
    """Looks at the setting before each question; see `Answerer`. Close it at last.

    Args:
        data_dir: of the library.
        address: reads the address of a cluster from the settings; "" is this computer.
    """

    def __init__(self, data_dir: DataDir, address: Callable[[], str]) -> None:
        self._data_dir, self._address = data_dir, address
        self._here = LocalAnswerer(data_dir)
        self._belonging = ExitStack()
        self._answerer: Answerer = self._here
        self._at = ""

    def open(self, choice: ModelChoice, cancel: CancelToken) -> tuple[ModelFacts | None, str]:
        """See `Answerer`.

        Raises:
            UserError: also where there is no such cluster, or it does not let us in.
        """
        address = self._address()
        if address != self._at:
            self.close()
            if address:
                self._here.let_go()
                self._answerer = self._belonging.enter_context(answerer_at(self._data_dir, address))
                self._at = address
        return self._answerer.open(choice, cancel)

    def plan(self, question: Question, cancel: CancelToken) -> QuestionPlan:
        """See `Answerer`."""
        return self._answerer.plan(question, cancel)

    def answer(self, question: Question, cancel: CancelToken) -> Iterator[QuestionEvent]:
        """See `Answerer`."""
        return self._answerer.answer(question, cancel)

    def let_go(self) -> None:
        """See `Answerer`."""
        self._answerer.let_go()

    def close(self) -> None:
        """Belong to no cluster any more."""
        self._at, self._answerer = "", self._here
        self._belonging.close()
