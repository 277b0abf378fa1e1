"""Over HTTP: on this computer alone, and only for who knows the token."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.core.mcp_server.program import LONG, command, environment
from tests.support.command import Retake

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
WANTED = {"Accept": "application/json, text/event-stream"}


class Site:
    """Where a server listens, and what it wants to hear."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stderr is not None
        found = re.fullmatch(r"retake: serving (\S+); Authorization: Bearer (\S+)\n", process.stderr.readline())
        assert found is not None
        self.address, self.token = found.groups()
        self.port = int(self.address.rpartition(":")[2].partition("/")[0])

    def answers(self, **headers: str | bytes) -> int:
        """Return the status of an answer."""
        sent = [*WANTED.items(), *headers.items()]
        raw = [(name.encode(), value if isinstance(value, bytes) else value.encode()) for name, value in sent]
        return httpx2.post(self.address, json=PING, headers=raw, timeout=LONG).status_code

    @property
    def known(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture(scope="module")
def site(shared: Path) -> Iterator[Site]:
    process = subprocess.Popen(
        command(shared, "--http"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Site(process)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=LONG)
    assert (process.returncode, out) == (130, "")


def test_who_knows_the_token_is_served(site: Site) -> None:
    async def look() -> list[str]:
        web = httpx2.AsyncClient(headers=site.known)
        async with web, Client(streamable_http_client(site.address, http_client=web)) as client:
            found = await client.call_tool("list_videos", {})
            return [video["name"] for video in found.structured_content["videos"]]

    with start_blocking_portal() as portal:
        assert portal.call(look) == ["colours.mp4", "shapes-01.mp4"]


@pytest.mark.parametrize("told", ["", "Bearer", "Bearer wrong", "Basic {token}", "Bearer {token}x", "bearer é"])
def test_who_does_not_is_refused(site: Site, told: str) -> None:
    headers = {"Authorization": told.format(token=site.token).encode("latin-1")} if told else {}
    assert site.answers(**headers) == 401


def test_pages_of_other_places_are_refused(site: Site) -> None:
    assert site.answers(**site.known) not in (401, 403, 421)
    for host in ("evil.example", f"evil.example:{site.port}", "127.0.0.1:1", "127.0.0.1"):
        assert site.answers(**site.known, Host=host) == 421
    for origin in ("http://evil.example", "null", f"https://127.0.0.1:{site.port}", "http://127.0.0.1:1"):
        assert site.answers(**site.known, Origin=origin) == 403
    assert site.answers(**site.known, Origin=f"http://localhost:{site.port}") not in (401, 403, 421)


def test_it_listens_on_the_loopback_address_alone(site: Site) -> None:
    with socket.create_server(("127.0.0.2", site.port)):
        pass  # another address of this computer is free


def test_too_much_at_once_is_refused(site: Site) -> None:
    large = PING | {"params": {"x": "x" * (2 << 20)}}
    answer = httpx2.post(site.address, json=large, headers=WANTED | site.known, timeout=LONG)
    assert answer.status_code == 413


def test_the_token_is_not_written_down(site: Site, shared: Path) -> None:
    assert site.answers(**site.known) != 401
    for file in shared.rglob("*"):
        if file.is_file():
            assert site.token.encode() not in file.read_bytes()


def test_a_port_that_is_taken_is_told(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    retake = Retake(capsys, library)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "cannot be used" in retake.refused("mcp", "--http", str(taken.getsockname()[1]))
