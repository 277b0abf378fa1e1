"""Work of the next item done in a thread while the current one is used."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class ReadAhead(Generic[T]):
    """Iterates over what a generator yields, which runs at most one item ahead in a thread of its own.

    Use as a context manager: at its end the generator is closed, and its thread has ended.
    """

    _END = object()

    def __init__(self, make: Callable[[], Iterator[T]]) -> None:
        self._make = make
        self._items: queue.Queue[object] = queue.Queue(maxsize=1)
        self._stopped = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="read-ahead", daemon=True)

    def __enter__(self) -> Iterator[T]:
        """Start the thread."""
        self._thread.start()
        return self._iterate()

    def __exit__(self, *_: object) -> None:
        """Stop the generator after its current item, and wait for the thread."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        items = self._make()
        try:
            for item in items:
                if not self._offer(item):
                    break
        except BaseException as error:  # raised again in the consumer's thread
            self._error = error
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()
            self._offer(self._END)

    def _offer(self, item: object) -> bool:
        while not self._stopped.is_set():
            try:
                self._items.put(item, timeout=0.05)
            except queue.Full:
                continue
            return True
        return False

    def _iterate(self) -> Iterator[T]:
        while (item := self._items.get()) is not self._END:
            yield item  # type: ignore[misc]
        if self._error is not None:
            raise self._error
