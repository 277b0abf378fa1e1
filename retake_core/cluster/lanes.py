"""Lanes on other computers: each is a video that one of them looks at."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import deepcopy

import ray
from ray.exceptions import RayError, RayTaskError

from retake_core.cancel import CancelToken
from retake_core.cluster.computers import Computer, offered
from retake_core.cluster.crew import ClusterCrew
from retake_core.cluster.looker import DecoderDied, GaveWay, NotSeen, order_for_others
from retake_core.errors import UserError
from retake_core.indexing.passes.crew import Crew, Kit
from retake_core.indexing.passes.lanes import Lane, LaneLostError
from retake_core.indexing.passes.look import Order, Step
from retake_core.media.process.decode_process import CRASHED, DecoderDiedError
from retake_core.protocol.indexing_events import PassName
from retake_core.settings import Settings

_POLL = 0.1  # seconds
_COUNT_EVERY = 5.0  # seconds from one look at who belongs to the cluster to the next


class ClusterLane:
    """A video that another computer looks at.

    Args:
        computer: it.
        order: what is to be looked at.
        suspects: that what works there may have died of; it looks at nothing else meanwhile.
    """

    def __init__(self, computer: Computer, order: Order, suspects: "Suspects") -> None:
        self.computer, self._video_id = computer, order.job.video_id
        self._suspects = suspects
        self.where = computer.facts.name
        computer.is_reserved = self._video_id in suspects.videos
        self.steps = computer.look(order_for_others(order))

    def receive(self) -> Step:
        """See `Lane`."""
        try:
            # A copy, as the vectors would hold on to their places in Ray's store, which is small.
            step: Step | NotSeen | GaveWay | DecoderDied = deepcopy(ray.get(next(self.steps)))
        except StopIteration as error:
            raise LaneLostError from error
        except RayTaskError:
            raise  # a defect of ours
        except RayError as error:
            is_to_blame = self.computer.is_reserved
            self.computer.lose(error)
            self._suspects.add(self.computer, self._video_id)
            if is_to_blame:
                raise DecoderDiedError(CRASHED) from error
            raise LaneLostError from error
        if isinstance(step, NotSeen):
            self.computer.unseen.add(self._video_id)
            raise LaneLostError
        if isinstance(step, GaveWay):
            raise LaneLostError
        if isinstance(step, DecoderDied):
            raise DecoderDiedError(step.reason)
        return step

    def release(self) -> None:
        """See `Lane`."""
        self._leave()

    def kill(self) -> None:
        """See `Lane`."""
        self._leave()
        self.computer.stop(self._video_id)

    def _leave(self) -> None:
        self.computer.busy -= 1
        self.computer.is_reserved = False


class Suspects:
    """The videos that were looked at where a computer, or what works there, ended: it may have died of one.

    Attributes:
        videos: their ids. Each is looked at alone from then on; what ends once more is that video's fault.
        died: computers that are to be made ready anew, if Ray still counts them.
    """

    def __init__(self) -> None:
        self.videos: set[int] = set()
        self.died: set[Computer] = set()

    def add(self, computer: Computer, video_id: int) -> None:
        """Take note that a computer has ended under a video."""
        self.videos.add(video_id)
        self.died.add(computer)


class ClusterLanes:
    """Looks at videos on the computers of a cluster, those that join later among them.

    Args:
        address: of the cluster, for what is told.
        engage: makes a `Computer` of what a cluster tells of a node.
        cancel: stops the wait for the first computer.

    Raises:
        UserError: none of them can be used.
        Cancelled: a stop was asked for.
    """

    def __init__(self, address: str, engage: Callable[..., Computer], cancel: CancelToken) -> None:
        self._address, self._engage = address, engage
        self._computers: dict[str, Computer] = {}
        self._told: set[str] = set()  # ids of those whose trouble was told
        self._tried_again: set[str] = set()  # ids
        self._suspects = Suspects()
        self._counted = 0.0
        self._look_around()
        while any(computer.is_coming for computer in self._computers.values()):
            cancel.sleep(_POLL)
            self._look_around()
        self._check_left()

    @property
    def count(self) -> int:
        """See `Lanes`."""
        return sum(computer.facts.cores for computer in self._ready)

    @property
    def is_free(self) -> bool:
        """See `Lanes`."""
        return any(computer.free for computer in self._ready)

    def has_room(self, video_id: int) -> bool:
        """See `Lanes`."""
        able = self._able(video_id)
        return bool(self._free(video_id)) or not (able or self._coming)

    def refusal(self, video_id: int) -> str | None:
        """See `Lanes`."""
        if self._able(video_id) or self._coming:
            return None
        return "No computer of the cluster sees this file; on one that does, run: retake cluster join --path"

    def begin(self, order: Order) -> Lane:
        """See `Lanes`."""
        free = self._free(order.job.video_id)
        return ClusterLane(max(free, key=lambda computer: computer.free), order, self._suspects)

    def ready(self, lanes: Collection[Lane]) -> Sequence[Lane]:
        """See `Lanes`."""
        self._look_around()
        self._check_left()
        by_steps = {lane.steps: lane for lane in lanes if isinstance(lane, ClusterLane)}
        if not by_steps:
            time.sleep(_POLL)
            return []
        waiting = list(by_steps)
        spoken, _ = ray.wait(waiting, num_returns=1, timeout=_POLL, fetch_local=False)
        if spoken:
            spoken, _ = ray.wait(waiting, num_returns=len(waiting), timeout=0, fetch_local=False)
        return [by_steps[steps] for steps in spoken]

    def leave_devices(self, lanes: Collection[Lane]) -> Sequence[Lane]:  # noqa: ARG002 - none of this computer's
        """See `Lanes`."""
        return ()

    def crew(self, name: PassName, settings: Settings, kit: Kit, cancel: CancelToken) -> Crew:
        """See `Elsewhere`."""

        def computers() -> list[Computer]:
            self._look_around()
            return self._ready

        return ClusterCrew(computers, self.remarks, name, settings, kit, cancel)

    def remarks(self) -> Iterator[str]:
        """See `Lanes`."""
        for id_, computer in self._computers.items():
            if computer.trouble is not None and id_ not in self._told:
                self._told.add(id_)
                yield computer.trouble
            elif computer.is_ready and id_ in self._told:
                self._told.remove(id_)
                yield f"{computer.facts.name} is there again."

    def rest(self) -> None:
        """See `Lanes`: the computers stay ready for the next pass, and may see more by then."""
        for computer in self._computers.values():
            computer.unseen.clear()

    @property
    def _ready(self) -> list[Computer]:
        return [computer for computer in self._computers.values() if computer.is_ready]

    @property
    def _coming(self) -> list[Computer]:
        return [computer for computer in self._computers.values() if computer.is_coming]

    def _able(self, video_id: int) -> list[Computer]:
        return [computer for computer in self._ready if video_id not in computer.unseen]

    def _free(self, video_id: int) -> list[Computer]:
        """Return those that can begin with a video now."""
        is_suspect = video_id in self._suspects.videos
        able = self._able(video_id)
        return [computer for computer in able if (computer.is_idle if is_suspect else computer.free > 0)]

    def _look_around(self) -> None:
        """See who has joined, and make all ready that are not."""
        now = time.monotonic()
        if self._suspects.died or now - self._counted >= _COUNT_EVERY:
            self._counted = now
            for facts in offered():
                known = self._computers.get(facts.id)
                if known is None or known in self._suspects.died or self._may_come_back(known):
                    self._computers[facts.id] = self._engage(facts)
            self._suspects.died.clear()
        for computer in self._coming:
            computer.advance()

    def _may_come_back(self, computer: Computer) -> bool:
        """Return, once for each that has stopped, that it is to be tried again: Ray still counts it."""
        is_new = computer.stopped and computer.facts.id not in self._tried_again
        if is_new:
            self._tried_again.add(computer.facts.id)
        return is_new

    def _check_left(self) -> None:
        if self._ready or self._coming:
            return
        troubles = [computer.trouble for computer in self._computers.values() if computer.trouble is not None]
        if not troubles:
            raise UserError(
                f"No computer of the cluster at {self._address} offers a core; run: retake cluster join"
            )
        raise UserError(f"No computer of the cluster at {self._address} can be used now: {' '.join(troubles)}")
