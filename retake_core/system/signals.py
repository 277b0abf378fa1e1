"""What a person or the system asks of the whole process: Ctrl+C, and the request to terminate."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def keeping_handlers() -> Iterator[None]:
    """Undo at the end of the block what a library has answer to them in it."""
    is_main = threading.current_thread() is threading.main_thread()  # no other one can change that
    before = {number: signal.getsignal(number) for number in STOPS} if is_main else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def handling_stops(handle: Callable[[int, object], None]) -> Iterator[None]:
    """Let something else than Python's own way answer to them during the block; in the main thread only.

    Args:
        handle: gets the signal's number, and the frame that it interrupts.
    """
    before = {number: signal.signal(number, handle) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
