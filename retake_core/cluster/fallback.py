"""Lanes on a cluster whose address stands in the settings: this computer does what the others cannot."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from retake_core.cancel import CancelToken
from retake_core.cluster.place import ClusterPlace
from retake_core.cluster.service import lanes_at
from retake_core.errors import UserError
from retake_core.indexing.passes.crew import Crew, Elsewhere, Kit, LocalCrew
from retake_core.indexing.passes.lanes import Lane, Lanes, LocalLane
from retake_core.indexing.passes.look import Order
from retake_core.indexing.passes.speeds import speeds_of_cluster
from retake_core.indexing.run import IndexRun, lanes_here
from retake_core.protocol.indexing_events import PassName
from retake_core.settings import Settings


@contextmanager
def with_cluster(run: IndexRun, place: ClusterPlace) -> Iterator[IndexRun]:
    """Let a run use the cluster that its settings name, if they name one, during the block."""
    if not (at := run.settings.cluster_address):
        yield run
        return
    with ExitStack() as stack:

        def connect() -> Elsewhere:
            return stack.enter_context(lanes_at(place, at, run.encoder, run.settings.encoder, run.cancel))

        lanes, speeds = LanesWithFallback(connect, lanes_here(run)), speeds_of_cluster(run.speeds, at)
        yield replace(run, lanes=lanes, speeds=speeds)


class LonelyCrew(LocalCrew):
    """Works on this computer because there is no cluster, and says so.

    Args:
        kit: to work with.
        cancel: stops it within a second.
        untold: what is still to be said.
    """

    def __init__(self, kit: Kit, cancel: CancelToken, untold: list[UserError]) -> None:
        super().__init__(kit, cancel)
        self._untold = untold

    def remarks(self) -> Iterator[str]:
        """See `Crew`."""
        while self._untold:
            yield str(self._untold.pop())


class LanesWithFallback:
    """Looks at videos on a cluster, and here at those that none of its computers sees.

    Nobody is connected with before there is a video to look at. Where there is no cluster, or none of it is left,
    all is done here, with one remark.

    Args:
        connect: returns the lanes of the cluster, or raises UserError.
        here: the lanes of this computer.
    """

    def __init__(self, connect: Callable[[], Elsewhere], here: Lanes) -> None:
        self._connect, self._here = connect, here
        self._others: Elsewhere | None = None
        self._asked = False
        self._unseen: set[int] = set()  # ids of videos that wait for this computer
        self._untold: list[UserError] = []

    @property
    def count(self) -> int:
        """See `Lanes`; a guess as long as nobody is connected with."""
        return self._here.count if self._others is None else self._others.count

    @property
    def is_free(self) -> bool:
        """See `Lanes`."""
        others = self._cluster()
        if others is None:
            return self._here.is_free
        return others.is_free or (bool(self._unseen) and self._here.is_free)

    def has_room(self, video_id: int) -> bool:
        """See `Lanes`."""
        lanes = self._lanes_for(video_id)
        return lanes.is_free and lanes.has_room(video_id)

    def refusal(self, video_id: int) -> str | None:  # noqa: ARG002 - this computer takes all
        """See `Lanes`."""
        return None

    def begin(self, order: Order) -> Lane:
        """See `Lanes`."""
        lanes = self._lanes_for(order.job.video_id)
        self._unseen.discard(order.job.video_id)
        return lanes.begin(order)

    def ready(self, lanes: Collection[Lane]) -> Sequence[Lane]:
        """See `Lanes`."""
        ours = [lane for lane in lanes if isinstance(lane, LocalLane)]
        theirs = [lane for lane in lanes if not isinstance(lane, LocalLane)]
        ready = list(self._here.ready(ours)) if ours else []
        if self._others is not None:
            try:
                ready += self._others.ready(theirs)
            except UserError as error:
                self._go_on_alone(error)
        return ready if self._others is not None else [*ready, *theirs]  # which are lost

    def leave_devices(self, lanes: Collection[Lane]) -> Sequence[Lane]:
        """See `Lanes`."""
        return self._here.leave_devices(lanes)

    def remarks(self) -> Iterator[str]:
        """See `Lanes`."""
        if self._others is not None:
            yield from self._others.remarks()
        while self._untold:
            yield str(self._untold.pop())

    def rest(self) -> None:
        """See `Lanes`."""
        self._here.rest()
        if self._others is not None:
            self._others.rest()

    def crew(self, name: PassName, settings: Settings, kit: Kit, cancel: CancelToken) -> Crew:
        """See `Elsewhere`."""
        others = self._cluster()
        return (
            LonelyCrew(kit, cancel, self._untold) if others is None else others.crew(name, settings, kit, cancel)
        )

    def _cluster(self) -> Elsewhere | None:
        if not self._asked:
            self._asked = True
            try:
                self._others = self._connect()
            except UserError as error:
                self._go_on_alone(error)
        return self._others

    def _lanes_for(self, video_id: int) -> Lanes:
        others = self._cluster()
        if others is None:
            return self._here
        if others.refusal(video_id) is None:
            return others
        self._unseen.add(video_id)
        return self._here

    def _go_on_alone(self, error: UserError) -> None:
        self._others = None
        self._untold.append(UserError(f"This computer indexes alone: {error}"))
