"""The way in: offering this computer, asking a cluster what it is, indexing and answering on it."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from retake_core.cancel import CancelToken
from retake_core.cluster.address import PORT, Address
from retake_core.cluster.connection import check_cluster, connected
from retake_core.cluster.node import Node
from retake_core.cluster.paths import PathMap
from retake_core.cluster.place import PATHS, ClusterPlace, require_ray
from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.protocol.cluster_events import ComputersSeen, ComputerStatus
from retake_core.settings import Settings
from retake_core.system.processor import usable_cores

if TYPE_CHECKING:  # torch comes with them
    from retake_core.cluster.answerer import ClusterAnswerer
    from retake_core.cluster.each_computer import PlanThere
    from retake_core.describing.describer import Describer
    from retake_core.encoders.base import Encoder
    from retake_core.indexing.passes.crew import Elsewhere
    from retake_core.protocol.question_events import QuestionPlan
    from retake_core.questions.answerer import Answerer

LOOK_EVERY = 3.0  # seconds
_ELSEWHERE = "192.0.2.1"  # an address that nobody has: which of ours would one on the network see?


@dataclass(frozen=True, slots=True)
class Offer:
    """What a computer offers to a cluster.

    Attributes:
        name: by which people know it; "" is its own.
        cores: that it offers; None is all that indexing may use here.
        paths: how it sees the files of others.
    """

    name: str = ""
    cores: int | None = None
    paths: PathMap = field(default_factory=PathMap)

    def node(self, address: Address, variables: dict[str, str], ip: str, *, head: bool) -> Node:
        """Return the node that offers it."""
        return Node(
            str(address),
            variables | {PATHS: self.paths.variable},
            ip=ip,
            cores=usable_cores(100) if self.cores is None else self.cores,
            name=self.name or socket.gethostname(),
            head=head,
        )


def start(
    place: ClusterPlace, at: str | None, offer: Offer, cancel: CancelToken, tell: Callable[[Address], None]
) -> None:
    """Begin a cluster with this computer, and stay until a stop is asked for.

    Args:
        place: of its token, which is made where there is none.
        at: the address of this computer at which it listens; None is that on the network.
        offer: what it offers.
        cancel: asks for the stop.
        tell: gets the address, when others can join.

    Raises:
        UserError: it cannot, or ended by itself.
        Cancelled: a stop was asked for.
    """
    require_ray()
    address = Address.parse(at) if at is not None else Address(Address(_ELSEWHERE, PORT).own_side(), PORT)
    place.make_token()
    if _is_taken(address):
        raise UserError(f"Something listens at {address} already; name another port: --at {address.host}:PORT")
    with offer.node(address, place.environment(), address.host, head=True) as node:
        tell(address)
        node.wait(cancel)


def join(place: ClusterPlace, at: str, offer: Offer, cancel: CancelToken, tell: Callable[[Address], None]) -> None:
    """Offer this computer to a cluster, and stay until a stop is asked for; see `start`."""
    require_ray()
    address, variables = Address.parse(at), place.environment()
    check_cluster(address, variables)
    with offer.node(address, variables, address.own_side(), head=False) as node:
        tell(address)
        node.wait(cancel)


def status(place: ClusterPlace, at: str) -> tuple[ComputerStatus, ...]:
    """Return what the computers of a cluster offer, and what they do now.

    Raises:
        UserError: there is none, or it does not let us in.
    """
    require_ray()
    with connected(place, Address.parse(at)):
        from retake_core.cluster.view import View

        return View().look(CancelToken())


def watch(
    place: ClusterPlace,
    at: str,
    folders: Sequence[str],
    cancel: CancelToken,
    tell: Callable[[ComputersSeen], None],
) -> None:
    """Tell what `status` returns, again and again until a stop is asked for.

    Args:
        place: of the token.
        at: the cluster's address.
        folders: of the library: which of them does each computer see?
        cancel: asks for the stop.
        tell: gets what is seen.

    Raises:
        UserError: there is none, or it does not let us in.
        Cancelled: a stop was asked for.
    """
    require_ray()
    with connected(place, Address.parse(at)):
        from retake_core.cluster.view import View

        view = View(folders)
        while True:
            tell(ComputersSeen(view.look(cancel)))
            cancel.sleep(LOOK_EVERY)


@contextmanager
def lanes_at(
    place: ClusterPlace, at: str, encoder: "Encoder", encoder_name: str, cancel: CancelToken
) -> Iterator["Elsewhere"]:
    """Have lanes on the computers of a cluster during the block.

    Args:
        place: of the token.
        at: the cluster's address.
        encoder: that the library uses.
        encoder_name: as the settings name it.
        cancel: stops the wait for them.

    Raises:
        UserError: there is none, it does not let us in, or none of its computers can be used.
        Cancelled: a stop was asked for.
    """
    require_ray()
    address = Address.parse(at)
    with connected(place, address):
        from retake_core.cluster.computers import Computer
        from retake_core.cluster.lanes import ClusterLanes
        from retake_core.encoders.registry import full_name

        engage = partial(Computer, encoder=full_name(encoder_name), encoder_id=encoder.id)
        yield ClusterLanes(str(address), engage, cancel)


@contextmanager
def answerer_at(data_dir: DataDir, at: str) -> Iterator["ClusterAnswerer"]:
    """Have questions answered on a computer of a cluster during the block.

    Args:
        data_dir: of the library, where the token lies.
        at: the cluster's address.

    Raises:
        UserError: there is none, or it does not let us in.
    """
    require_ray()
    address = Address.parse(at)
    with connected(ClusterPlace.of(data_dir), address):
        from retake_core.cluster.answerer import ClusterAnswerer
        from retake_core.media.hardware.sessions import HardwareSessions
        from retake_core.media.hardware.verdicts import Verdicts
        from retake_core.settings import load_settings

        choice = load_settings(data_dir.settings).hardware_decoding
        hardware = HardwareSessions(choice, Verdicts(data_dir.decoding_verdicts))
        with closing(ClusterAnswerer(str(address), hardware)) as answerer:
            yield answerer


def plans_at(
    data_dir: DataDir, at: str, plan: "Callable[[Answerer], QuestionPlan]", cancel: CancelToken
) -> "list[PlanThere]":
    """Return what a question would take on each computer of a cluster, the best first.

    Args:
        data_dir: of the library, where the token lies.
        at: the cluster's address.
        plan: has it planned, or raises UserError.
        cancel: stops the wait.

    Raises:
        UserError: there is none, it does not let us in, or none of its computers offers a core.
        Cancelled: a stop was asked for.
    """
    require_ray()
    address = Address.parse(at)
    with connected(ClusterPlace.of(data_dir), address):
        from retake_core.cluster.each_computer import plans_of_all

        plans = list(plans_of_all(plan, cancel))
    if not plans:
        raise UserError(f"No computer of the cluster at {address} offers a core; run: retake cluster join")
    return plans


def describer_of(settings: Settings, data_dir: DataDir) -> "AbstractContextManager[Describer]":
    """Return who describes, during a block, where settings say; where the cluster cannot, this computer does."""
    from retake_core.cluster.chosen_answerer import ChosenAnswerer

    return closing(ChosenAnswerer(data_dir, lambda: settings.cluster_address))


def _is_taken(address: Address) -> bool:
    try:
        address.check_answers()
    except UserError:
        return False
    return True
