"""Children that a test may kill: all is imported once, and every run is a fork."""

import json
import os
import sys
from collections.abc import Callable


def fork_for_every_line(run: Callable[..., object]) -> None:
    """Fork a child for every line of standard input, and write its exit status when it has ended.

    Args:
        run: gets what stands in the line, a list in JSON.
    """
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.close(0)
            run(*json.loads(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
