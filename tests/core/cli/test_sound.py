"""`retake sound`: which sound track is listened to, why, and another one by hand."""

from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.library.database import Database
from tests.support.command import Retake
from tests.support.fakes import FakeEncoder
from tests.support.in_process import decode_in_threads
from tests.support.recordings import make_two_languages
from tests.support.shelf import run_index

LANGUAGE = "of several languages, the one that players take"


@pytest.fixture
def retake(
    folder: Path,
    database: Database,
    data_dir: DataDir,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Retake:
    """Return the command on a library of a film in two languages."""
    decode_in_threads(monkeypatch)
    make_two_languages(folder / "film.mkv")
    run_index(database, folder, FakeEncoder())
    return Retake(capsys, data_dir.root)


def listened(retake: Retake, *options: str) -> tuple[list[int], str]:
    found = retake("sound", "film.mkv", *options, "--json").document
    return [track["track"] for track in found["tracks"] if track["listened"]], found["reason"]


def test_it_lists_the_tracks_and_takes_another(retake: Retake, tmp_path: Path) -> None:
    assert listened(retake) == ([1], LANGUAGE)
    told = retake("sound", "film.mkv").out
    assert "fra" in told
    assert "Director" in told
    assert listened(retake, "--track", "2") == ([2], "by hand")
    assert listened(retake) == ([2], "by hand")
    assert "choose one of 1, 2" in retake.refused("sound", "film.mkv", "--track", "3")
    assert "either" in retake.refused("sound", "film.mkv", "--track", "1", "--automatic")
    assert listened(retake) == ([2], "by hand"), "what is refused changes nothing"
    backup = tmp_path / "library.zip"
    assert retake("backup", backup).code == 0
    assert listened(retake, "--automatic") == ([1], LANGUAGE)
    assert retake("restore", backup, "--replace").code == 0
    assert listened(retake) == ([2], "by hand"), "a backup keeps it"
