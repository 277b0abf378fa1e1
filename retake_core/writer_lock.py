"""One process at a time may write to a library."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from retake_core.errors import UserError
from retake_core.paths import DataDir


@contextmanager
def only_writer(data_dir: DataDir) -> Iterator[None]:
    """Hold the writer's lock during the block.

    Raises:
        UserError: another process holds it.
    """
    try:
        with FileLock(data_dir.lock, timeout=0, mode=0o600):
            yield
    except Timeout as error:
        raise UserError("Another ReTaKe is indexing this library; wait until it has ended.") from error
