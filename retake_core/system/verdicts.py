"""What was found out by trying on this computer, from one run to the next."""

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from retake_core.system.files import write_durably

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something does rightly what it was tried on, and why it is used or not."""

    right: bool
    why: str = ""


class StoredVerdicts(ABC):
    """Remembers what each of some things does rightly, under the versions that decide it.

    Two processes that write at once may lose what one of them found out; it is found out again.

    Args:
        path: of a file that may not be there yet; None remembers nothing beyond this process.
    """

    about: ClassVar[str]
    """What the file tells, for the log."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, dict[str, Verdict]] = _stored(path) if path is not None else {}

    @abstractmethod
    def with_versions(self, name: str) -> str:
        """Return a thing's name with the versions that decide what it does."""

    def of(self, name: str) -> Mapping[str, Verdict]:
        """Return what is known of a thing, by what it was tried on."""
        return self._known.get(self.with_versions(name), {})

    def keep(self, name: str, tried_on: str, verdict: Verdict) -> None:
        """Remember a verdict, with those that other processes have written by now."""
        if self._path is not None:
            for other, verdicts in _stored(self._path).items():
                self._known[other] = self._known.get(other, {}) | verdicts
        self._known.setdefault(self.with_versions(name), {})[tried_on] = verdict
        if self._path is None:
            return
        plain = {
            other: {kind: [each.right, each.why] for kind, each in verdicts.items()}
            for other, verdicts in self._known.items()
        }
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(self._path, json.dumps(plain, indent=1).encode())
        except OSError as error:  # the next run tries anew
            log.warning("%s cannot be remembered: %s", self.about, error)


def _stored(path: Path) -> dict[str, dict[str, Verdict]]:
    try:
        stored: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return {
            str(name): {str(kind): Verdict(bool(right), str(why)) for kind, (right, why) in verdicts.items()}
            for name, verdicts in stored.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):  # nothing is known then
        return {}
