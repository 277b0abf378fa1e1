"""A node of a Ray cluster on this computer, as a child process."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType

from retake_core.cancel import CancelToken
from retake_core.cluster.node_folder import NodeFolder
from retake_core.cluster.sentences import is_refusal, why_not
from retake_core.errors import UserError
from retake_core.system.child_process import interrupts_held_back

OBJECT_STORE = 100 * 2**20  # bytes, and for each core that offers itself:
_FOR_EACH_CORE = 8 * 2**20  # what a minute of video decides takes half of one, and a few wait to be stored
STARTED = "Ray runtime started"
_POLL = 0.2  # seconds
_ENDING = 15.0  # seconds


class Node:
    """Starts a node, and ends it at the end of the block.

    Args:
        address: host and port of the cluster.
        variables: for its processes, beyond those of this one.
        ip: the address of this computer by which the others reach it.
        cores: that it offers; with none it computes nothing.
        name: by which people know it.
        head: whether the cluster begins with it.
    """

    def __init__(
        self,
        address: str,
        variables: Mapping[str, str],
        *,
        ip: str,
        cores: int = 0,
        name: str = "",
        head: bool = False,
    ) -> None:
        self.name = name or ip
        self._address, self._variables = address, variables
        self._arguments = [
            *(["--head", f"--port={address.rpartition(':')[2]}"] if head else [f"--address={address}"]),
            *(["--include-dashboard=false", "--no-monitor"] if head else []),
            "--disable-usage-stats",
            "--include-log-monitor=false",
            f"--node-ip-address={ip}",
            f"--num-cpus={cores}",
            *([] if cores else ["--num-gpus=0"]),
            f"--object-store-memory={OBJECT_STORE + cores * _FOR_EACH_CORE}",
            "--min-worker-port=0",
            "--max-worker-port=0",
            f"--node-name={self.name}",
        ]
        self._said: list[str] = []
        self._started, self._refused = threading.Event(), threading.Event()

    def __enter__(self) -> "Node":
        """Start it, and wait until it belongs to the cluster.

        Raises:
            UserError: it cannot; why.
        """
        self.folder = NodeFolder()
        self._process = _spawn([*self._arguments, f"--temp-dir={self.folder.path}"], self._variables)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self._wait_until_started()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._end()

    @property
    def pid(self) -> int:
        """Of the process that ends with all of the node's."""
        return self._process.pid

    def wait(self, cancel: CancelToken) -> None:
        """Stay until the node ends.

        Raises:
            UserError: it ended by itself.
            Cancelled: a stop was asked for.
        """
        while self._process.poll() is None:
            cancel.check()
            cancel.sleep(_POLL)
        raise UserError(f"The cluster at {self._address} has ended, or cannot be reached any more.")

    def _wait_until_started(self) -> None:
        while not self._started.wait(_POLL):
            if self._process.poll() is not None:
                self._reader.join()  # its last words say why
            elif not self._refused.is_set():
                continue
            raise why_not(self._address, "".join(self._said))

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                self._said.append(line)
                if STARTED in line:
                    self._started.set()
                if is_refusal(line):
                    self._refused.set()

    def _end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self.folder.remove()


def _spawn(arguments: Sequence[str], variables: Mapping[str, str]) -> "subprocess.Popen[str]":
    with interrupts_held_back():  # at Ctrl+C, what is decided is stored first
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "retake_core.cluster.node_process", *arguments],
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # Windows
        )
