"""Giving way on a node: what indexes there waits while a model there answers. Each is a process of its own."""

import contextlib
import os
import time
from pathlib import Path

from filelock import FileLock, Timeout

from retake_core.cancel import CancelToken, Gate
from retake_core.cluster.place import DATA
from retake_core.data_dir import DataDir
from retake_core.describing.giving_way import GaveWayError
from retake_core.media.hardware.sessions import Session

LOOK = 0.2
"""Seconds between two looks whether a model answers."""


def answering_folder() -> Path:
    """Return the folder of this node in which each process that answers holds a lock."""
    return DataDir(Path(os.environ[DATA])).cluster / "answering"


class Answering:
    """Tells, during the block, that this process answers; the system tells that it has ended.

    Args:
        folder: see `answering_folder`.
    """

    def __init__(self, folder: Path) -> None:
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for left in folder.glob("*.lock"):
                if not _is_held(left):
                    left.unlink()
        self._lock = FileLock(folder / f"{os.getpid()}.lock", mode=0o600, thread_local=False)

    def __enter__(self) -> None:
        """Begin; where the folder cannot be written, nobody gives way."""
        with contextlib.suppress(OSError):
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._lock.release()


class AnsweringGate(Gate):
    """Closed while a model on this node answers.

    Args:
        folder: see `answering_folder`.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._closed, self._look_at = False, 0.0

    @property
    def closed(self) -> bool:
        """See `Gate`."""
        if (now := time.monotonic()) >= self._look_at:
            self._look_at = now + LOOK
            self._closed = any(map(_is_held, self._folder.glob("*.lock")))
        return self._closed


class LeavingToken(CancelToken):
    """Waits while a model on this node answers, but does not keep the graphics card from it.

    Args:
        gate: see `AnsweringGate`.

    Attributes:
        session: what the job has of the card; None is nothing.
    """

    def __init__(self, gate: Gate) -> None:
        super().__init__(gate)
        self.session: Session | None = None

    def check(self) -> None:
        """See `CancelToken`.

        Raises:
            GaveWayError: the job is to be begun again, as it decodes on the card.
        """
        if self.held and self.session is not None and self.session.is_open:
            raise GaveWayError
        super().check()


def _is_held(lock: Path) -> bool:
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # it is gone
        return False
