"""Answering and describing on another computer, as the one with the library sees it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from retake_core.cancel import CancelToken
from retake_core.cluster.computers import Answer, Facts, ask_all
from retake_core.cluster.desks import LentDescriber, OtherLenders
from retake_core.cluster.lender import Lender
from retake_core.describing.describer import (
    DescribingEvent,
    Desk,
    ExpectedReading,
    ModelReady,
    VideoToDescribe,
)
from retake_core.errors import DoesNotFitError, UserError
from retake_core.media.hardware.sessions import HardwareSessions
from retake_core.protocol.question_events import Noticed, PlanMade, QuestionEvent, QuestionPlan
from retake_core.questions.answerer import ModelChoice, ModelFacts
from retake_core.questions.question import Question
from retake_core.videollm.events import Notice
from retake_core.videollm.planner import Recording
from retake_core.videollm.precision import Precision

log = logging.getLogger(__name__)

Begun = TypeVar("Begun")
Event = TypeVar("Event")


class ClusterAnswerer:
    """Answers and describes on the best computer of a cluster that has the model, and room for it.

    See `Answerer` and `Describer`.

    Args:
        address: of the cluster, for what is told.
        hardware: of this computer, for frames that are sent.
    """

    def __init__(self, address: str, hardware: HardwareSessions) -> None:
        self._address, self._hardware = address, hardware
        self._lender: Lender | None = None
        self._others = OtherLenders()
        self._facts: ModelFacts | None = None
        self._choice: ModelChoice | None = None
        self._lost: set[str] = set()  # nodes that were; the cluster takes a while to notice
        self._too_small: dict[str, str] = {}  # nodes that have no room for what is asked, and what they said

    def open(self, choice: ModelChoice, cancel: CancelToken) -> tuple[ModelFacts | None, str]:
        """See `Answerer`; the setting's model must be there, too.

        Raises:
            UserError: no computer has it.
        """
        model = choice.name or choice.setting
        if model is None:
            return None, ""
        if self._lender is None or self._lender.lost or choice != self._choice:
            self._dismiss()
            self._too_small.clear()
            try:
                self._lender, self._facts = self._engaged(model, choice.precision, cancel)
            except UserError:
                if not self._lost:
                    raise
                self._lost.clear()  # one that was gone is better than none
                self._lender, self._facts = self._engaged(model, choice.precision, cancel)
            self._choice = choice
        return self._facts, ""

    def plan(self, question: Question, cancel: CancelToken) -> QuestionPlan:
        """See `Answerer`.

        Raises:
            DoesNotFitError: no computer has room for it.
        """
        return self._where_it_fits(lambda lender: lender.plan(question, cancel), cancel)

    def answer(self, question: Question, cancel: CancelToken) -> Iterator[QuestionEvent]:
        """See `Answerer` and `plan`; nothing is told before a computer has room for it."""
        return self._told(
            lambda lender: _until(PlanMade, lender.answer(question, cancel, self._hardware)), _answers, cancel
        )

    def expect(self, recordings: Sequence[Recording]) -> list[ExpectedReading | None]:
        """See `Describer`."""
        assert self._lender is not None
        return self._lender.expect(recordings)

    def describe(self, wanted: VideoToDescribe, cancel: CancelToken) -> Iterator[DescribingEvent]:
        """See `Describer` and `answer`."""
        return self._told(
            lambda lender: _until(ModelReady, lender.describe(wanted, cancel, self._hardware)), _describes, cancel
        )

    def desks(self, cancel: CancelToken) -> Sequence[Desk]:
        """See `Describer`: the computer that was chosen, and those that are like it."""
        assert self._lender is not None
        assert self._choice is not None
        model = self._choice.name or self._choice.setting
        assert model is not None
        self._lost |= self._others.dismiss()
        without = self._lost | self._too_small.keys()
        others = self._others.engage(self._lender, model, self._choice.precision, without, cancel)
        lenders = [self._lender, *others] if others else []
        return [LentDescriber(lender, self._hardware).desk for lender in lenders]

    def forget(self, fingerprint: str) -> None:
        """See `Describer`."""
        assert self._lender is not None
        self._lender.forget(fingerprint)

    def let_go(self) -> None:
        """See `Answerer`; where others had no room, they are asked again."""
        self._lost |= self._others.dismiss()
        if self._too_small:
            self._dismiss()
        elif self._lender is not None:
            self._lender.let_go()

    def close(self) -> None:
        """Use no computer any more."""
        self._others.dismiss()
        self._dismiss()

    def _told(
        self,
        begin: Callable[[Lender], tuple[list[Event], Iterator[Event]]],
        notice: Callable[[str, str], Event],
        cancel: CancelToken,
    ) -> Iterator[Event]:
        """Tell what happens where it fits; first, by a notice, who does it and why others have no room."""
        told, more = self._where_it_fits(begin, cancel)
        if self._too_small and self._lender is not None:
            yield notice(self._lender.name, " ".join(self._too_small.values()))
        yield from told
        yield from more

    def _where_it_fits(self, begin: Callable[[Lender], Begun], cancel: CancelToken) -> Begun:
        """Begin with something on the computer that was chosen or, where that has no room for it, on the next."""
        while True:
            assert self._lender is not None
            try:
                return begin(self._lender)
            except DoesNotFitError as error:
                self._too_small[self._lender.id] = str(error)
                self._dismiss()
                assert self._choice is not None
                model = self._choice.name or self._choice.setting
                assert model is not None
                self._lender, self._facts = self._engaged(model, self._choice.precision, cancel)

    def _dismiss(self) -> None:
        if self._lender is not None:
            self._lender.dismiss()
            if self._lender.lost:
                self._lost.add(self._lender.id)
            self._lender = None

    def _engaged(self, model: str, precision: Precision, cancel: CancelToken) -> tuple[Lender, ModelFacts]:
        """Return the best computer that has a model, one with a graphics card first."""
        troubles = list(self._too_small.values())
        for facts, said in best_first(ask_all(cancel, self._lost | self._too_small.keys())):
            trouble = said.trouble(facts)
            if trouble is not None:
                troubles.append(trouble)
                continue
            lender = Lender(facts)
            try:
                return lender, lender.open(model, precision, cancel)
            except UserError as error:
                lender.dismiss()
                troubles.append(str(error))
            except BaseException:
                lender.dismiss()
                raise
        if not troubles:
            raise UserError(
                f"No computer of the cluster at {self._address} offers a core; run: retake cluster join"
            )
        told = UserError(f"No computer of the cluster at {self._address} can answer now: {' '.join(troubles)}")
        raise DoesNotFitError(str(told)) if self._too_small else told


def best_first(computers: Sequence[tuple[Facts, Answer]]) -> list[tuple[Facts, Answer]]:
    """Return those with a graphics card before the others, and those with more memory first."""

    def worth(each: tuple[Facts, Answer]) -> tuple[bool, int, int]:
        facts, _ = each
        return facts.cards > 0, facts.memory, facts.cores

    return sorted(computers, key=worth, reverse=True)


def _answers(name: str, troubles: str) -> QuestionEvent:
    return Noticed(str(UserError(f"{name} answers, as the model does not fit elsewhere: {troubles}")))


def _describes(name: str, troubles: str) -> DescribingEvent:
    return Notice(str(UserError(f"{name} describes, as the model does not fit elsewhere: {troubles}")))


def _until(kind: type, events: Iterator[Event]) -> tuple[list[Event], Iterator[Event]]:
    """Return what is told until an event of a kind comes, and what comes behind it."""
    told: list[Event] = []
    for event in events:
        told.append(event)
        if isinstance(event, kind):
            break
    return told, events
