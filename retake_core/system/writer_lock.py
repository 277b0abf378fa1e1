"""One process at a time may write to a library."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from filelock import FileLock, Timeout

from retake_core.cancel import CancelToken
from retake_core.data_dir import DataDir
from retake_core.errors import OtherWriterError, UserError
from retake_core.system.files import sweep

AGAIN = 3.0  # seconds until a lock that is held is tried once more


@contextmanager
def only_writer(data_dir: DataDir) -> Iterator[None]:
    """Hold the writer's lock during the block.

    Raises:
        OtherWriterError: another process holds it.
        UserError: the disk is full or read-only.
    """
    lock = FileLock(data_dir.lock, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise OtherWriterError("Another ReTaKe is indexing this library; wait until it has ended.") from error
    except OSError as error:
        raise UserError(f"{data_dir.root} cannot be written to ({error.strerror}); check its disk.") from error
    with lock:
        lock.release()  # the block holds it, too
        sweep(data_dir.root)
        yield


@contextmanager
def only_writer_in_turn(data_dir: DataDir, wait: Callable[[], None], cancel: CancelToken) -> Iterator[None]:
    """Hold the writer's lock during the block, as soon as no other process holds it.

    Args:
        data_dir: the library's.
        wait: called every few seconds while another process holds it.
        cancel: ends the waiting.

    Raises:
        UserError: the disk is full or read-only.
        Cancelled: the job is to stop.
    """
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(only_writer(data_dir))
                break
            except OtherWriterError:
                wait()
                cancel.sleep(AGAIN)
        yield
