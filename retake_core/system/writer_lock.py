"""One process at a time may write to a library."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.system.files import sweep


@contextmanager
def only_writer(data_dir: DataDir) -> Iterator[None]:
    """Hold the writer's lock during the block.

    Raises:
        UserError: another process holds it, or the disk is full or read-only.
    """
    lock = FileLock(data_dir.lock, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise UserError("Another ReTaKe is indexing this library; wait until it has ended.") from error
    except OSError as error:
        raise UserError(f"{data_dir.root} cannot be written to ({error.strerror}); check its disk.") from error
    with lock:
        lock.release()  # the block holds it, too
        sweep(data_dir.root)
        yield
