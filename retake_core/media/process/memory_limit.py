"""A bound on the memory of a process that reads files nobody vouches for."""

import os
import sys
import threading
import time
from typing import Final

import psutil

try:
    import resource
except ImportError:  # Windows: only the time limit holds there
    resource = None  # type: ignore[assignment]

OUT_OF_MEMORY: Final = 77
"""Exit code of a process that has come to its bound."""

CAN_CHANGE: Final = sys.platform == "linux"
"""Whether a process can get another bound."""

_LEAST, _MOST = 2**30, 2**32  # bytes; the largest videos that cameras make decode in less than the first
_LOOK_EVERY = 0.2  # seconds


def fair_share(processes: int) -> int:
    """Return how many bytes each of some decoding processes may take: together half of this computer's memory."""
    return min(max(psutil.virtual_memory().total // (2 * processes), _LEAST), _MOST)


def limit_memory(size: int) -> None:
    """Let this process take so many bytes; what asks for more gets a MemoryError, or ends the process.

    Linux refuses the allocation. Other Unixes do not hold to such limits, so a thread ends the process soon after,
    with the code OUT_OF_MEMORY. Windows has neither.
    """
    if resource is None:
        return
    if CAN_CHANGE:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (size if hard < 0 else min(size, hard), hard))
    else:
        threading.Thread(target=end_above, args=(size,), daemon=True, name="memory").start()


def end_above(size: int) -> None:
    """Watch this process's memory, and end it when it has ever held more than so many bytes."""
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit <= size:
        time.sleep(_LOOK_EVERY)
    os._exit(OUT_OF_MEMORY)
