"""The talk of a test with a worker in a process of its own, which has a cheap encoder."""

import subprocess
import sys
from collections.abc import Mapping

from retake_core.data_dir import DataDir
from retake_core.protocol import answers, events, lines
from retake_core.protocol.base_request import Request
from tests.support.paths import ROOT


class Talk:
    """A running worker.

    Args:
        data_dir: the library's.
        environment: what it gets beside the path of this project.
        log: takes what it writes into its standard error; None is this process's.
    """

    def __init__(
        self, data_dir: DataDir, environment: Mapping[str, str], log: int | None = subprocess.DEVNULL
    ) -> None:
        command = [sys.executable, "-m", "tests.gui.fake_worker"]
        command += ["--worker", "index", "--data-dir", str(data_dir.root)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )

    def say(self, line: bytes | Request) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(lines.encode(line) if isinstance(line, Request) else line)
        self.process.stdin.flush()

    def hear(self) -> answers.AnyReply:
        assert self.process.stdout is not None
        return answers.decode_answer(self.process.stdout.readline())

    def outcome(self) -> tuple[list[events.Event], answers.AnyReply]:
        """Return what is told, and the answer that ends the job."""
        told: list[events.Event] = []
        while isinstance(answer := self.hear(), answers.JobEvent):
            told.append(answer.event)
        return told, answer

    def end(self) -> int:
        """Close the worker's input, and return its exit code."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        code = self.process.wait(60)
        self.process.stdout.close()
        return code
