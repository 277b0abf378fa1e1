"""A computer of a cluster that lends its model, as the one with the library sees it."""

import itertools
import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import Any

import msgspec
import ray
from ray.exceptions import RayError, RayTaskError

from retake_core.cancel import CancelToken
from retake_core.cluster.computers import AHEAD, PATIENCE, POLL, Facts, on, wait_for
from retake_core.cluster.far_video import for_others
from retake_core.cluster.feed import FramesWanted, SpansWanted
from retake_core.cluster.lent_model import LentModel
from retake_core.cluster.sending import FrameSender
from retake_core.describing.describer import (
    DescribingEvent,
    ExpectedReading,
    ModelReady,
    UnusableError,
    VideoToDescribe,
)
from retake_core.errors import Cancelled, DoesNotFitError, UserError
from retake_core.media.hardware.sessions import HardwareSessions
from retake_core.protocol.question_events import PlanMade, QuestionEvent, QuestionPlan
from retake_core.questions.answerer import AnswererLostError, ModelFacts
from retake_core.questions.question import Question
from retake_core.videollm.memory.index import model_name
from retake_core.videollm.planner import Recording
from retake_core.videollm.precision import Precision

log = logging.getLogger(__name__)

_THREADS = 8  # of a lent model: for an answer, what it is given, its stop, and what is asked next


class Lender:
    """A node that lends its model.

    Args:
        facts: of it.

    Attributes:
        has_card: whether it has a graphics card.
        lost: whether it is gone.
    """

    def __init__(self, facts: Facts) -> None:
        self.id, self.name, self.has_card, self.lost = facts.id, facts.name, facts.cards > 0, False
        self._numbers = itertools.count()
        lent = ray.remote(LentModel).options(
            num_cpus=0,  # beside what is indexed there
            max_concurrency=_THREADS,
            scheduling_strategy=on(facts),
        )
        self._model: Any = lent.remote(facts.cores)

    def open(self, model: str, precision: Precision, cancel: CancelToken) -> ModelFacts:
        """Open a model; see `Answerer`.

        Raises:
            UserError: it cannot be used there.
        """
        name = model_name(model)
        folder = PurePath(name)
        with self._speaking():
            try:
                opened = self._model.open.remote(folder if folder.is_absolute() else name, precision)
                facts: ModelFacts = wait_for(opened, cancel, PATIENCE)
            except TimeoutError as error:
                raise UserError(f"{self.name} does not answer.") from error
        return replace(facts, name=name, computer=self.name)

    def plan(self, question: Question, cancel: CancelToken) -> QuestionPlan:
        """See `Answerer`."""
        with self._speaking():
            plan: QuestionPlan = wait_for(self._model.plan.remote(question.seen_by(for_others)), cancel)
        return self._signed(plan)

    def answer(
        self, question: Question, cancel: CancelToken, hardware: HardwareSessions
    ) -> Iterator[QuestionEvent]:
        """See `Answerer`; what is wanted of this computer is given in the meantime."""
        for told in self._told(self._model.answer, question, cancel, hardware):
            yield PlanMade(self._signed(told.plan), told.moments) if isinstance(told, PlanMade) else told

    def expect(self, recordings: Sequence[Recording]) -> list[ExpectedReading | None]:
        """See `Describer`."""
        with self._speaking():
            expected: list[ExpectedReading | None] = ray.get(self._model.expect.remote(recordings))
        return expected

    def describe(
        self, wanted: VideoToDescribe, cancel: CancelToken, hardware: HardwareSessions
    ) -> Iterator[DescribingEvent]:
        """See `Describer` and `answer`."""
        for told in self._told(self._model.describe, wanted, cancel, hardware):
            yield ModelReady(self.name) if isinstance(told, ModelReady) else told

    def forget(self, fingerprint: str) -> None:
        """See `Describer`."""
        self._model.forget.remote(fingerprint)

    def let_go(self) -> None:
        """See `Answerer`."""
        self._model.let_go.remote()

    def dismiss(self) -> None:
        """Use it no longer."""
        ray.kill(self._model)

    def _told(
        self, method: Any, order: Question | VideoToDescribe, cancel: CancelToken, hardware: HardwareSessions
    ) -> Iterator[Any]:
        """Yield what is told while a method works on an order, and give in the meantime what it wants."""
        number = next(self._numbers)
        videos = {video.entry.fingerprint: video for video in order.videos}
        method = method.options(num_returns="streaming", _generator_backpressure_num_objects=AHEAD)
        try:
            with self._speaking(), ExitStack() as sending:
                for told in _heard(method.remote(number, order.seen_by(for_others)), cancel):
                    match told:
                        case SpansWanted():
                            spans = videos[told.fingerprint].guide.spans(told.rate)
                            self._model.give.remote(number, told.feed, spans)
                        case FramesWanted():
                            give = partial(self._model.give.remote, number, told.feed)
                            sender = FrameSender(videos[told.fingerprint], told, hardware, give)
                            sending.enter_context(sender)
                        case _:
                            yield told
        except BaseException:
            self._model.stop.remote(number)
            raise

    def _signed(self, plan: QuestionPlan) -> QuestionPlan:
        return msgspec.structs.replace(plan, computer=self.name)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Tell what goes wrong there as if it went wrong here."""
        try:
            yield
        except RayTaskError as error:
            if isinstance(error.cause, UnusableError):
                raise UnusableError(f"{self.name}: {error.cause}") from error
            if isinstance(error.cause, DoesNotFitError):
                raise DoesNotFitError(f"{self.name}: {error.cause}") from error
            if isinstance(error.cause, UserError):
                raise UserError(f"{self.name}: {error.cause}") from error
            if isinstance(error.cause, Cancelled):
                raise Cancelled from error
            raise
        except RayError as error:
            self.lost = True
            log.info("%s: %s", self.name, error)
            raise AnswererLostError(self.name) from error


def _heard(stream: "ray.ObjectRefGenerator", cancel: CancelToken) -> Iterator[Any]:
    """Yield what an answer tells, as it comes."""
    while True:
        while not ray.wait([stream], timeout=POLL, fetch_local=False)[0]:
            cancel.check()
        cancel.check()
        try:
            moment = ray.get(next(stream))
        except StopIteration:
            return
        for told in moment:
            cancel.check()
            yield told
