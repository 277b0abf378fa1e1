"""How many threads encoders may use. PyTorch is told only where it is loaded: to load it takes seconds."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_threads = 1


def encoder_threads() -> int:
    """Return how many threads encoders may use, for those that PyTorch does not run."""
    return _threads


def limit_encoder_threads(threads: int) -> None:
    """Bound the threads of encoders, for the whole process; encoders that load PyTorch later take this over."""
    global _threads
    _threads = threads
    if "torch" in sys.modules:
        import torch

        torch.set_num_threads(threads)


@contextmanager
def more_encoder_threads(threads: int) -> Iterator[None]:
    """Let encoders use more threads for a while."""
    before = _threads
    limit_encoder_threads(threads)
    try:
        yield
    finally:
        limit_encoder_threads(before)
