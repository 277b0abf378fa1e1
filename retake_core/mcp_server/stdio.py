"""Serving the program that started this one, over standard input and output."""

import asyncio
import logging
import os
import sys
from io import TextIOWrapper
from typing import Any, BinaryIO

import anyio
from anyio import to_thread
from mcp.server import Server
from mcp.server.stdio import stdio_server

from retake_core.mcp_server.arguments import LONGEST_MESSAGE
from retake_core.mcp_server.ending import Ending

log = logging.getLogger(__name__)


def take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return this process's input and output, and let nobody else have them: libraries print, children read."""
    streams = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(sys.stderr.fileno(), 1)
    return streams


def serve_streams(server: Server[Any], streams: tuple[BinaryIO, BinaryIO], ending: Ending) -> None:
    """Serve until the input ends, the output is closed, or somebody stops it."""
    try:
        anyio.run(_serve, server, streams, ending)
    except* BrokenPipeError:
        ending.begin()
    except* Exception:
        log.exception("defect")
        ending.code = 1


async def _serve(server: Server[Any], streams: tuple[BinaryIO, BinaryIO], ending: Ending) -> None:
    given, taken = streams
    lines = _Lines(TextIOWrapper(given, "utf-8", errors="replace"), ending)
    out = anyio.wrap_file(TextIOWrapper(taken, "utf-8"))
    loop, scope = asyncio.get_running_loop(), anyio.CancelScope()

    def stop() -> None:
        loop.call_soon_threadsafe(scope.cancel)

    with scope, ending.on_signal(stop):
        async with stdio_server(lines, out) as (read, write):
            await server.run(read, write, server.create_initialization_options())


class _Lines(anyio.AsyncFile[str]):
    """Lines of the input; waiting for one can be given up, which a plain file's cannot."""

    def __init__(self, lines: TextIOWrapper, ending: Ending) -> None:
        super().__init__(lines)
        self._lines, self._ending = lines, ending

    async def readline(self) -> str:
        """Return the next line, or "" at the end, which begins the server's own."""
        line = await to_thread.run_sync(self._lines.readline, LONGEST_MESSAGE, abandon_on_cancel=True)
        if not line:
            self._ending.begin()
        return line
