"""How much of the processor the app may use."""

import os


def usable_cores(share: int = 100) -> int:
    """Return how many cores this process may use of those that the system grants it: at least one.

    Args:
        share: per cent of them.
    """
    granted = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, granted * share // 100)
