"""Answering and describing where a setting says: here, or on a cluster that the process belongs to meanwhile."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from retake_core.cancel import CancelToken
from retake_core.cluster.service import answerer_at
from retake_core.data_dir import DataDir
from retake_core.describing.describer import DescribingEvent, ExpectedReading, LocalDescriber, VideoToDescribe
from retake_core.errors import UserError
from retake_core.protocol.question_events import QuestionEvent, QuestionPlan
from retake_core.questions.answerer import ModelChoice, ModelFacts
from retake_core.questions.question import Question
from retake_core.videollm.planner import Recording

if TYPE_CHECKING:  # Ray comes with it
    from retake_core.cluster.answerer import ClusterAnswerer

_PATIENCE = 60.0  # seconds until a cluster that could not answer is tried again


class ChosenAnswerer:
    """Looks at the setting whenever a model is opened; see `Answerer` and `Describer`. Close it at last.

    Args:
        data_dir: of the library.
        address: reads the address of a cluster from the settings; "" is this computer.
    """

    def __init__(self, data_dir: DataDir, address: Callable[[], str]) -> None:
        self._data_dir, self._address = data_dir, address
        self._here = LocalDescriber(data_dir)
        self._belonging = ExitStack()
        self._answerer: LocalDescriber | ClusterAnswerer = self._here
        self._at = ""
        # An address, when to try it again, and why it failed.
        self._failed, self._again, self._problem = (
            "",
            0.0,
            "",
        )

    def open(self, choice: ModelChoice, cancel: CancelToken) -> tuple[ModelFacts | None, str]:
        """See `Answerer`; where the cluster cannot answer, this computer does, and says why."""
        if not (address := self._address()):
            self.close()
        elif address != self._failed or time.monotonic() >= self._again:
            try:
                self._join(address)
                return self._answerer.open(choice, cancel)
            except UserError as error:
                self.close()
                self._failed, self._again, self._problem = address, time.monotonic() + _PATIENCE, str(error)
        facts, reason = self._here.open(choice, cancel)
        if not address:
            return facts, reason
        if facts is None:
            return None, " ".join(filter(None, (self._problem, reason)))
        note = str(UserError(f"This computer answers: {self._problem}"))
        return replace(facts, note=note, alone=self._problem), ""

    def _join(self, address: str) -> None:
        if address == self._at:
            return
        self.close()
        self._here.let_go()
        self._answerer = self._belonging.enter_context(answerer_at(self._data_dir, address))
        self._at, self._failed = address, ""

    def plan(self, question: Question, cancel: CancelToken) -> QuestionPlan:
        """See `Answerer`."""
        return self._answerer.plan(question, cancel)

    def answer(self, question: Question, cancel: CancelToken) -> Iterator[QuestionEvent]:
        """See `Answerer`."""
        return self._answerer.answer(question, cancel)

    def expect(self, recordings: Sequence[Recording]) -> list[ExpectedReading | None]:
        """See `Describer`."""
        return self._answerer.expect(recordings)

    def describe(self, wanted: VideoToDescribe, cancel: CancelToken) -> Iterator[DescribingEvent]:
        """See `Describer`."""
        return self._answerer.describe(wanted, cancel)

    def forget(self, fingerprint: str) -> None:
        """See `Describer`."""
        self._answerer.forget(fingerprint)

    def let_go(self) -> None:
        """See `Answerer`."""
        self._answerer.let_go()

    def close(self) -> None:
        """Belong to no cluster any more."""
        self._at, self._answerer = "", self._here
        self._belonging.close()
