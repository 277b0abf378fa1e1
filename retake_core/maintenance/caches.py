"""What the app has made and can make again: how much room it takes, and emptying it."""

from pathlib import Path

from filelock import FileLock, Timeout

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.system import files

LOCK = "lock"
"""In the folder of the copies to play: held while one is made."""


def empty_caches(data_dir: DataDir) -> int:
    """Delete copies of videos, clips that were dragged out, and pictures of citations; return the bytes freed.

    A video that is playing goes on; whatever is needed again is made anew.

    Raises:
        UserError: a copy is being made, or a file cannot be deleted.
    """
    freed = sum(map(_delete, [*data_dir.dragged.glob("*"), data_dir.citations]))
    if not data_dir.proxies.is_dir():
        return freed
    try:
        with FileLock(data_dir.proxies / LOCK, timeout=0, mode=0o600):
            # The notes first: without one, what is left of a copy counts for nothing.
            made = sorted(data_dir.proxies.iterdir(), key=lambda path: path.suffix != ".json")
            return freed + sum(_delete(path) for path in made if path.name != LOCK)
    except Timeout as error:
        raise UserError("A video is being prepared for playing; try again when that is done.") from error


def _delete(path: Path) -> int:
    size = files.size_of(path)
    try:
        files.delete(path)
    except OSError as error:
        raise UserError(f"{path} cannot be deleted ({error.strerror}); close what uses it.") from error
    return size
