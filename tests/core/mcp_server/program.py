"""Another program: it starts `retake mcp` and talks to it by the SDK's own client, over a pipe."""

import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from tests.support import retake_fake
from tests.support.paths import ROOT

LONG = 120.0  # seconds that an answer may take


def command(data: Path, *options: str) -> list[str]:
    """Return what starts the server, with an encoder that sees colours."""
    return [sys.executable, retake_fake.__file__, "mcp", "--data-dir", os.fspath(data), *options]


def environment(**more: str) -> dict[str, str]:
    """Return what the server's process needs."""
    return dict(os.environ) | {"PYTHONPATH": os.fspath(ROOT), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"} | more


class Program:
    """Calls tools, one after another or several at once.

    Attributes:
        told: what was told of the progress of calls.
    """

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.client = client
        self.told: list[tuple[float, str | None]] = []
        self._portal = portal

    @classmethod
    @contextmanager
    def started(cls, data: Path, *options: str) -> "Iterator[Program]":
        """Start a server on a library, and end it."""
        first, *rest = command(data, *options)
        parameters = StdioServerParameters(command=first, args=rest, env=environment())
        client = Client(parameters, read_timeout_seconds=LONG)
        with start_blocking_portal() as portal, portal.wrap_async_context_manager(client) as opened:
            yield cls(portal, opened)

    def does(self, function: Any, *arguments: Any) -> Any:
        """Return what a function of the client brings."""
        return self._portal.call(function, *arguments)

    def begin(self, tool: str, **arguments: Any) -> "Future[CallToolResult]":
        """Begin a call; cancelling what is returned cancels the call."""
        call = partial(self.client.call_tool, tool, arguments, progress_callback=self._hear)
        begun: Future[CallToolResult] = self._portal.start_task_soon(call)
        return begun

    async def _hear(self, progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG002
        self.told.append((progress, message))

    def call(self, tool: str, **arguments: Any) -> Mapping[str, Any]:
        """Return the data that a tool gives; the client has checked it against the schema."""
        result = self.begin(tool, **arguments).result(LONG)
        assert not result.is_error, result.content
        data: Mapping[str, Any] = result.structured_content
        return data

    def refused(self, tool: str, **arguments: Any) -> str:
        """Return the one sentence by which a tool says that it does not do something."""
        result = self.begin(tool, **arguments).result(LONG)
        assert result.is_error
        (content,) = result.content
        assert isinstance(content, TextContent)
        assert "\n" not in content.text
        assert content.text.endswith((".", "DIR", "--faces", "--repair"))
        return content.text
