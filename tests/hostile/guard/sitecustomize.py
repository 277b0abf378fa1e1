"""Python loads this where PYTHONPATH has this folder: no such process may reach for the network."""

import os
import socket
import sys
from typing import Any

_TALKS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind")
_ASKS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request")


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    talks = event in _TALKS and arguments[0].family != socket.AF_UNIX
    if talks or event in _ASKS:
        with open(os.environ["RETAKE_GUARD"], "a") as report:  # noqa: PTH123
            report.write(f"{event} {arguments[1:]!r} in {sys.argv}\n")
        os._exit(99)


sys.addaudithook(_guard)
