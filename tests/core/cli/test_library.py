"""`retake remove`, `backup`, `restore` and `doctor --repair`, as a person types them."""

import io
import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from sqlalchemy import event

from retake_core.cli import __main__ as cli
from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from tests.support.fakes import FakeEncoder
from tests.support.shelf import run_index

pytestmark = pytest.mark.usefixtures("in_process")


class Retake:
    """Runs commands on a library of one video."""

    def __init__(self, data_dir: DataDir, capsys: pytest.CaptureFixture[str]) -> None:
        self.data_dir, self._capsys = data_dir, capsys

    def __call__(self, *command: str | Path, code: int = 0) -> str:
        self._capsys.readouterr()
        arguments = [str(word) for word in command]
        assert cli.run([arguments[0], "--data-dir", str(self.data_dir.root), *arguments[1:]]) == code
        said = self._capsys.readouterr()
        return said.err if code else said.out

    def document(self, *command: str | Path) -> Any:
        return json.loads(self(*command, "--json"))


@pytest.fixture
def retake(data_dir: DataDir, folder: Path, clips: Path, capsys: pytest.CaptureFixture[str]) -> Retake:
    shutil.copy2(clips / "short.mp4", folder)
    with closing(Database(data_dir.database)) as database:
        run_index(database, folder, FakeEncoder())
    return Retake(data_dir, capsys)


def test_remove_a_folder(retake: Retake, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    said = retake("remove", folder.name)
    assert said.startswith("Removed 1 video from the library; ")
    assert said.endswith(" of disk are free again.\n")
    assert retake.document("videos") == []
    assert (folder / "short.mp4").exists()
    assert "No video" in retake("remove", folder, code=2)


def test_remove_a_video(retake: Retake, folder: Path) -> None:
    assert "is there" in retake("remove", "short", code=2)
    (folder / "short.mp4").unlink()
    with closing(Database(retake.data_dir.database)) as database:
        run_index(database, folder, FakeEncoder())
    freed = retake.document("remove", "short")
    assert freed["videos"] == 1
    assert freed["size"] >= 0


def test_remove_all_that_is_gone(retake: Retake, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert retake.document("remove", "--gone")["videos"] == 0
    (folder / "short.mp4").unlink()
    with closing(Database(retake.data_dir.database)) as database:
        run_index(database, folder, FakeEncoder())
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    retake("remove", "--gone", code=130)
    assert len(retake.document("videos")) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert "Forget 1 video without a file" in retake("remove", "--gone")
    assert retake.document("videos") == []
    assert "--gone" in retake("remove", code=2)


def test_a_date_is_set_by_hand_and_stays(retake: Retake, folder: Path) -> None:
    assert retake.document("date", "short")["recorded_by"] == "change"
    assert retake.document("date", "short", "2019-07-14T15:30")["recorded"] == "2019-07-14T15:30:00"
    with closing(Database(retake.data_dir.database)) as database:
        run_index(database, folder, FakeEncoder())
    assert retake("date", "short") == "2019-07-14T15:30:00, set by hand\n"
    assert "is no date" in retake("date", "short", "tomorrow", code=2)
    retake("date", "short", "--forget")
    with closing(Database(retake.data_dir.database)) as database:
        run_index(database, folder, FakeEncoder())
    assert retake.document("date", "short")["recorded_by"] == "change"


def test_backup_and_restore(retake: Retake, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "my backup.zip"
    said = retake("backup", target)
    assert said.startswith(f"Backed up 1 video: {target}, ")
    retake("remove", folder)
    assert retake("restore", target).startswith(f"Restored 1 video: {target}, ")
    assert [video["state"] for video in retake.document("videos")] == ["refined"]
    assert "--replace" in retake("restore", target, code=2)
    assert retake.document("restore", target, "--replace")["videos"] == 1
    target.write_bytes(b"rubbish")
    assert "cannot be read" in retake("restore", target, "--replace", code=2)
    assert len(retake.document("videos")) == 1


def test_nothing_is_changed_while_another_indexes(retake: Retake, folder: Path, tmp_path: Path) -> None:
    with FileLock(retake.data_dir.lock):
        retake("backup", tmp_path / "a.zip")
        for command in (["remove", folder], ["restore", tmp_path / "a.zip"], ["doctor", "--repair"]):
            assert "Another ReTaKe is indexing" in retake(*command, code=2)


def test_doctor_tells_and_repairs(retake: Retake) -> None:
    content = retake.data_dir.database.read_bytes()
    retake.data_dir.database.write_bytes(bytes(100) + content[100:])
    retake.data_dir.settings.write_text("encoder = 3")
    damaged = {
        finding["part"] for finding in retake.document("doctor")["findings"] if finding["state"] == "damaged"
    }
    assert damaged == {"library", "settings"}
    assert "retake doctor --repair" in retake("videos", code=2)
    said = retake("doctor", "--repair")
    assert "1 video and 3 keyframes were saved" in " ".join(said.split())
    assert len(retake.document("videos")) == 1
    assert {finding["state"] for finding in retake.document("doctor")["findings"]} == {"good"}


def test_a_full_disk_ends_the_command_with_a_sentence(
    retake: Retake, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy2(clips / "event.mp4", folder)
    monkeypatch.setattr("retake_core.cli.context.open_encoder", lambda _: FakeEncoder())
    monkeypatch.setattr("retake_core.indexing.passes.look.encode_thumbnail", lambda _: bytes(200_000))
    real = Database.__init__

    def limited(self: Database, path: Path) -> None:
        real(self, path)
        self.close()
        event.listen(
            self._engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1")
        )

    monkeypatch.setattr(Database, "__init__", limited)
    said = retake("index", code=2)
    assert said.startswith("retake: The disk that holds")
    assert said.endswith("is full; free some space.\n")
    monkeypatch.undo()
    assert len(retake.document("videos")) == 2


def test_leave_out_and_take_again(retake: Retake, folder: Path) -> None:
    assert retake("leave-out") == "No pattern leaves anything out.\n"
    (folder / "a [1]").mkdir()
    (folder / "short.mp4").rename(folder / "a [1]" / "short.mp4")
    retake("index")
    said = retake("leave-out", "*.tmp.mp4", folder / "a [1]")
    assert said == f"*.tmp.mp4\n{folder}/a \\[1\\]\n"
    assert "Left out now, and no longer shown: 1 known video." in retake("index")
    assert retake.document("videos") == []
    assert retake.document("leave-out", "--take", folder / "a [1]") == {"leave_out": ["*.tmp.mp4"]}
    assert "Left out now" not in retake("index")
    assert len(retake.document("videos")) == 1
    assert "none of the patterns" in retake("leave-out", "--take", "drafts/", code=2)
    assert "is no pattern" in retake("leave-out", "!", code=2)


def test_what_is_left_out_is_removed_on_request(retake: Retake, monkeypatch: pytest.MonkeyPatch) -> None:
    retake("leave-out", "*.mp4")
    retake("index")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    retake("remove", "--left-out", code=130)
    assert retake("remove", "--left-out", "--yes").startswith("Removed 1 video")
    retake("leave-out", "--take", "*.mp4")
    assert "1 new" in retake("index")
    assert "--gone or --left-out" in retake("remove", "--gone", "--left-out", code=2)
