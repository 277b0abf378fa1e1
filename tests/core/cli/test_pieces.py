"""`retake videos` shows a recording that its camera wrote as several files as one."""

import subprocess
from pathlib import Path

import pytest

from retake_core.cli import context
from tests.support.command import Retake
from tests.support.fakes import FakeEncoder, age
from tests.support.in_process import decode_in_threads


@pytest.fixture
def retake(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Retake:
    monkeypatch.setenv("COLUMNS", "200")
    decode_in_threads(monkeypatch)
    monkeypatch.setattr(context, "open_encoder", lambda _name: FakeEncoder())
    return Retake(capsys, tmp_path / "library")


def test_one_line_for_a_recording(retake: Retake, folder: Path) -> None:
    for number, colour in enumerate(("red", "blue", "green"), start=1):
        path = folder / f"GX0{number}0001.MP4"
        picture = f"color=c={colour}:s=64x48:r=10:d={number}"
        subprocess.run(
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", picture, "-c:v", "mpeg4", str(path)], check=True
        )
        age(path)
    assert retake("index", str(folder)).code == 0

    (line,) = retake("videos", "--json").document
    ids = line["pieces"]
    assert (Path(line["path"]).name, round(line["duration"]), line["piece"]) == ("GX010001.MP4", 6, None)
    assert len(ids) == 3
    assert ids[0] == line["id"]
    shown = retake("videos").out
    assert "3 pieces" in shown
    assert "GX020001" not in shown

    assert retake("tag", "GX020001.MP4", "--add", "beach").code == 0
    (piece,) = retake("videos", "tag:beach", "--json").document
    assert (Path(piece["path"]).name, piece["piece"], piece["pieces"]) == ("GX020001.MP4", 2, ids)
    assert "piece 2 of 3" in retake("videos", "tag:beach").out
    frames = retake("keyframes", "GX030001.MP4", "--json").document
    assert Path(frames["video"]["path"]).name == "GX030001.MP4"
    assert retake("videos", "--sort", "length", "--json").document == [line]
