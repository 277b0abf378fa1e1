"""Work of the next item done in a thread while the current one is used."""

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class ReadAhead(Generic[T]):
    """Iterates over what a generator yields, which runs exactly one item ahead in a thread of its own.

    Use as a context manager: at its end the generator is closed, and its thread has ended.
    """

    _END = object()

    def __init__(self, make: Callable[[], Generator[T, None, None]]) -> None:
        self._make = make
        self._items: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._wanted = threading.Semaphore(1)
        self._stopped = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="read-ahead", daemon=True)

    def __enter__(self) -> Iterator[T]:
        """Start the thread."""
        self._thread.start()
        return self._iterate()

    def __exit__(self, *_: object) -> None:
        """Stop the generator after its current item, and wait for the thread."""
        self._stopped = True
        self._wanted.release()
        self._thread.join()

    def _work(self) -> None:
        items = self._make()
        try:
            while self._wanted.acquire() and not self._stopped:
                self._items.put(next(items))
        except StopIteration:
            pass
        except BaseException as error:  # raised again in the consumer's thread
            self._error = error
        finally:
            items.close()
            self._items.put(self._END)

    def _iterate(self) -> Iterator[T]:
        while (item := self._items.get()) is not self._END:
            self._wanted.release()
            yield item  # type: ignore[misc]
        if self._error is not None:
            raise self._error
