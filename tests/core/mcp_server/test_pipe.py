"""The pipe belongs to the protocol; and however the other program goes, nothing of the server stays."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from retake_core.data_dir import DataDir
from tests.core.cli.test_stop import decodes
from tests.core.mcp_server.program import LONG, command, environment
from tests.support.command import Retake
from tests.support.paths import ROOT

HELLO: dict[str, Any] = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


class Pipe:
    """A server, spoken to in bytes."""

    def __init__(self, data: Path, *options: str, **variables: str) -> None:
        self.process = subprocess.Popen(
            command(data, *options),
            env=environment(**variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._number = 0
        self.asks("initialize", HELLO)
        self.says({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def says(self, message: dict[str, Any] | bytes) -> None:
        assert self.process.stdin is not None
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def asks(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Return the result of a request; every line that comes is a message of the protocol."""
        self._number += 1
        self.says({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        assert self.process.stdout is not None
        while True:
            message = json.loads(self.process.stdout.readline())
            assert message["jsonrpc"] == "2.0"
            if message.get("id") == self._number:
                result: dict[str, Any] = message["result"]
                return result

    def calls(self, tool: str, **arguments: Any) -> dict[str, Any]:
        return self.asks("tools/call", {"name": tool, "arguments": arguments})

    def begins(self, tool: str, **arguments: Any) -> None:
        params = {"name": tool, "arguments": arguments}
        self.says({"jsonrpc": "2.0", "id": "left", "method": "tools/call", "params": params})

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@contextmanager
def pipe(data: Path, *options: str, **variables: str) -> Iterator[Pipe]:
    opened = Pipe(data, *options, **variables)
    try:
        yield opened
    finally:
        opened.process.kill()
        opened.process.wait()
        for stream in (opened.process.stdin, opened.process.stdout, opened.process.stderr):
            assert stream is not None
            with suppress(BrokenPipeError):  # what was not sent yet
                stream.close()


def test_nothing_but_the_protocol_is_on_the_pipe(library: Path) -> None:
    with pipe(library, RETAKE_TEST_NOISE="1") as server:
        found = server.calls("search", query="red")["structuredContent"]["moments"]
        assert found[0]["video"] == "colours.mp4"
        server.says(b'{"a hippopotamus')
        server.says(b"\xff\xfe")
        server.says(b'{"jsonrpc":"2.0","method":"hippopotamus/walk","params":{}}')
        assert server.calls("list_videos")["structuredContent"]["total"] == 2
        out, errors = server.process.communicate(timeout=LONG)
    assert [json.loads(line)["jsonrpc"] for line in out.splitlines()] == ["2.0"] * out.count(b"\n")
    assert errors.count(b"noise") == 3
    assert server.process.returncode == 0
    assert "hippopotamus" not in DataDir(library).log.read_text()
    assert b"hippopotamus" not in errors


def busy_with_a_clip(server: Pipe, clips: Path) -> list[psutil.Process]:
    """Let a server be in the middle of writing a clip, and return its children."""
    server.begins("cut_clip", video="shapes-01", start=0, end=200, name="long.mp4", exact=True)
    while not (any(clips.iterdir()) and any(map(decodes, server.children()))):
        assert server.process.poll() is None
        time.sleep(0.01)
    children = server.children()
    for child in filter(decodes, children):
        child.suspend()  # it must not be faster than the end
    return children


@pytest.mark.parametrize("way", ["input", "output", "interrupt", "terminate"])
def test_the_end_leaves_nothing_behind(library: Path, tmp_path: Path, way: str) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    with pipe(library, "--allow-export", str(clips)) as server:
        children = busy_with_a_clip(server, clips)
        process = server.process
        assert process.stdin is not None
        assert process.stdout is not None
        match way:
            case "input":
                process.stdin.close()
            case "output":
                process.stdout.close()
                server.says({"jsonrpc": "2.0", "id": "more", "method": "ping"})
            case "interrupt":
                process.send_signal(signal.SIGINT)
            case _:
                process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == (0 if way in ("input", "output") else 130)
        assert psutil.wait_procs(children, LONG)[1] == []
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert list(clips.iterdir()) == []


def test_a_client_that_does_not_read_does_not_keep_it(library: Path) -> None:
    with pipe(library) as server:
        for number in range(400):  # more than a pipe holds
            server.says({"jsonrpc": "2.0", "id": f"n{number}", "method": "tools/list"})
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(LONG) == 130


def test_without_the_extra_a_sentence_tells_how_to_get_it(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("retake_core.mcp_server.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("mcp", "mcp.server"):
        monkeypatch.setitem(sys.modules, name, None)
    assert "pip install 'retake-desktop[mcp]'" in Retake(capsys, library).refused("mcp")


def test_nothing_of_the_sdk_is_loaded_without_the_command() -> None:
    code = (
        "import sys, retake_core.cli.__main__, retake_core.worker.__main__;"
        "print({'mcp', 'mcp_types', 'uvicorn', 'starlette', 'pydantic'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=dict(os.environ)
    )
    assert done.stdout == "set()\n"
