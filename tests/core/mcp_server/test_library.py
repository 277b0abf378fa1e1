"""Whatever state the library is in, it works, or one sentence tells what to do; and it may change meanwhile."""

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from retake_core.cancel import CancelToken
from retake_core.data_dir import MOVED_TO, DataDir
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.mcp_server import arguments
from retake_core.mcp_server.asking import ask
from retake_core.mcp_server.engine import Engine, Progress
from retake_core.mcp_server.looking import list_videos
from retake_core.videollm.model import VideoLLM
from tests.core.mcp_server.program import LONG, Program
from tests.support.fakes import FakeEncoder


def total(engine: Engine) -> int:
    outcome = list_videos(engine, arguments.ListArguments(), CancelToken(), Progress())
    return int(outcome.result.total)  # type: ignore[attr-defined]


def test_a_library_comes_goes_and_comes_back(library: Path, tmp_path: Path) -> None:
    """The program stays; each call sees the library as it is."""
    data = DataDir(tmp_path / "new")
    with Program.started(data.root) as program:
        assert program.call("list_videos")["remarks"] == [
            "The library is empty; the user can add a folder: retake index DIR"
        ]
        assert program.call("search", query="red")["moments"] == []
        for file in data.root.glob("library.db*"):
            file.unlink()
        data.database.write_bytes(b"this is no database" * 1000)
        for tool in ("list_videos", "search"):
            assert "retake doctor --repair" in program.refused(tool, query="red")
        data.database.unlink()
        shutil.copy2(DataDir(library).database, data.database)
        assert program.call("list_videos")["total"] == 2
        assert program.call("search", query="red")["moments"][0]["video"] == "colours.mp4"


def test_a_newer_library_is_told(library: Path) -> None:
    with closing(sqlite3.connect(DataDir(library).database)) as connection:
        connection.execute("PRAGMA user_version = 99")
    engine = Engine(library)
    with pytest.raises(UserError, match="newer version"):
        total(engine)
    engine.close()


def test_a_library_that_was_moved_is_followed(library: Path, tmp_path: Path) -> None:
    engine = Engine(library)
    assert total(engine) == 2
    shutil.move(library, tmp_path / "elsewhere")
    library.mkdir()
    (library / MOVED_TO).write_text(str(tmp_path / "elsewhere"))
    assert total(engine) == 2
    shutil.move(tmp_path / "elsewhere", tmp_path / "away")
    with pytest.raises(UserError, match="connect its disk"):
        total(engine)
    engine.close()


def test_it_works_while_another_program_writes(library: Path) -> None:
    with Program.started(library) as program:
        assert program.call("list_videos")["total"] == 2
        with closing(Database(DataDir(library).database)) as database, database.writing():
            assert program.call("search", query="red")["moments"][0]["video"] == "colours.mp4"
            answer = program.call("ask", question="red")
    assert any("will not be in the history" in notice for notice in answer["notices"])


def test_a_model_that_nobody_asks_is_let_go(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server may stay for days, and the window wants the memory, too."""
    let_go = threading.Event()
    unload = VideoLLM.unload

    def unloaded(model: VideoLLM) -> None:
        unload(model)
        let_go.set()

    monkeypatch.setattr(VideoLLM, "unload", unloaded)
    monkeypatch.setattr("retake_core.mcp_server.engine.MODEL_STAYS", 0.1)
    monkeypatch.setattr("retake_core.mcp_server.engine.open_encoder", lambda _: FakeEncoder())
    engine = Engine(library)
    for _ in range(2):  # the second one loads it anew
        let_go.clear()
        outcome = ask(engine, arguments.AskArguments("What is red?", ("colours",)), CancelToken(), Progress())
        assert outcome.result.answer is not None  # type: ignore[attr-defined]
        assert let_go.wait(LONG)
    engine.close()


def test_calls_at_once_share_the_library(library: Path) -> None:
    engine, found = Engine(library), list[int]()
    threads = [threading.Thread(target=lambda: found.append(total(engine))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 4
    engine.close()


def test_what_begins_after_the_end_is_stopped_at_once(library: Path) -> None:
    engine = Engine(library)
    running = engine.begin()
    engine.stop()
    assert running.cancelled
    assert engine.begin().cancelled
    engine.close()
