"""Runs one node of Ray until nobody holds its standard input any more: python -m retake_core.cluster.node_process.

The arguments are those of `ray start`. However the process ends that started it, the node ends with it.
"""

import os
import signal
import sys
import threading


def main() -> None:
    """Start the node, and stay."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    from ray.scripts.scripts import start

    from retake_core.cluster.ray_settings import stay_on_loopback

    stay_on_loopback()
    start.main([*sys.argv[1:], "--block"], prog_name="retake")


def _end_with_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
