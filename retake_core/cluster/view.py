"""What the computers of a cluster offer and do, as who looks on sees it."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import psutil
import ray
from ray.exceptions import RayError
from ray.util import list_named_actors

from retake_core.cancel import CancelToken
from retake_core.cluster.computers import ANSWER, Answer, Facts, ask_all, on, working
from retake_core.cluster.paths import PathMap
from retake_core.protocol.cluster_events import ComputerStatus


class View:
    """Looks at the computers of a cluster, again and again.

    Args:
        folders: of the library; which of them each computer sees is asked once.
    """

    def __init__(self, folders: Sequence[str] = ()) -> None:
        self._folders = [PurePath(folder) for folder in folders]
        self._asked: dict[str, ray.ObjectRef[Any]] = {}

    def look(self, cancel: CancelToken) -> tuple[ComputerStatus, ...]:
        """Return what the computers say, and what is known of those that say nothing.

        Raises:
            Cancelled: a stop was asked for.
        """
        said = ask_all(cancel)
        for facts, answer in said:
            if facts.id not in self._asked and answer.trouble(facts) is None:
                ask = ray.remote(look_closer).options(num_cpus=0, scheduling_strategy=on(facts))
                self._asked[facts.id] = ask.remote(self._folders)
        if asked := list(self._asked.values()):
            ray.wait(asked, num_returns=len(asked), timeout=ANSWER)
        owners = dict(filter(None, (working(actor["name"]) for actor in list_named_actors(all_namespaces=True))))
        return tuple(self._status(facts, answer, owners.get(facts.id, "")) for facts, answer in said)

    def _status(self, facts: Facts, answer: Answer, owner: str) -> ComputerStatus:
        memory, unseen = self._closer(facts)
        return ComputerStatus(
            name=facts.name,
            address=facts.address,
            cores=facts.cores,
            cards=facts.cards,
            card=facts.card,
            memory=memory,
            version=answer.version,
            paths=tuple(answer.paths),
            unseen=unseen,
            works_for=owner,
            trouble=answer.trouble(facts),
        )

    def _closer(self, facts: Facts) -> tuple[int | None, tuple[str, ...]]:
        if facts.id not in self._asked:
            return None, ()
        try:
            memory, unseen = ray.get(self._asked[facts.id], timeout=0)
        except RayError:  # not yet, or never: it has gone
            return None, ()
        return memory, unseen


def look_closer(folders: Sequence[PurePath]) -> tuple[int, tuple[str, ...]]:
    """Return, on a computer of the cluster, its bytes of memory, and the folders of a library that it misses."""
    paths = PathMap.of_node()
    unseen = tuple(str(folder) for folder in folders if not paths.here(folder).exists())
    return psutil.virtual_memory().total, unseen
