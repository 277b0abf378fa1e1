"""How many threads encoders may use. PyTorch is told only where it is loaded: to load it takes seconds."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_threads: int | None = None


def encoder_threads() -> int:
    """Return how many threads encoders may use, for those that PyTorch does not run."""
    return _threads or 1


def limit_encoder_threads(threads: int | None) -> None:
    """Bound the threads of encoders, for the whole process; None leaves them to PyTorch."""
    global _threads
    _threads = threads
    if "torch" in sys.modules:
        limit_torch()


def limit_torch() -> None:
    """Keep PyTorch to the bound: for encoders that load it, which may be later than the bound was set."""
    if _threads is not None:
        import torch

        torch.set_num_threads(_threads)


@contextmanager
def more_encoder_threads(threads: int) -> Iterator[None]:
    """Let encoders use more threads for a while."""
    before = _threads
    limit_encoder_threads(threads)
    try:
        yield
    finally:
        limit_encoder_threads(before)
