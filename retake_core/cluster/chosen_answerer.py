"""Answering and describing where a setting says: here, or on a cluster that the process belongs to meanwhile."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from retake_core.cancel import CancelToken
from retake_core.cluster.service import answerer_at
from retake_core.data_dir import DataDir
from retake_core.describing.describer import (
    DescribingEvent,
    Desk,
    ExpectedReading,
    LocalDescriber,
    VideoToDescribe,
    alone,
)
from retake_core.errors import DoesNotFitError, UserError
from retake_core.protocol.question_events import Noticed, QuestionEvent, QuestionPlan
from retake_core.questions.answerer import ModelChoice, ModelFacts
from retake_core.questions.question import Question
from retake_core.videollm.events import Notice
from retake_core.videollm.planner import Recording

if TYPE_CHECKING:  # Ray comes with it
    from retake_core.cluster.answerer import ClusterAnswerer

Event = TypeVar("Event")

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
        self._choice = ModelChoice(None, None)
        # An address, when to try it again, and why it failed.
        self._failed, self._again, self._problem = "", 0.0, ""

    def open(self, choice: ModelChoice, cancel: CancelToken) -> tuple[ModelFacts | None, str]:
        """See `Answerer`; where the cluster cannot answer, this computer does, and says why."""
        self._choice = choice
        if not (address := self._address()):
            self.close()
        elif address != self._failed or time.monotonic() >= self._again:
            try:
                self._join(address)
                return self._answerer.open(choice, cancel)
            except UserError as error:
                self._leave(address, error)
        facts, reason = self._here.open(choice, cancel)
        if not address:
            return facts, reason
        if facts is None:
            return None, " ".join(filter(None, (self._problem, reason)))
        return replace(facts, note=self._why_here(), alone=self._problem), ""

    def _join(self, address: str) -> None:
        if address == self._at:
            return
        self.close()
        self._here.let_go()
        self._answerer = self._belonging.enter_context(answerer_at(self._data_dir, address))
        self._at, self._failed = address, ""

    def plan(self, question: Question, cancel: CancelToken) -> QuestionPlan:
        """See `Answerer`; what fits no computer of the cluster may fit this one."""
        try:
            return self._answerer.plan(question, cancel)
        except DoesNotFitError as error:
            self._try_here(error, cancel)
        return self._answerer.plan(question, cancel)

    def answer(self, question: Question, cancel: CancelToken) -> Iterator[QuestionEvent]:
        """See `Answerer` and `plan`."""
        return self._told(
            lambda: self._answerer.answer(question, cancel), lambda: Noticed(self._why_here()), cancel
        )

    def _told(
        self, begin: Callable[[], Iterator[Event]], notice: Callable[[], Event], cancel: CancelToken
    ) -> Iterator[Event]:
        """Tell what happens; where it fits no computer of the cluster, begin anew here, with a notice of why."""
        try:
            yield from begin()
        except DoesNotFitError as error:
            self._try_here(error, cancel)
        else:
            return
        yield notice()
        yield from begin()

    def _try_here(self, error: DoesNotFitError, cancel: CancelToken) -> None:
        """Let this computer answer what fits no other.

        Raises:
            UserError: it cannot; why neither can.
        """
        if not self._at:
            raise error
        self._leave(self._at, error)
        facts, reason = self._here.open(self._choice, cancel)
        if facts is None:
            raise UserError(" ".join(filter(None, (self._problem, reason)))) from error

    def _leave(self, address: str, error: UserError) -> None:
        """Belong to a cluster no longer that cannot answer."""
        self.close()
        self._failed, self._again, self._problem = address, time.monotonic() + _PATIENCE, str(error)

    def _why_here(self) -> str:
        return str(UserError(f"This computer answers: {self._problem}"))

    def expect(self, recordings: Sequence[Recording]) -> list[ExpectedReading | None]:
        """See `Describer`."""
        return self._answerer.expect(recordings)

    def describe(self, wanted: VideoToDescribe, cancel: CancelToken) -> Iterator[DescribingEvent]:
        """See `Describer` and `answer`."""
        return self._told(
            lambda: self._answerer.describe(wanted, cancel), lambda: Notice(alone(self._problem)), cancel
        )

    def desks(self, cancel: CancelToken) -> Sequence[Desk]:
        """See `Describer`."""
        return self._answerer.desks(cancel)

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
