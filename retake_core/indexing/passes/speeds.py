"""How fast passes were on this computer or on a cluster, from one run to the next."""

import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path

from retake_core.system.files import write_durably

log = logging.getLogger(__name__)

TELLING = 5.0  # seconds of work from which a speed is remembered


def speeds_of_cluster(own: Path | None, address: str) -> Path | None:
    """Return the file that remembers how fast a cluster is: beside this computer's, which it says nothing of."""
    return None if own is None else own.with_name(f"cluster-{re.sub(r'[^0-9A-Za-z.]', '-', address)}.json")


@dataclass(frozen=True, slots=True)
class PassSpeed:
    """What is known of the speed of a pass before it has begun.

    Attributes:
        name: of what does its work, under which its speed is remembered.
        usual: seconds that a unit of its work takes on a computer that is neither fast nor slow.
        lanes: how many videos are looked at at once.
    """

    name: str
    usual: float
    lanes: int = 1


class Speeds:
    """Remembers how many seconds a unit of work takes, by what does it.

    Args:
        path: of a file that may not be there yet; None remembers nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, tuple[float, float]] = {}
        if path is not None:
            try:
                stored = json.loads(path.read_text("utf-8"))
                self._known = {str(name): (float(took), float(work)) for name, (took, work) in stored.items()}
            except (OSError, ValueError, TypeError, AttributeError):  # nothing is known then
                self._known = {}

    def per_unit(self, name: str) -> float | None:
        """Return the seconds that a unit of work takes; None while that is not known."""
        seconds, work = self._known.get(name, (0.0, 0.0))
        return seconds / work if seconds > 0 and work > 0 else None

    def learn(self, name: str, seconds: float, work: float) -> None:
        """Take a run into account: with each, those before count half."""
        if self._path is None or seconds < TELLING or work <= 0:
            return
        before = self._known.get(name, (0.0, 0.0))
        self._known[name] = (before[0] / 2 + seconds, before[1] / 2 + work)
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(self._path, json.dumps(self._known).encode())
        except OSError as error:  # the next run measures anew
            log.warning("the speed of indexing cannot be remembered: %s", error)
