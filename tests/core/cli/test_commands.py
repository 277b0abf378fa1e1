"""The `retake` command: what it prints where, and how it ends."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from PIL import Image

from retake_core import __version__
from retake_core.cancel import CancelToken
from retake_core.cli import __main__ as cli
from retake_core.cli import context
from retake_core.data_dir import DataDir
from retake_core.encoders.registry import FAMILIES
from retake_core.indexing.watching import ChangedFolders
from retake_core.protocol.events import Event
from retake_core.protocol.indexing_events import FolderChanged, FolderFollowed
from tests.support.command import Retake
from tests.support.fakes import FakeEncoder, age
from tests.support.in_process import decode_in_threads
from tests.support.paths import ROOT


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home directory; log files are closed at the end."""
    made = tmp_path / "home"
    made.mkdir()
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, os.fspath(made))
    monkeypatch.setenv("COLUMNS", "200")
    return made


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    root = logging.getLogger()
    before, root.handlers = root.handlers, []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers = before


@pytest.fixture
def retake(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Retake:
    decode_in_threads(monkeypatch)
    monkeypatch.setattr(context, "open_encoder", lambda _name: FakeEncoder())
    return Retake(capsys, tmp_path / "library")


@pytest.fixture
def filled(retake: Retake, folder: Path, clips: Path) -> Retake:
    """Return the command with a library of a good and a broken video."""
    shutil.copy2(clips / "short.mp4", folder)
    (folder / "broken.mp4").write_bytes(b"no video" * 99)
    age(folder / "broken.mp4")
    assert retake("index", folder).code == 0
    return retake


def test_index_for_people(retake: Retake, folder: Path, clips: Path) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    outcome = retake("index", folder)
    assert outcome.code == 0
    assert "1 video, 1 new" in outcome.out
    assert "3 keyframes in the library" in outcome.out
    again = retake("index")
    assert again.code == 0
    assert "nothing was left to do" in again.out
    folder.rename(folder.with_name("elsewhere"))
    away = retake("index")
    assert "Cannot be read" in away.out
    assert "nothing was left to do" not in away.out


def test_index_for_programs(retake: Retake, folder: Path, clips: Path) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    (folder / "broken.mp4").write_bytes(b"no video" * 99)
    age(folder / "broken.mp4")
    outcome = retake("index", folder, "--json")
    assert outcome.code == 0
    assert outcome.document["result"]["videos"] == 1
    assert outcome.document["result"]["keyframes"] == 3
    assert [Path(failed["path"]).name for failed in outcome.document["failed"]] == ["broken.mp4"]
    assert outcome.document["scanned"][0]["found"] == 2
    assert "{" not in outcome.err


def test_thorough(retake: Retake, folder: Path, clips: Path) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    assert retake("index", folder, "--thorough").code == 0
    assert retake("videos", "--json").document[0]["state"] == "thorough"


def test_videos(filled: Retake) -> None:
    out = filled("videos").out
    assert "short.mp4" in out
    assert "0:30" in out
    assert "64 x 48" in out
    assert "failed: It is not a video" in out
    broken, good = filled("videos", "--json").document
    assert broken["state"] == "failed"
    assert broken["error"].endswith(".")
    assert (good["state"], good["keyframes"], good["codec"], good["error"]) == ("refined", 3, "h264", None)


def test_an_empty_library(retake: Retake) -> None:
    assert "retake index DIR" in retake("videos").out
    assert retake("videos", "--json").document == []
    assert "name one" in retake.refused("index")
    assert "Nothing matches" in retake("search", "red").out


def test_keyframes(filled: Retake, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for name in ("short.mp4", "short", os.fspath(folder / "short.mp4"), "../videos/short.mp4", "./short.mp4"):
        document = filled("keyframes", name, "--json").document
        times = [keyframe["time"] for keyframe in document["keyframes"]]
        assert times == pytest.approx([0, 10, 20], abs=0.5)
    by_id = filled("keyframes", str(document["video"]["id"]), "--top", "2", "--json").document
    assert len(by_id["keyframes"]) == 2
    out = filled("keyframes", "short").out
    assert "0:10" in out
    assert "prominence" in out
    assert "No keyframes yet" in filled("keyframes", "broken").out


def test_a_sheet_is_a_png_whatever_its_name(filled: Retake, tmp_path: Path) -> None:
    target = tmp_path / "sheet.out"
    outcome = filled("keyframes", "short", "--sheet", target, "--json")
    assert outcome.document["sheet"] == str(target)
    with Image.open(target) as picture:
        assert picture.format == "PNG"
        assert picture.width > 3 * 64
    assert filled("keyframes", "short", "--sheet", tmp_path / "sheet.PDF").code == 0
    assert (tmp_path / "sheet.PDF").read_bytes().startswith(b"%PDF")


def test_a_single_file_is_indexed(retake: Retake, clips: Path) -> None:
    assert retake("index", clips / "short.mp4").code == 0
    assert [Path(video["path"]).name for video in retake("videos", "--json").document] == ["short.mp4"]


def test_a_failed_video_is_tried_again(filled: Retake) -> None:
    assert filled("index", "--json").document["failed"] == []
    again = filled("index", "--retry", "--json").document["failed"]
    assert [Path(failed["path"]).name for failed in again] == ["broken.mp4"]


def test_changes_are_followed_until_ctrl_c(
    retake: Retake, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "first").mkdir()
    shutil.copy2(clips / "short.mp4", folder / "first")

    def watch(folders: Sequence[Path], _known: object, cancel: CancelToken, _leave_out: object) -> Iterator[Event]:
        assert folders == (folder,)
        shutil.copy2(clips / "long.mp4", folder)
        yield FolderFollowed(os.fspath(folder), "watched")
        yield FolderChanged(os.fspath(folder))
        cancel.sleep(60)

    runs: list[int] = []

    class Interrupted(ChangedFolders):
        def next(self) -> Path:
            runs.append(len(runs))
            if len(runs) == 2:
                os.kill(os.getpid(), signal.SIGINT)
            return super().next()

    monkeypatch.setattr("retake_core.indexing.watching.watch", watch)
    monkeypatch.setattr("retake_core.indexing.watching.ChangedFolders", Interrupted)
    outcome = retake("index", folder, "--watch")
    assert outcome.code == 130
    assert outcome.out.count("1 new") == 2
    assert len(retake("videos", "--json").document) == 2


def test_doctor(retake: Retake) -> None:
    assert __version__ in retake("doctor").out
    report = retake("doctor", "--json").document
    assert report["torch"]["version"]
    assert [encoder["name"] for encoder in report["encoders"]] == ["builtin", *FAMILIES]
    assert report["precision"] == []
    assert report["decoders"]["av"]
    assert report["speech"]["faster_whisper"]
    assert report["free_disk_gb"] > 0
    assert not retake.data_dir.exists()


def test_users_errors_are_one_sentence(filled: Retake, tmp_path: Path, folder: Path) -> None:
    assert "no folder" in filled.refused("index", tmp_path / "nowhere")
    assert "No video nothing" in filled.refused("keyframes", "nothing")
    assert "empty" in filled.refused("search", "  ")
    assert "does not exist" in filled.refused("keyframes", "short", "--sheet", tmp_path / "no" / "a.png")
    assert "no keyframes yet" in filled.refused("keyframes", "broken", "--sheet", tmp_path / "a.png")
    assert "--top" in filled.refused("keyframes", "short", "--top", "0")
    assert "--limit" in filled.refused("search", "red", "--limit", "many")
    assert "--nonsense" in filled.refused("videos", "--nonsense")
    assert "query is empty" in filled.refused("search")
    (filled.data_dir / "settings.toml").write_text("sampling_rate = -1")
    assert "settings.toml" in filled.refused("index", folder)


def test_no_such_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["nonsense"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["index", "--help"], ["--version"]])
def test_help_is_no_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == 0
    assert capsys.readouterr().out


def test_no_arguments_give_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([]) == 0
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["file", "database"])
def test_a_data_dir_that_cannot_be_used(retake: Retake, kind: str) -> None:
    if kind == "file":
        retake.data_dir.write_text("in the way")
    else:
        retake.data_dir.mkdir()
        (retake.data_dir / "library.db").write_text("no database" * 99)
    assert str(retake.data_dir) in retake.refused("videos")


def test_a_second_indexer_is_refused(filled: Retake, folder: Path) -> None:
    with FileLock(DataDir(filled.data_dir).lock):
        assert "Another ReTaKe" in filled.refused("index", folder)
        assert filled("videos").code == 0
    assert filled("index", folder).code == 0


@pytest.mark.parametrize("name", [b"not \xff unicode.mp4", "größe 🎬.mp4".encode(), b"[red]x.mp4"])
def test_odd_file_names_are_shown(retake: Retake, folder: Path, clips: Path, name: bytes) -> None:
    shutil.copy2(clips / "short.mp4", folder / os.fsdecode(name))
    for command in (["index", os.fspath(folder)], ["videos"], ["keyframes", "1"], ["search", "green"]):
        for outcome in (retake(*command), retake(*command, "--json")):
            assert outcome.code == 0
            outcome.out.encode()
    shown = name.decode(errors="backslashreplace")
    assert Path(retake("videos", "--json").document[0]["path"]).name == shown
    assert shown in retake("videos").out
    assert retake("keyframes", os.fsdecode(name), "--sheet", folder / "sheet.png").code == 0


def test_a_defect_is_told_and_logged(retake: Retake, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("retake_core.search.listing.ids_matching", fail)
    outcome = retake("videos")
    assert outcome.code == 1
    assert outcome.err.count("\n") == 1
    assert "Traceback" in (retake.data_dir / "retake.log").read_text()


def test_the_default_place_is_the_platforms(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert cli.run(["videos"]) == 0
    capsys.readouterr()
    assert [path.name for path in home.iterdir()] == ["retake-desktop"]
    assert (home / "retake-desktop").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("form", ["--json", None])
def test_a_reader_that_goes_away_is_no_error(filled: Retake, form: str | None) -> None:
    command = [sys.executable, "-m", "retake_core.cli", "videos", "--data-dir", str(filled.data_dir)]
    reader, writer = os.pipe()
    os.close(reader)
    try:
        process = subprocess.run(
            command + ([form] if form else []),
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
    finally:
        os.close(writer)
    assert process.stderr == ""
    assert process.returncode == 0


@pytest.mark.slow
def test_the_whole_with_the_builtin_encoder(tmp_path: Path, folder: Path, clips: Path, home: Path) -> None:
    shutil.copy2(clips / "short.mp4", folder)
    (tmp_path / "here").mkdir()

    def run(*arguments: str | Path) -> Any:
        command = [sys.executable, "-m", "retake_core.cli", *map(str, arguments)]
        options = ["--data-dir", os.fspath(tmp_path / "data"), "--json"]
        environment = os.environ | {"PYTHONPATH": os.fspath(ROOT)}
        done = subprocess.run(
            command + options, capture_output=True, text=True, env=environment, cwd=tmp_path / "here", check=True
        )
        return json.loads(done.stdout)

    assert run("index", folder)["result"]["videos"] == 1
    assert isinstance(run("search", "a dog on the beach"), list)
    assert list((tmp_path / "here").iterdir()) == []
    assert list(home.iterdir()) == []
    assert list(folder.iterdir()) == [folder / "short.mp4"]
