"""Child processes: how they start, where their output goes, and that they end."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import wait
from pathlib import Path
from types import ModuleType

_STARTING = threading.Lock()
"""Held while a child starts: two threads must not take each other's stand-in for the main module."""


@contextlib.contextmanager
def starting_child() -> Iterator[None]:
    """Start a child that never sees Ctrl+C (its parent decides when it ends), and loads only what it needs."""
    with interrupts_held_back(), _main_module_left_out():
        yield


@contextlib.contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Start a program that never sees Ctrl+C."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _main_module_left_out() -> Iterator[None]:
    """Keep a child from importing this program's main module before all else, for what may be defined there.

    The command line's loads the whole program, which takes longer than all that a decoder needs.
    """
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def redirect_output(log: Path | None) -> None:
    """Let what libraries print go into a file."""
    target = os.open(log or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)


def end_with_parent() -> None:
    """End this process when the one that started it ends, however that happens."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)  # the main thread may hang inside a decoder
