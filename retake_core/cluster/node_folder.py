"""The folder of a node: held by a lock for as long as its owner lives, so that what a killed one left can go."""

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "retake-ray-"
_LOCK = "owner.lock"
_NEW = 60.0  # seconds in which a folder is being locked


class NodeFolder:
    """A new folder for a node's files; those go first that nobody holds any more."""

    def __init__(self) -> None:
        _sweep()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))  # mode 0700
        self._lock = FileLock(self.path / _LOCK, mode=0o600)
        self._lock.acquire()

    def remove(self) -> None:
        """Remove it with all that is in it."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def _sweep() -> None:
    """Remove this user's folders whose owner is gone; the system lets go of a lock when its process ends."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = folder / _LOCK
        with contextlib.suppress(OSError, Timeout):
            if _is_ours(folder) and _is_ours(lock) and time.time() - lock.stat().st_mtime > _NEW:
                with FileLock(lock, timeout=0):
                    pass
                shutil.rmtree(folder, ignore_errors=True)


def _is_ours(path: Path) -> bool:
    """Return whether a file or folder is this user's, and no link.

    Raises:
        OSError: there is none.
    """
    return not path.is_symlink() and (not hasattr(os, "getuid") or path.lstat().st_uid == os.getuid())
