"""A decoder's process that has done its work, kept for who needs one next: a start takes longer than a clip."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retake_core.media.process.decode_process import DecodeProcess

_kept: list[DecodeProcess] | None = None
"""One at most; None where none is kept."""


@contextmanager
def keeping_spare() -> Iterator[None]:
    """Keep a process from one who has done with it to the next, during the block."""
    global _kept
    before, _kept = _kept, []
    try:
        yield
    finally:
        for process in _kept:
            process.kill()
        _kept = before


def spare_process(log: Path | None, memory: int) -> DecodeProcess | None:
    """Return the process that was kept, or None where there is none that can be used.

    Args:
        log: gets what its libraries print.
        memory: bytes that it may take.
    """
    while _kept:
        process = _kept.pop()
        if process.log == log and process.is_alive and process.bind(memory):
            return process
        process.kill()
    return None


def leave_process(process: DecodeProcess) -> None:
    """Keep a process that waits for a task, or end it where one is kept already, or none is."""
    if _kept is None or _kept:
        process.kill()
    else:
        _kept.append(process)
