"""The `retake` command, run in this process."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from retake_core.cli import __main__ as cli


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What is on standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)


class Retake:
    """Runs the command in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], data_dir: Path) -> None:
        self._capsys = capsys
        self.data_dir = data_dir

    def __call__(self, command: str | tuple[str, ...], *arguments: str | Path) -> Outcome:
        self._capsys.readouterr()
        words = [command] if isinstance(command, str) else command
        code = cli.run([*words, "--data-dir", os.fspath(self.data_dir), *map(str, arguments)])
        return Outcome(code, *self._capsys.readouterr())

    def refused(self, command: str | tuple[str, ...], *arguments: str | Path) -> str:
        """Return the sentence by which a user's error was told."""
        outcome = self(command, *arguments)
        assert outcome.code == 2
        assert outcome.out == ""
        assert outcome.err.startswith("retake: ")
        assert outcome.err.count("\n") == 1
        return outcome.err
