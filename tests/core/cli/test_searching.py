"""`retake search` and `retake searches`: what is found, why, and what is said of what is not."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from retake_core.cli import context
from tests.support.command import Retake
from tests.support.fakes import COLOURS, FakeEncoder, age
from tests.support.in_process import decode_in_threads


@pytest.fixture
def filled(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, folder: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> Retake:
    """Return the command with a library of one video."""
    decode_in_threads(monkeypatch)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(context, "open_encoder", lambda _name: FakeEncoder())
    shutil.copy2(clips / "short.mp4", folder)
    retake = Retake(capsys, tmp_path / "library")
    assert retake("index", folder).code == 0
    return retake


def test_search(filled: Retake) -> None:
    out = filled("search", "green").out
    assert "short.mp4" in out
    assert "0:10-0:20" in out
    (moment,) = filled("search", "green", "--json").document
    assert (moment["start"], moment["end"]) == pytest.approx((10, 20), abs=0.5)
    assert 0.5 <= moment["score"] <= 1
    assert filled("search", "yellow", "--json").document == []


def test_search_says_why(filled: Retake, folder: Path) -> None:
    (folder / "short.srt").write_text("1\n00:00:12,000 --> 00:00:14,000\nHappy birthday, [b]Mum\n")
    assert filled("index").code == 0
    out = filled("search", "birthday").out
    assert "said: Happy birthday, [b]Mum" in out
    (moment,) = filled("search", '"happy birthday" longer:5s', "--json").document
    assert (moment["why"], moment["marks"], moment["time"]) == (["said"], [[0, 14]], 12.0)
    shown = filled("search", "happy giraffe")
    assert "Nothing matches" in shown.out
    assert "happy" in filled("search", "happy giraffe", "--weaker").out.lower()
    outcome = filled("search", "green after:soon", "--json")
    assert len(outcome.document) == 1
    assert outcome.err.startswith("retake: “after:” needs a date such as")
    assert outcome.err.endswith(" It is left out.\n")
    assert filled("search", "camera:sony").err.startswith(
        "retake: “camera:” is not a filter, so it is searched for as a word.\n"
    )


def test_search_says_which_words_the_encoder_leaves_out(filled: Retake) -> None:
    assert filled("search", "green").err == ""
    outcome = filled("search", "green giraffe castle", "--json")
    assert outcome.err == "retake: The built-in encoder does not know “giraffe”, “castle”.\n"
    assert filled("search", "short").err == ""  # a title has answered


def test_search_finds_what_is_said_in_other_words(filled: Retake, folder: Path) -> None:
    subtitles = folder / "short.srt"
    cue = "1\n00:00:04,000 --> 00:00:06,000\nI can't fall asleep,\n\n2\n00:00:06,000 --> 00:00:08,000\n{}\n"
    subtitles.write_text(cue.format("and at four I'm wide awake again."))
    assert filled("index").code == 0
    assert "said, in other words: I can't fall asleep, and at four" in filled("search", "insomnia").out
    (moment,) = filled("search", "insomnia", "--json").document
    assert (moment["why"], moment["by_meaning"], moment["marks"]) == (["said"], True, [])
    assert (moment["start"], moment["end"]) == (4.0, 8.0)
    assert filled("search", "a steam engine", "--json").document == []
    subtitles.write_text(cue.format("he said, and put on his hat."))
    age(subtitles)
    assert filled("index").code == 0
    assert "four" not in filled("search", "insomnia", "--json", "--weaker").out
    assert [part["available"] for part in filled("doctor", "--json").document["meaning"]] == [True]


def test_search_by_a_picture(filled: Retake, tmp_path: Path) -> None:
    Image.new("RGB", (90, 60), COLOURS["green"]).save(tmp_path / "green.png")
    (moment,) = filled("search", "--picture", tmp_path / "green.png", "--json").document
    assert (moment["start"], moment["why"]) == (10.0, ["picture"])
    assert "cannot be read" in filled.refused("search", "--picture", tmp_path / "none.png")
    (tmp_path / "text.png").write_text("no picture")
    assert "not a picture" in filled.refused("search", "--picture", tmp_path / "text.png")
    assert "not with two of them" in filled.refused("search", "green", "--picture", tmp_path / "green.png")


def test_searches_are_kept(filled: Retake) -> None:
    assert "No search is kept" in filled("searches").out
    assert filled("searches", "--save", "lawn", "green longer:5s").code == 0
    filled("searches", "--save", "lawn", "green longer:6s")
    assert filled("searches", "--json").document == [{"name": "lawn", "query": "green longer:6s", "videos": None}]
    (moment,) = filled("searches", "--run", "lawn", "--json").document
    assert moment["start"] == 10.0
    assert "No search is kept as roof" in filled.refused("searches", "--run", "roof")
    assert "needs a name" in filled.refused("searches", "--save", " ", "green")
    assert filled("searches", "--delete", "lawn", "--json").document == []
    assert "No search" in filled.refused("searches", "--delete", "lawn")


def test_search_in_a_folder(filled: Retake, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "empty").mkdir()
    monkeypatch.chdir(folder / "empty")
    for name in (folder, "..", "../../videos", f"{folder}/"):
        assert len(filled("search", "green", "--folder", name, "--json").document) == 1
    assert filled("search", "green", "--folder", ".", "--json").document == []


def test_what_looks_like_a_moment(filled: Retake, folder: Path, clips: Path) -> None:
    shutil.copy2(clips / "long.mp4", folder)
    assert filled("index").code == 0
    outcome = filled("search", "--like", "short.mp4@0:12", "--json")
    assert [(Path(m["video"]).name, m["time"]) for m in outcome.document] == [("long.mp4", 50.0)]
    assert "names no moment" in filled.refused("search", "--like", "short.mp4")
    assert "No video" in filled.refused("search", "--like", "nothing.mp4@1")
    assert "query is empty" in filled.refused("search")
