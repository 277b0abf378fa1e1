"""A child process that can be killed: decoders may hang for ever or abort on a bad file."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

LIMIT = 30.0


class Child:
    """Calls functions in a process of its own, which is started again when it had to be killed."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def call(self, function: Callable[P, R], *arguments: P.args, **keywords: P.kwargs) -> R:
        """Return what a function of a module returns, or raise what it raises.

        Raises:
            TimeoutError: it took longer than the limit, and was killed.
            ChildProcessError: the process died.
        """
        self._connection.send((function, arguments, keywords))
        if not self._connection.poll(LIMIT):
            self._restart()
            raise TimeoutError(f"{function.__name__}{arguments} hangs")
        try:
            result = self._connection.recv()
        except EOFError:
            self._restart()
            raise ChildProcessError(f"{function.__name__}{arguments} killed its process") from None
        if isinstance(result, BaseException):
            raise result
        value: R = result
        return value

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _start(self) -> None:
        self._connection, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def _restart(self) -> None:
        self.close()
        self._start()


def _serve(connection: Connection) -> None:
    while True:
        function, arguments, keywords = connection.recv()
        result: Any
        try:
            result = function(*arguments, **keywords)
        except Exception as error:
            result = error
        connection.send(result)
