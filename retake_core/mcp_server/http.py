"""Serving programs of this computer over HTTP: on the loopback address alone, and with a token."""

import logging
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import uvicorn
from mcp.server import Server
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl

from retake_core.errors import UserError
from retake_core.mcp_server.arguments import LONGEST_MESSAGE
from retake_core.mcp_server.ending import Ending

LOOPBACK = "127.0.0.1"
PATH = "/mcp"
LET_GO = 1  # seconds for connections that are open when it ends


def listen(port: int) -> socket.socket:
    """Return a socket on the loopback address; port 0 is any that is free.

    Raises:
        UserError: the port is taken.
    """
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise UserError(f"Port {port} cannot be used ({error.strerror}); choose another: --http PORT") from error


def serve_http(server: Server[Any], listening: socket.socket, token: str, ending: Ending) -> None:
    """Serve until somebody stops it."""
    port = listening.getsockname()[1]
    hosts = [f"{LOOPBACK}:{port}", f"localhost:{port}"]
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        auth=AuthSettings(issuer_url=AnyHttpUrl(f"http://{hosts[0]}"), resource_server_url=None),
        token_verifier=_OneToken(token),
        # A page in a browser may lead its own name to this address.
        transport_security=TransportSecuritySettings(
            allowed_hosts=hosts, allowed_origins=[f"http://{host}" for host in hosts]
        ),
        max_request_body_size=LONGEST_MESSAGE,
    )
    config = uvicorn.Config(
        app, log_config=None, log_level=logging.WARNING, access_log=False, timeout_graceful_shutdown=LET_GO
    )
    anyio.run(_serve, _Uvicorn(config), listening, ending)


async def _serve(web: "_Uvicorn", listening: socket.socket, ending: Ending) -> None:
    with ending.on_signal(web.stop):
        await web.serve([listening])


class _Uvicorn(uvicorn.Server):
    """A server that leaves signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        self.should_exit = True


class _OneToken:
    """Knows the one token that there is."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return whose token it is; None if it is a wrong one."""
        if secrets.compare_digest(token.encode(), self._token.encode()):
            return AccessToken(token=token, client_id="local", scopes=[])
        return None
