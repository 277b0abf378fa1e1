"""A hub on this computer: the endpoints that a download uses, over real files, with faults on wish."""

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 10_000  # bytes from which a file is stored by its SHA-256, as the hub does


def git_digest(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324 - git's


@dataclass
class Hub:
    """Repositories, and what goes wrong.

    Attributes:
        repositories: files by id and path.
        cut: for a path, how many bytes each of the next answers brings before the connection breaks.
        damage: for a path, how many of the next answers have a wrong byte.
        deny: for an id, the status and the error code that are answered.
        ranges: whether a download may begin in the middle.
        asked: the ranges that were asked for, by path; None for whole files.
        lines: the addresses that were asked for, as they were written.
    """

    repositories: dict[str, dict[str, bytes]] = field(default_factory=dict)
    cut: dict[str, list[int]] = field(default_factory=dict)
    damage: dict[str, int] = field(default_factory=dict)
    deny: dict[str, tuple[int, str]] = field(default_factory=dict)
    ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    address: str = ""

    def add(self, model_id: str, folder: Path) -> None:
        """Publish a model's folder."""
        files = (path for path in folder.rglob("*") if path.is_file())
        self.repositories[model_id] = {str(path.relative_to(folder)): path.read_bytes() for path in files}

    def served(self) -> ThreadingHTTPServer:
        """Serve in a thread until `shutdown` is called."""
        hub = self

        class Handler(_Handler):
            pass

        Handler.hub = hub
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.hub.lines.append(self.path)
        path, _, _ = self.path.partition("?")
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            self._api("/".join(parts[2:4]), parts[4:])
        elif len(parts) > 4 and parts[2] == "resolve":
            self._file("/".join(parts[:2]), "/".join(parts[4:]))
        else:
            self._refuse(404, "EntryNotFound")

    def _api(self, model_id: str, rest: list[str]) -> None:
        files = self._files(model_id)
        if files is None:
            return
        if rest[:1] == ["tree"]:
            self._answer(json.dumps([_tree_entry(name, data) for name, data in files.items()]).encode())
            return
        siblings = [_sibling(name, content) for name, content in files.items()]
        self._answer(json.dumps({"id": model_id, "sha": COMMIT, "siblings": siblings}).encode())

    def _file(self, model_id: str, name: str) -> None:
        files = self._files(model_id)
        if files is None:
            return
        if name not in files:
            self._refuse(404, "EntryNotFound")
            return
        content, start = files[name], 0
        wanted = self.headers.get("Range")
        if self.command == "GET":
            self.hub.asked.append((name, wanted))
        if wanted and self.hub.ranges:
            start = int(wanted.removeprefix("bytes=").split("-")[0])
        self.send_response(206 if start else 200)
        digest = hashlib.sha256(content).hexdigest() if len(content) >= LARGE else git_digest(content)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{digest}"')
        self.send_header("Content-Length", str(len(content) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if self.command == "GET":
            self._body(name, content[start:])

    def _body(self, name: str, content: bytes) -> None:
        if self.hub.damage.get(name, 0):
            self.hub.damage[name] -= 1
            content = content[:-1] + bytes([content[-1] ^ 1])
        if self.hub.cut.get(name):
            content = content[: self.hub.cut[name].pop(0)]
            self.close_connection = True
        self.wfile.write(content)
        self.wfile.flush()
        if self.close_connection:
            self.connection.close()

    def _files(self, model_id: str) -> dict[str, bytes] | None:
        if model_id in self.hub.deny:
            self._refuse(*self.hub.deny[model_id])
            return None
        if model_id not in self.hub.repositories:
            self._refuse(404, "RepoNotFound")
        return self.hub.repositories.get(model_id)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _sibling(name: str, content: bytes) -> dict[str, Any]:
    entry: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": git_digest(content)}
    if len(content) >= LARGE:
        digest = hashlib.sha256(content).hexdigest()
        entry["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 130}
    return entry


def _tree_entry(name: str, content: bytes) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": "file", "path": name, "size": len(content), "oid": git_digest(content)}
    if len(content) >= LARGE:
        digest = hashlib.sha256(content).hexdigest()
        entry["lfs"] = {"oid": digest, "size": len(content), "pointerSize": 130}
    return entry
