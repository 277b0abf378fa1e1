"""What a person writes on the command line may be no text: a terminal of another encoding, or a name of a file."""

import os
from pathlib import Path

import pytest

from tests.support.command import Retake

ODD = os.fsdecode(b"caf\xe9")


@pytest.mark.parametrize(
    "words",
    [
        ("search", ODD),
        ("videos", ODD),
        ("ask", ODD),
        ("note", "short.mp4", ODD),
        ("note", "--edit", "1", ODD),
        ("searches", "--save", ODD, "cake"),
        ("searches", "--save", "cake", ODD),
        ("tag", "--query", ODD),
        ("leave-out", ODD),
        ("export", "clip", "--search", ODD, "cake.mp4"),
    ],
    ids=" ".join,
)
def test_bytes_that_are_no_text_are_refused(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    retake = Retake(capsys, tmp_path / "library")
    command = words[:2] if words[0] == "export" else words[0]
    told = retake.refused(command, *words[2 if words[0] == "export" else 1 :])
    assert "is not in UTF-8" in told
    assert not (tmp_path / "library" / "settings.toml").exists()
