"""Describing on several computers of a cluster at once, each with a model of its own."""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from retake_core.cancel import CancelToken
from retake_core.cluster.computers import ask_all
from retake_core.cluster.lender import Lender
from retake_core.describing.describer import DescribingEvent, Desk, VideoToDescribe
from retake_core.errors import UserError
from retake_core.media.hardware.sessions import HardwareSessions
from retake_core.questions.answerer import AnswererLostError
from retake_core.videollm.precision import Precision

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LentDescriber:
    """Describes on one computer of a cluster, and on no other; see `VideoDescriber`.

    Attributes:
        lender: that computer.
        hardware: of this one, for frames that are sent.
    """

    lender: Lender
    hardware: HardwareSessions

    @property
    def desk(self) -> Desk:
        """That computer, as it is told."""
        return Desk(self.lender.name, self)

    def describe(self, wanted: VideoToDescribe, cancel: CancelToken) -> Iterator[DescribingEvent]:
        """See `VideoDescriber`."""
        yield from self.lender.describe(wanted, cancel, self.hardware)

    def forget(self, fingerprint: str) -> None:
        """See `VideoDescriber`."""
        self.lender.forget(fingerprint)


class OtherLenders:
    """The computers that describe beside the one that was chosen."""

    def __init__(self) -> None:
        self._lenders: list[Lender] = []

    def engage(
        self, chosen: Lender, model: str, precision: Precision, without: Collection[str], cancel: CancelToken
    ) -> Sequence[Lender]:
        """Return those that have the model, and a graphics card where the chosen one has.

        Without a card, one could be at its first video when the others are through with all.

        Args:
            chosen: see above.
            model: its name.
            precision: of its weights.
            without: ids of nodes that are not asked.
            cancel: stops the wait.
        """
        asked = [
            Lender(facts)  # all at once, as each takes seconds to get ready
            for facts, said in ask_all(cancel, {chosen.id, *without})
            if said.trouble(facts) is None and (facts.cards > 0) == chosen.has_card
        ]
        self._lenders += asked
        for lender in asked:
            try:
                lender.open(model, precision, cancel)
            except (UserError, AnswererLostError) as error:
                log.info("%s does not describe: %s", lender.name, error)
                self._lenders.remove(lender)
                lender.dismiss()
        return self._lenders

    def dismiss(self) -> set[str]:
        """Use them no longer; returns the ids of nodes that are gone."""
        lost = {lender.id for lender in self._lenders if lender.lost}
        for lender in self._lenders:
            lender.dismiss()
        self._lenders = []
        return lost
