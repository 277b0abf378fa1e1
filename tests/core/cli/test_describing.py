"""`retake index --describe`, and what the other commands then tell of it."""

from pathlib import Path

import pytest

from retake_core.data_dir import DataDir
from retake_core.settings import change_settings
from tests.support.command import Retake
from tests.support.describing import Script, small_model
from tests.support.fakes import age, make_clip

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def retake(capsys: pytest.CaptureFixture[str], data_dir: DataDir, tmp_path: Path, folder: Path) -> Retake:
    make_clip(folder / "one.mp4", [(4, "red"), (4, "green")])
    age(folder / "one.mp4")
    change_settings(data_dir.settings, model=str(small_model(tmp_path / "Small-2B")), screen_text=False)
    return Retake(capsys, data_dir.root)


def test_describing_on_the_command_line(retake: Retake, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script().install(monkeypatch)
    assert "Described" not in retake("index", folder).out
    ran = retake("index", "--describe")
    assert "Described 1 video: 1 chapter." in ran.out
    assert "1 video to describe with Small-2B" in ran.err
    document = retake("chapters", "one.mp4", "--json").document
    assert (document["title"], document["by"]) == ("Colours", "model")
    assert document["model"].endswith("Small-2B")
    assert document["chapters"] == [{"start": 0.0, "end": 8.0, "title": "red", "text": "It is red."}]
    assert "Described by Small-2B" in retake("chapters", "one.mp4").out
    (moment,) = retake("search", "it is red", "--json").document
    assert "described" in moment["why"] or "chapter" in moment["why"]
    (folder.parent / "mine.txt").write_text("0:00 Mine")
    assert retake("chapters", "one.mp4", "--edit", folder.parent / "mine.txt", "--json").document["by"] == "hand"
    assert "Described" not in retake("index", "--describe").out
    assert retake("chapters", "one.mp4", "--json").document["title"] == ""
    assert len(script.described) == 1


def test_what_could_not_be_described_is_told_and_retried(
    retake: Retake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(answer="").install(monkeypatch)
    ran = retake("index", folder, "--describe")
    assert "Could not be described: 1 video." in ran.out
    assert "could not be described: The model said nothing" in " ".join(ran.err.split())
    assert "The model said nothing" in retake("videos", "--json").document[0]["not_described"]
    assert "The model said nothing" in " ".join(retake("videos").out.split())
    assert "It could not be described" in retake("chapters", "one.mp4").out
    script.answer = "Title: Now\nSummary: It speaks.\n"
    assert "Described" not in retake("index", "--describe").out
    assert "Described 1 video" in retake("index", "--retry", "--describe").out
    assert retake("videos", "--json").document[0]["not_described"] is None
