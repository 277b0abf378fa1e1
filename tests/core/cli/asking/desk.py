"""A user who asks from the command line."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from retake_core.cli import __main__ as cli
from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from retake_core.library.history import Conversation, StoredMessage, conversations, newest_messages

FRAMES = 12


class Desk:
    """Runs commands on a copy of the library."""

    def __init__(self, root: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data, self.model, self._capsys = DataDir(root), model, capsys

    def run(self, *arguments: object, code: int = 0) -> tuple[str, str]:
        self._capsys.readouterr()
        assert cli.run([*map(str, arguments), "--data-dir", str(self.data.root)]) == code
        told = self._capsys.readouterr()
        return told.out, told.err

    def document(self, *arguments: object) -> Any:
        return json.loads(self.run(*arguments, "--json")[0])

    def history(self) -> list[StoredMessage]:
        """Return the questions of the history, the newest first."""
        with closing(Database(self.data.database)) as database, database.reading() as connection:
            return newest_messages(connection, 99)

    def conversations(self, **place: Any) -> list[Conversation]:
        with closing(Database(self.data.database)) as database, database.reading() as connection:
            return conversations(connection, **place)

    def ask(self, *arguments: object, question: str = "blue") -> Any:
        return self.document(
            "ask", question, "--model", self.model, "--frames", FRAMES, "--max-tokens", 6, *arguments
        )
