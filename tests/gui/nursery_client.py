"""Stands for a worker that a nursery forks: hands its pipes over, and ends as the worker does.

python -I -S nursery_client.py SOCKET OPTIONS...
"""

import json
import os
import signal
import socket
import sys


def main() -> None:
    """Have a worker forked, and wait for its end."""
    _, address, *arguments = sys.argv
    nursery = socket.socket(socket.AF_UNIX)
    nursery.connect(address)
    order = json.dumps({"arguments": arguments, "environment": dict(os.environ)}).encode() + b"\n"
    sent = socket.send_fds(nursery, [order], [0, 1, 2])
    nursery.sendall(order[sent:])
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    code = int.from_bytes(nursery.recv(4), "big", signed=True)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
        os.kill(os.getpid(), -code)
    os._exit(code)


main()
