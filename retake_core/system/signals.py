"""What a person or the system asks of the whole process: Ctrl+C, and the request to terminate."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def handling_stops(handle: Callable[[int, object], None]) -> Iterator[None]:
    """Let something else than Python's own way answer to them during the block; in the main thread only.

    Args:
        handle: gets the signal's number, and the frame that it interrupts.
    """
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
