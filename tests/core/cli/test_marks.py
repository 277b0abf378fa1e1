"""`retake tag`, `mark`, `note`, `rename`, and `videos` with queries and orders, as a person types them."""

import json
from pathlib import Path
from typing import Any

import pytest

from retake_core.cli import __main__ as cli
from retake_core.data_dir import DataDir
from tests.support.colour_library import Library
from tests.support.shelf import put


class Retake:
    """Runs commands on a library of three videos."""

    def __init__(self, data_dir: DataDir, capsys: pytest.CaptureFixture[str]) -> None:
        self._data_dir, self._capsys = data_dir, capsys

    def __call__(self, *command: str, code: int = 0) -> str:
        self._capsys.readouterr()
        assert cli.run([*command, "--data-dir", str(self._data_dir.root)]) == code
        said = self._capsys.readouterr()
        return said.err if code else said.out

    def document(self, *command: str) -> Any:
        return json.loads(self(*command, "--json"))

    def names(self, *command: str) -> list[str]:
        return [Path(entry["path"]).stem for entry in self.document("videos", *command)]


@pytest.fixture
def retake(library: Library, data_dir: DataDir, folder: Path, capsys: pytest.CaptureFixture[str]) -> Retake:
    for name, length in (("party", 60.0), ("lake", 90.0), ("a@2", 30.0)):
        library.add(str(put(folder / f"{name}.mp4")), "red green blue", length)
    return Retake(data_dir, capsys)


def test_tags(retake: Retake) -> None:
    assert retake("tag").startswith("No video has a tag yet")
    told = retake.document("tag", "party", "lake.mp4", "--add", "Holiday", "--add", "summer 2024")
    assert [entry["tags"] for entry in told] == [["Holiday", "summer 2024"]] * 2
    retake("tag", "--query", "tag:HOLIDAY longer:80s", "--remove", "holiday")
    assert retake.document("tag") == [{"name": "Holiday", "videos": 1}, {"name": "summer 2024", "videos": 2}]
    retake("tag", "--rename", "summer 2024", "Summer")
    retake("tag", "--delete", "Holiday")
    assert "Summer" in retake("tag")
    assert retake.names("tag:summer") == ["lake", "party"]
    assert "Name the videos" in retake("tag", "--add", "x", code=2)
    assert "No video matches" in retake("tag", "--query", "tag:nowhere", "--add", "x", code=2)
    assert "No video nowhere" in retake("tag", "nowhere", "--add", "x", code=2)
    assert "A tag is" in retake("tag", "party", "--add", " ", code=2)


def test_marks(retake: Retake) -> None:
    retake("mark", "party", "lake", "--stars", "4", "--favourite")
    (told,) = retake.document("mark", "lake", "--stars", "2", "--no-favourite")
    assert (told["stars"], told["favourite"], told["hidden"]) == (2, False, False)
    assert retake.names("stars:3 is:favourite") == ["party"]
    assert "★★★★; favourite" in retake("mark", "party")
    retake("mark", "--query", "-stars:1", "--hide")
    assert retake.names() == ["lake", "party"]
    assert retake.names("is:hidden") == ["a@2"]
    assert "hidden" in retake("videos", "is:hidden")
    retake("mark", "--query", "is:hidden", "--unhide")
    assert len(retake.names()) == 3
    assert "Name videos" in retake("mark", "--stars", "1", code=2)
    assert "6 is not in the range" in retake("mark", "party", "--stars", "6", code=2)


def test_videos_in_orders(retake: Retake) -> None:
    assert retake.names("--sort", "name") == ["a@2", "lake", "party"]
    assert retake.names("--sort", "length") == ["lake", "party", "a@2"]
    assert retake.names("--sort", "length", "--reverse") == ["a@2", "party", "lake"]
    assert retake.names("--sort", "added") == ["a@2", "lake", "party"]
    assert retake.names("--reverse") == ["party", "lake", "a@2"]
    assert retake("videos", "tag:nowhere") == "No video matches.\n"
    retake("tag", "lake", "--add", "sea")
    assert "sea" in retake("videos")


def test_notes(retake: Retake) -> None:
    assert retake("note").startswith("There is no note yet")
    retake("note", "party@0:12", "Grandma laughs")
    retake("note", "party", "filmed by Ada")
    retake("note", "a@2", "a name with a sign")
    retake("note", "a@2@3", "later")
    told = retake.document("note", "party.mp4")
    assert [(note["time"], note["text"]) for note in told] == [(None, "filmed by Ada"), (12.0, "Grandma laughs")]
    assert [(note["time"], note["text"]) for note in retake.document("note", "a@2")] == [
        (None, "a name with a sign"),
        (3.0, "later"),
    ]
    number = str(told[1]["id"])
    assert "Grandma sings" in retake("note", "--edit", number, "Grandma sings")
    assert retake.names("note:sings") == ["party"]
    assert len(retake.document("note", "--delete", number)) == 3
    assert "There is no note" in retake("note", "--delete", number, code=2)
    assert "no number of a note" in retake("note", "--edit", "one", "x", code=2)
    assert "ends before that" in retake("note", "party@9:00", "x", code=2)
    assert "The note is empty" in retake("note", "party", " ", code=2)


def test_notes_become_chapters_and_markers(retake: Retake, tmp_path: Path) -> None:
    target = tmp_path / "party.ffmetadata"
    export = ("export", "chapters", "--video", "party", "--notes", str(target))
    assert "No note is about a time" in retake(*export, code=2)
    retake("note", "party@0:40", "The end\nof it")
    retake("note", "party@0:12", "Grandma laughs")
    retake("note", "party", "filmed by Ada")
    retake(*export)
    assert "START=12000\nEND=40000\ntitle=Grandma laughs" in target.read_text()
    assert "START=40000\nEND=60000\ntitle=The end of it" in target.read_text()
    assert "Ada" not in target.read_text()
    assert "with --video" in retake("export", "chapters", "party@1", "--notes", str(tmp_path / "x.txt"), code=2)


def test_rename(retake: Retake, folder: Path) -> None:
    assert retake.document("rename", "party", "Anna's birthday")["path"] == str(folder / "Anna's birthday.mp4")
    assert (folder / "Anna's birthday.mp4").exists()
    assert "There is a file lake.mp4 already" in retake("rename", "Anna's birthday", "lake", code=2)
    assert f"It is {folder / 'sea.mp4'} now." in retake("rename", str(folder / "lake.mp4"), "sea").replace(
        "\n", ""
    )
