"""The other computers, as the one with the library sees them: asked, made ready, used, lost."""

import json
import logging
import math
import socket
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from retake_core import __version__
from retake_core.cancel import CancelToken
from retake_core.cluster.looker import Looker, for_others
from retake_core.cluster.place import PATHS
from retake_core.errors import UserError
from retake_core.indexing.passes.crew import Piece
from retake_core.protocol.indexing_events import PassName
from retake_core.settings import Settings

log = logging.getLogger(__name__)

PATIENCE = 60.0  # seconds in which a computer has to become ready
ANSWER = 20.0  # seconds in which it has to say what it has
POLL = 0.1  # seconds from one look at a token to the next
AHEAD = 8  # steps of a video that a computer may be ahead of who stores them
_CARD = "accelerator_type:"  # what Ray puts before the kind of a card
_WORKS_FOR = " works for "
_SPARE = 2  # threads that answer beside those that look


@dataclass(frozen=True, slots=True)
class Facts:
    """What a cluster knows of one of its nodes.

    Attributes:
        id: Ray's.
        name: its computer's.
        address: its computer's.
        cores: that it offers.
        cards: graphics cards that it offers.
        memory: bytes that it has.
        card: what Ray calls them; "" where it does not know.
    """

    id: str
    name: str
    address: str
    cores: int
    cards: int
    memory: int
    card: str = ""


def offered() -> list[Facts]:
    """Return the nodes that compute, in the order of their names; a library's own computer is none by itself."""
    nodes = [
        Facts(
            id=node["NodeID"],
            name=node["NodeName"],
            address=node["NodeManagerAddress"],
            cores=int(node["Resources"].get("CPU", 0)),
            cards=int(node["Resources"].get("GPU", 0)),
            memory=int(node["Resources"].get("memory", 0)),
            card=next((name.removeprefix(_CARD) for name in node["Resources"] if name.startswith(_CARD)), ""),
        )
        for node in ray.nodes()
        if node["Alive"]
    ]
    return sorted((node for node in nodes if node.cores), key=lambda node: (node.name, node.id))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a node says of itself.

    Attributes:
        version: of ReTaKe there; None where it is not installed.
        paths: its pairs of folders; see `PathMap`.
        silent: whether it says nothing.
    """

    version: str | None
    paths: Sequence[tuple[str, str]] = ()
    silent: bool = False

    def trouble(self, facts: Facts) -> str | None:
        """Return why the node cannot be used, in one sentence; None where it can."""
        if self.silent:
            return f"{facts.name} does not answer."
        if self.version is None:
            return f"On {facts.name}, Ray runs without ReTaKe; join from there with: retake cluster join"
        if self.version != __version__:
            return (
                f"{facts.name} has ReTaKe {self.version}, this computer {__version__}; install the same on both."
            )
        return None


def ask_all(cancel: CancelToken, without: Collection[str] = ()) -> list[tuple[Facts, Answer]]:
    """Ask all nodes what they have, and return what they say in time.

    Args:
        cancel: ends the wait.
        without: ids of nodes that are not asked.

    Raises:
        Cancelled: a stop was asked for.
    """
    asked = [(facts, ask(facts)) for facts in offered() if facts.id not in without]
    left, until = [question for _, question in asked], time.monotonic() + ANSWER
    while left and time.monotonic() < until:
        cancel.check()
        _, left = ray.wait(left, num_returns=len(left), timeout=POLL)
    return [(facts, answer(question)) for facts, question in asked]


def ask(facts: Facts) -> "ray.ObjectRef[Any]":
    """Ask a node what it has; see `answer`."""
    return ray.remote(_question()).options(num_cpus=0, scheduling_strategy=on(facts)).remote(PATHS)


def answer(question: "ray.ObjectRef[Any]") -> Answer:
    """Return what a node has said by now."""
    try:
        version, paths = ray.get(question, timeout=0)
    except RayError as error:
        log.info("a node does not answer: %s", error)
        return Answer(None, silent=True)
    return Answer(version, [(here, there) for here, there in json.loads(paths)])


def _question() -> Callable[[str], tuple[str | None, str]]:
    def look_around(variable: str) -> tuple[str | None, str]:
        import os

        try:
            from retake_core import __version__ as version
        except ImportError:
            return None, "[]"
        return version, os.environ.get(variable, "[]")

    return look_around  # it travels whole: what is installed there may know nothing of it


def on(facts: Facts) -> NodeAffinitySchedulingStrategy:
    """Return what lets Ray run something on a node, and nowhere else."""
    return NodeAffinitySchedulingStrategy(facts.id, soft=False)


def wait_for(promised: "ray.ObjectRef[Any]", cancel: CancelToken, patience: float = math.inf) -> Any:
    """Return what a computer answers.

    Raises:
        TimeoutError: it has not answered after so many seconds.
        Cancelled: a stop was asked for.
    """
    until = time.monotonic() + patience
    while not ray.wait([promised], timeout=POLL)[0]:
        cancel.check()
        if time.monotonic() > until:
            raise TimeoutError
    return ray.get(promised)


def working(actor: str) -> tuple[str, str] | None:
    """Return the id of a node and the name of the computer that it works for, from the name of an actor there."""
    id_, mark, owner = actor.partition(_WORKS_FOR)
    return (id_, owner) if mark else None


class Computer:
    """A node that is being made ready, or looks at videos.

    Args:
        facts: of it.
        encoder: as the settings name it.
        encoder_id: of the same one here.

    Attributes:
        busy: how many videos it looks at.
        is_reserved: whether it looks at one that it may die of, and takes no other meanwhile.
        unseen: ids of videos that it does not see.
        trouble: why it is out, in one sentence.
        stopped: whether it worked, and what works there has ended; it may be there again.
    """

    def __init__(self, facts: Facts, encoder: str, encoder_id: str) -> None:
        self.facts = facts
        self.busy = 0
        self.is_reserved = False
        self.unseen: set[int] = set()
        self.trouble: str | None = None
        self.stopped = False
        self._encoder, self._encoder_id = encoder, encoder_id
        self._since = time.monotonic()
        self._looker: Any = None
        self._pending: ray.ObjectRef[Any] | None = ask(facts)

    @property
    def is_ready(self) -> bool:
        """Whether it can look at videos."""
        return self._pending is None and self.trouble is None

    @property
    def is_coming(self) -> bool:
        """Whether it may become ready."""
        return self._pending is not None and self.trouble is None

    @property
    def free(self) -> int:
        """How many more videos it can look at now."""
        return self.facts.cores - self.busy if self.is_ready and not self.is_reserved else 0

    @property
    def is_idle(self) -> bool:
        """Whether it could look at a video alone."""
        return self.is_ready and not self.busy

    def advance(self) -> None:
        """Make it ready, as far as it goes without waiting."""
        if self._pending is None or self.trouble is not None:
            return
        if not ray.wait([self._pending], timeout=0)[0]:
            if time.monotonic() - self._since > PATIENCE:
                self.leave(
                    f"{self.facts.name} did not get ready in time: it works for another library, or is stuck."
                )
            return
        try:
            self._take()
        except RayTaskError as error:
            cause = error.cause
            if not isinstance(cause, UserError):
                raise
            self.leave(f"{self.facts.name}: {cause}")
        except RayError as error:
            self.lose(error)

    def _take(self) -> None:
        """Take what it has answered, and go on to the next step."""
        assert self._pending is not None
        if self._looker is None:
            trouble = answer(self._pending).trouble(self.facts)
            if trouble is not None:
                self.leave(trouble)
                return
            self._looker = self._employ()
            self._pending = self._looker.load.remote(self._encoder, self.facts.cores)
        elif ray.get(self._pending) != self._encoder_id:
            self.leave(f"{self.facts.name} has another version of the model for search; install the same on both.")
        else:
            self._pending = None
            log.info("%s is ready, with %d cores", self.facts.name, self.facts.cores)

    def _employ(self) -> Any:
        facts = self.facts
        looker = ray.remote(Looker).options(
            name=f"{facts.id}{_WORKS_FOR}{socket.gethostname()}",  # by which others see what it does
            num_cpus=facts.cores,  # all of them: of two libraries, one waits
            num_gpus=facts.cards,
            max_concurrency=facts.cores + _SPARE,
            scheduling_strategy=on(facts),
        )
        return looker.remote()

    def look(self, order: Any) -> "ray.ObjectRefGenerator":
        """Let it look at a video; yields what `Looker.look` does."""
        self.busy += 1
        method = self._looker.look.options(num_returns="streaming", _generator_backpressure_num_objects=AHEAD)
        steps: ray.ObjectRefGenerator = method.remote(order)
        return steps

    def stop(self, video_id: int) -> None:
        """Let it look at a video no longer."""
        if self.trouble is None:
            self._looker.stop.remote(video_id)

    def prepare(self, name: PassName, settings: Settings) -> "ray.ObjectRef[Any]":
        """Ask it what it has for a pass; see `Looker.prepare`."""
        answer: ray.ObjectRef[Any] = self._looker.prepare.remote(
            name, settings, self.facts.cores, self.facts.cards
        )
        return answer

    def work(self, name: PassName, number: int, piece: Piece) -> "ray.ObjectRefGenerator":
        """Let it work on a piece of a pass; yields what `Looker.work` does."""
        method = self._looker.work.options(num_returns="streaming", _generator_backpressure_num_objects=AHEAD)
        words: ray.ObjectRefGenerator = method.remote(name, number, for_others(piece))
        return words

    def stop_work(self, name: PassName, number: int) -> None:
        """Let it work on a piece no longer."""
        if self.trouble is None:
            self._looker.stop_work.remote(name, number)

    def put_away(self, name: PassName) -> None:
        """Let it end the processes of a pass."""
        if self.trouble is None:
            self._looker.put_away.remote(name)

    def lose(self, error: RayError) -> None:
        """Note that it is gone."""
        log.info("%s: %s", self.facts.name, error)
        self.stopped |= self.is_ready
        self.leave(f"{self.facts.name} is gone; other computers take up its videos where it left them.")

    def leave(self, trouble: str) -> None:
        """Use it no longer in this run."""
        if self.trouble is None:
            self.trouble = trouble
            log.info("%s", trouble)
            if self._looker is not None:
                ray.kill(self._looker)
